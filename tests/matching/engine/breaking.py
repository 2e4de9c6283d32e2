"""Load the whole engine with one passage of its source replaced."""

import importlib
import sys
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import matching.engine

LEFT_OUT = {"allocating", "evaluation", "numba_kernel", "numba_loops", "planning"}


@contextmanager
def broken_engine(module: str, old: str, new: str):
    """Give the engine as it would be with a passage of one module changed."""
    home = Path(matching.engine.__file__).parent
    source = (home / f"{module}.py").read_text()
    assert source.count(old) == 1, f"{old!r} occurs {source.count(old)} times in {module}"
    with TemporaryDirectory() as folder:
        package = Path(folder) / "broken_engine"
        package.mkdir()
        for path in home.glob("*.py"):
            if path.stem not in LEFT_OUT:
                text = path.read_text()
                if path.stem == module:
                    text = text.replace(old, new)
                (package / path.name).write_text(text.replace("matching.engine", package.name))
        sys.path.insert(0, folder)
        try:
            yield importlib.import_module(package.name)
        finally:
            sys.path.remove(folder)
            for name in [name for name in sys.modules if name.partition(".")[0] == package.name]:
                del sys.modules[name]
            importlib.invalidate_caches()
