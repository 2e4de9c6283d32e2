"""Files that are looked into without starting Python for each."""

from collections.abc import Iterator

import pytest

from opportunities.core import bounded_reading
from tests.candidates.forked_inspector import Forking, forking


@pytest.fixture(scope="session")
def forks() -> Iterator[Forking]:
    with forking(str(bounded_reading.INSPECTOR)) as found:
        yield found


@pytest.fixture
def inspected_by_forks(forks: Forking, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded_reading, "subprocess", forks)
