"""Which format an advert is proposed for, and why: by its name for itself and its duration."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from django.utils.translation import gettext as _

from opportunities.core.retelling import inside
from opportunities.importing.parsing.choices import format_named
from opportunities.roles.drafts import durations
from opportunities.roles.formats import FORMATS, SPANS, FormatName, zone
from opportunities.roles.wording import quantity

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
    measured = _("%(hours)s over %(weeks)s (%(span)s)") % {
        "hours": quantity(hours, "hour"),
        "weeks": quantity(weeks, "week"),
        "span": SPANS[found],
    }
    if name and found in FORMATS[name].zones + FORMATS[name].tolerated:
        reason = _("The advert calls it “%(named)s”, and %(measured)s may be one.")
        return Proposal(name, reason % {"named": named, "measured": measured})
    plain = _PLAIN[found]
    facts = {"named": named, "measured": measured, "format": inside(FORMATS[plain].label)}
    if name and name != plain:
        reason = _("The advert calls it “%(named)s”, but for %(measured)s ours is: %(format)s.")
    elif found not in FORMATS[plain].zones:
        reason = _("%(measured)s lies between the formats; %(format)s is the nearest.")
    else:
        reason = _("For %(measured)s our format is: %(format)s.")
    return Proposal(plain, reason % facts)


def _without_duration(weeks: float | None, name: str, named: str) -> Proposal:
    if weeks is not None and weeks > MOST_WEEKS and name in {"", FormatName.INTERNSHIP}:
        reason = _("It runs over %(weeks)s, more than 4; its hours are not stated.")
        return Proposal(FormatName.INTERNSHIP, reason % {"weeks": quantity(weeks, "week")})
    if name:
        reason = _("The advert calls it “%(named)s”; its duration is not fully stated.")
        return Proposal(name, reason % {"named": named})
    return Proposal("", _("The advert does not state both hours and weeks, so you choose."))


MOST_WEEKS: Final = 4
"""Weeks of the formats of the first zones."""
