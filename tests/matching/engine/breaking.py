"""Load the whole engine with passages of its source replaced."""

import importlib
import sys
from contextlib import contextmanager
from functools import cache
from importlib.abc import ExecutionLoader, MetaPathFinder
from importlib.util import spec_from_loader
from pathlib import Path

import matching.engine

HOME = Path(matching.engine.__file__).parent
PACKAGE = "broken_engine"
LEFT_OUT = {"allocating", "evaluation", "numba_kernel", "numba_loops", "planning"}

compiled = cache(compile)
"""Compile a source once: all broken engines have most of them in common."""


class BrokenEngine(MetaPathFinder, ExecutionLoader):
    """Finds the modules of the broken engine among sources that are in no file."""

    def __init__(self, sources):
        self.sources = {
            PACKAGE if module == "__init__" else f"{PACKAGE}.{module}": text
            for module, text in sources.items()
        }

    def find_spec(self, name, path=None, target=None):
        if name in self.sources:
            return spec_from_loader(name, self, is_package=name == PACKAGE)
        return None

    def get_source(self, name):
        return self.sources[name]

    def get_filename(self, name):
        return str(HOME / f"{name.partition('.')[2] or '__init__'}.py")

    @staticmethod
    def source_to_code(data, path):
        return compiled(data, path, "exec", dont_inherit=True)


@contextmanager
def broken_engine(*passages: tuple[str, str, str], left_out=LEFT_OUT):
    """Give the engine as it would be with passages changed: module, old and new words of each."""
    sources = {path.stem: path.read_text() for path in HOME.glob("*.py")}
    for module, old, new in passages:
        source = sources[module]
        assert source.count(old) == 1, f"{old!r} occurs {source.count(old)} times in {module}"
        sources[module] = source.replace(old, new)
    finder = BrokenEngine(
        {
            module: text.replace("matching.engine", PACKAGE)
            for module, text in sources.items()
            if module not in left_out
        }
    )
    sys.meta_path.insert(0, finder)
    try:
        yield importlib.import_module(PACKAGE)
    finally:
        sys.meta_path.remove(finder)
        for name in [name for name in sys.modules if name.partition(".")[0] == PACKAGE]:
            del sys.modules[name]
