"""What a check says: stop, look or clear, the rule it cites, and the exact words it means."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from opportunities.moderation.models import Verdict

MAX_SPANS: Final = 20
SEVERITY: Final = {Verdict.CLEAR: 0, Verdict.LOOK: 1, Verdict.STOP: 2}


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Words of one field, in characters; a field of a part is named ``questions.0.text``."""

    field: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Flag:
    """One thing that a check noticed."""

    verdict: Verdict
    detail: str
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """What one named check says of one posting; ``binding`` stops cannot be overruled."""

    name: str
    rule: str
    verdict: Verdict
    detail: str
    spans: tuple[Span, ...] = ()
    binding: str = ""
    """The field in which it is corrected."""


def summed(name: str, rule: str, flags: Iterable[Flag], *, clear: str, binding: str = "") -> Result:
    """Return the worst verdict of the flags with all their words, or ``clear``."""
    noticed = sorted(flags, key=lambda flag: -SEVERITY[flag.verdict])
    if not noticed:
        return Result(name, rule, Verdict.CLEAR, clear)
    details = list(dict.fromkeys(flag.detail for flag in noticed))
    spans = sorted({span for flag in noticed for span in flag.spans})
    return Result(
        name=name,
        rule=rule,
        verdict=noticed[0].verdict,
        detail=" ".join(details)[:500],
        spans=tuple(spans[:MAX_SPANS]),
        binding=binding if noticed[0].verdict == Verdict.STOP else "",
    )
