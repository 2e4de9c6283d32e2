"""A pytest plugin: one module is imported with a fault in it, and no file changes.

The variable ``MUTANT`` names the module, its file and a file with what it says instead.
"""

import json
import os
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType
from typing import Final

import pytest

from tests.mutants.generating import NOT_REACHED

GIVEN: Final = json.loads(os.environ["MUTANT"])


class Broken(SourceFileLoader):
    """Compile the faulty source; what is cached of the sound one stays as it is."""

    def get_code(self, fullname: str) -> CodeType:
        return compile(Path(GIVEN["source"]).read_bytes(), self.path, "exec", dont_inherit=True)


class Finder(MetaPathFinder):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != GIVEN["module"]:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.origin is not None:
            spec.loader = Broken(fullname, spec.origin)
        return spec


if GIVEN["module"] in sys.modules:
    raise RuntimeError(f"{GIVEN['module']} was imported before its fault could be put in.")
sys.meta_path.insert(0, Finder())


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Tell a module that was never imported from one whose fault was not noticed."""
    if GIVEN["module"] not in sys.modules and session.exitstatus == 0:
        session.exitstatus = NOT_REACHED
