"""The ways an operation may refuse, each with a code that API clients can rely on."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import NamedTuple


class Fault(NamedTuple):
    """One answer that did not pass: where it stands, which rule it breaks, and a sentence."""

    field: str
    code: str
    detail: str


class RuleBroken(Exception):
    """A rule of the marketplace forbids this; the message is fit for the person who asked."""

    code = "rule-broken"


class NotFound(RuleBroken):
    """There is no such thing, or the actor may not know of it."""

    code = "not-found"


class NotAllowed(RuleBroken):
    """The actor may see this but may not do it."""

    code = "not-allowed"


class SecondFactorNeeded(NotAllowed):
    """The account acts only with a second factor, and this session or token has used none."""


class WrongState(RuleBroken):
    """The action does not apply in the current state; ``allowed`` names those that do."""

    code = "wrong-state"

    def __init__(self, message: str, *, allowed: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.allowed = tuple(allowed)


class Conflict(RuleBroken):
    """Somebody else's change, or an earlier one, stands in the way."""

    code = "conflict"


class Duplicate(Conflict):
    """The same thing is there already; ``other`` is its address, where the actor may read it."""

    code = "duplicate"

    def __init__(self, message: str, *, other: str) -> None:
        super().__init__(message)
        self.other = other


class NoPlaceLeft(Conflict):
    """Open offers and acceptances already fill every place."""

    code = "no-place-left"


class Invalid(RuleBroken):
    """Some answers do not pass; ``faults`` names each field and the rule it breaks."""

    code = "invalid"

    def __init__(self, *faults: Fault) -> None:
        super().__init__(" ".join(fault.detail for fault in faults))
        self.faults = faults


@contextmanager
def gathered(faults: list[Fault]) -> Iterator[None]:
    """Add what is refused inside to the faults found so far, for those who name all at once."""
    try:
        yield
    except Invalid as broken:
        faults.extend(broken.faults)


class LimitReached(RuleBroken):
    """A published cap is used up; ``wait`` says for how many seconds, where time gives it back."""

    code = "limit-reached"

    def __init__(self, message: str, *, wait: int | None = None) -> None:
        super().__init__(message)
        self.wait = wait


class Busy(Exception):
    """The site has no room for this just now; no rule forbids it, ``wait`` seconds later it may."""

    code = "busy"
    wait = 5
