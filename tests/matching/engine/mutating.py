"""Break a module on purpose, to show that a check notices."""

from collections.abc import Callable, Iterable
from pathlib import Path
from types import ModuleType
from typing import Any


def mutant(module: ModuleType, old: str, new: str) -> ModuleType:
    """Return the module as it would be with one passage of its source replaced."""
    source = Path(module.__file__).read_text()
    assert source.count(old) == 1, f"{old!r} occurs {source.count(old)} times"
    broken = ModuleType("broken")
    exec(compile(source.replace(old, new), module.__file__, "exec"), broken.__dict__)  # noqa: S102
    return broken


def notices(check: Callable[..., None], module: ModuleType, cases: Iterable[Any]) -> bool:
    """Tell whether a check fails for the module in at least one of the cases."""
    for case in cases:
        try:
            check(module, case)
        except AssertionError:
            return True
    return False
