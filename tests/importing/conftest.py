"""What reads a file of the tests into roles, and what says why it is refused."""

import pytest
from django.core.cache import cache

from opportunities.importing.columns import Naming
from opportunities.importing.convert import convert
from opportunities.importing.files import read
from opportunities.importing.rows import BadRow, Unreadable
from tests.importing.feeds import serving
from tests.importing.reading import TODAY


@pytest.fixture
def roles(tmp_path):
    """Return what reads a file of this name and content into roles; a bad row fails the test."""

    def _roles(name, content, naming=None):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        naming = naming or Naming(source="test")
        found = []
        for row in read(path, naming):
            assert not isinstance(row, BadRow), row
            role = convert(row, naming, currency="GBP", today=TODAY)
            assert role.bad == []
            found.append(role)
        return found

    return _roles


@pytest.fixture
def refusal(tmp_path):
    """Return what says why a file is no table of roles."""

    def _refusal(name, content):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        with pytest.raises(Unreadable) as refused:
            list(read(path))
        return str(refused.value)

    return _refusal


@pytest.fixture
def feeds(monkeypatch):
    """Serve what a test puts at addresses; no robots.txt is remembered from another test."""
    cache.clear()
    with serving(monkeypatch) as feeds:
        yield feeds
