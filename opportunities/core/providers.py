"""What a lower room shows and only a higher one can compute: the higher room provides it.

A room never imports one above it. Where its pages show something of such a room, it declares a
``Provider``, and the higher room fills it when Django starts.
"""

from collections.abc import Callable


class Provider[**Arguments, Result]:
    """A function that another room provides; ``what`` names it in errors."""

    def __init__(self, what: str) -> None:
        self.what = what
        self._function: Callable[Arguments, Result] | None = None

    def provide(self, function: Callable[Arguments, Result]) -> None:
        """Fill it; a second function for the same thing is refused."""
        if self._function not in (None, function):
            raise RuntimeError(f"{self.what} is provided twice.")
        self._function = function

    def __call__(self, *args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        """Call the function that was provided."""
        if self._function is None:
            raise RuntimeError(f"Nobody provides {self.what}.")
        return self._function(*args, **kwargs)
