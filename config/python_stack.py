"""Room for many calls in one piece of Python's stack.

CPython keeps the frames of calls in pieces of 16 KiB. Until March 2026 (3.13.13, 3.14.4) it gave a
piece back to the system whenever the first call in it returned, so that a loop which calls across
the edge of a piece took 200 times as long (python/cpython#142183). The parts of a template are such
calls, and lay across an edge in every long list: a quarter of its time.
"""

from collections.abc import Callable
from functools import partial
from types import FunctionType
from typing import Any, Final

ROOM: Final = 32 * 1024
"""Words that a call begins with; it then has as many again for its own calls."""


def _call(function: Callable[..., Any], *args: Any) -> Any:
    return function(*args)


_call_with_room: Final = FunctionType(
    _call.__code__.replace(co_stacksize=ROOM), globals(), "_call_with_room"
)


def in_one_piece[**Arguments, Result](
    function: Callable[Arguments, Result],
) -> Callable[Arguments, Result]:
    """Return a function that has all of its calls in one piece of the stack.

    A call that needs more begins a piece of twice that size, of which the room it never uses costs
    addresses and no memory.
    """
    return partial(_call_with_room, function)
