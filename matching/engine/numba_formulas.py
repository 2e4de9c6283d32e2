"""Compile functions, and those that several modules of the compiled loops call."""

from collections.abc import Callable
from typing import Any, Final, cast

from numba import njit

from matching.engine import aspects, calendars, pairs, placing

ALLOCATING: Final[dict[str, Any]] = {"nogil": True, "boundscheck": False, "error_model": "numpy"}
OPTIONS: Final = ALLOCATING | {"_nrt": False}


def compiled[Function: Callable[..., Any]](
    function: Function, *, forceinline: bool = False
) -> Function:
    """Compile a function that makes no arrays: references to those given are not counted.

    Otherwise each call adds to and takes from the count of every array of every tuple that it is
    given.
    """
    return cast("Function", njit(function, **OPTIONS, forceinline=forceinline))


def allocating[Function: Callable[..., Any]](function: Function) -> Function:
    """Compile a function that makes arrays."""
    return cast("Function", njit(function, **ALLOCATING))


speed = compiled(aspects.speed)
hour_value = compiled(aspects.hour_value)
field = compiled(aspects.field)
field_by_skill = compiled(aspects.field_by_skill)
coverage = compiled(aspects.coverage)
standing_in = compiled(aspects.standing_in)
first_fit = compiled(calendars.first_fit)
latest_start = compiled(placing.latest_start)
score = compiled(pairs.score)


@compiled
def lowest_from(ascending: Any, first: Any, end: Any, wanted: Any) -> Any:
    """Return the first place of some ascending numbers that is not below the wanted one."""
    while first < end:
        middle = (first + end) >> 1
        if ascending[middle] < wanted:
            first = middle + 1
        else:
            end = middle
    return first
