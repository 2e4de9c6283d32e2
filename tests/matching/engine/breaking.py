"""Load the whole engine with passages of its source replaced."""

import importlib
import sys
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import matching.engine

LEFT_OUT = {"allocating", "evaluation", "numba_kernel", "numba_loops", "planning"}


@contextmanager
def broken_engine(*passages: tuple[str, str, str], left_out=LEFT_OUT):
    """Give the engine as it would be with passages changed: module, old and new words of each."""
    home = Path(matching.engine.__file__).parent
    sources = {path.stem: path.read_text() for path in home.glob("*.py")}
    for module, old, new in passages:
        source = sources[module]
        assert source.count(old) == 1, f"{old!r} occurs {source.count(old)} times in {module}"
        sources[module] = source.replace(old, new)
    with TemporaryDirectory() as folder:
        package = Path(folder) / "broken_engine"
        package.mkdir()
        for module, text in sources.items():
            if module not in left_out:
                whole = text.replace("matching.engine", package.name)
                (package / f"{module}.py").write_text(whole)
        sys.path.insert(0, folder)
        try:
            yield importlib.import_module(package.name)
        finally:
            sys.path.remove(folder)
            for name in [name for name in sys.modules if name.partition(".")[0] == package.name]:
                del sys.modules[name]
            importlib.invalidate_caches()
