"""What the attacks with files share."""

import io
import subprocess
import sys
from types import SimpleNamespace
from typing import Any

import pytest

from opportunities.core import bounded_reading, inspecting


@pytest.fixture
def looked_into_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run the script that looks into files in this process: for files that need no bound.

    To start Python and its parser of PDF anew for each costs more than any of them.
    """

    def run(command: list[str], *, input: bytes, **_: Any) -> Any:  # noqa: A002
        with monkeypatch.context() as patch:
            patch.setattr(inspecting, "bound", lambda _: None)
            patch.setattr(sys, "argv", command[command.index(str(bounded_reading.INSPECTOR)) :])
            patch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(input)))
            told = inspecting.main().encode("utf-8", "replace")
        return subprocess.CompletedProcess(command, 0, told)

    here = SimpleNamespace(run=run, TimeoutExpired=subprocess.TimeoutExpired)
    monkeypatch.setattr(bounded_reading, "subprocess", here)
