"""Which format an advert is proposed for, and why: by its name for itself and its duration."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from opportunities.importing.parsing import format_named
from opportunities.roles.drafts import durations
from opportunities.roles.formats import FORMATS, SPANS, FormatName, zone

_PLAIN: Final[Mapping[str, FormatName]] = {
    "A": FormatName.MICRO_INTERNSHIP,
    "B": FormatName.SHORT_BURST_INTERNSHIP,
    "C": FormatName.INTERNSHIP,
    "D": FormatName.MICRO_INTERNSHIP,
}


class Proposal(NamedTuple):
    """A format and the sentence that says why; no format where the advert does not tell."""

    format: str
    reason: str


def propose_format(values: Mapping[str, Any], named: str = "") -> Proposal:
    """Return the format that duration and name of an advert suggest.

    ``named`` is what the advert calls itself. Its name counts where the duration may bear it; the
    duration alone takes the plain format of its zone, and without one nothing is proposed.
    """
    known = durations({name: values.get(name) for name in ("hours_total", "weeks",
                       "hours_per_week")})  # fmt: skip
    hours, weeks = known["hours_total"], known["weeks"]
    name = format_named(named)
    if hours is None or weeks is None:
        return _without_duration(weeks, name, named)
    found = zone(hours, weeks)
    measured = f"{hours:g} hours over {weeks:g} weeks ({SPANS[found]})"
    if name and found in FORMATS[name].zones + FORMATS[name].tolerated:
        return Proposal(name, f"The advert calls it “{named}”, and {measured} may be one.")
    plain = _PLAIN[found]
    label = FORMATS[plain].label.casefold()
    if name and name != plain:
        reason = f"The advert calls it “{named}”, but {measured} is what we call {label}."
        return Proposal(plain, reason)
    if found not in FORMATS[plain].zones:
        return Proposal(plain, f"{measured} lies between the formats; {label} is the nearest.")
    return Proposal(plain, f"{measured} is what we call {label}.")


def _without_duration(weeks: float | None, name: str, named: str) -> Proposal:
    if weeks is not None and weeks > MOST_WEEKS and name in {"", FormatName.INTERNSHIP}:
        reason = f"It runs over {weeks:g} weeks, more than 4; its hours are not stated."
        return Proposal(FormatName.INTERNSHIP, reason)
    if name:
        reason = f"The advert calls it “{named}”; its duration is not fully stated."
        return Proposal(name, reason)
    return Proposal("", "The advert does not state hours and weeks, so that you choose.")


MOST_WEEKS: Final = 4
"""Weeks of the formats of the first zones."""
