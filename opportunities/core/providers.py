"""What a lower room shows and only a higher one can compute: the higher room provides it.

A room never imports one above it. Where its pages show something of such a room, it declares a
``Provider``, and the higher room fills it when Django starts.
"""

from collections.abc import Callable


class Provider[**Arguments, Result]:
    """A function that another room provides; ``what`` names it in errors.

    ``otherwise`` stands in where a page can do without; else nobody providing it is an error.
    """

    def __init__(self, what: str, *, otherwise: Callable[Arguments, Result] | None = None) -> None:
        self.what = what
        self._function: Callable[Arguments, Result] | None = None
        self._otherwise = otherwise

    def provide(self, function: Callable[Arguments, Result]) -> None:
        """Fill it; a second function for the same thing is refused."""
        if self._function not in (None, function):
            raise RuntimeError(f"{self.what} is provided twice.")
        self._function = function

    def __call__(self, *args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        """Call the function that was provided."""
        function = self._function or self._otherwise
        if function is None:
            raise RuntimeError(f"Nobody provides {self.what}.")
        return function(*args, **kwargs)
