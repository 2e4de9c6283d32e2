"""Want against offer, as rows that are a table first and a picture second.

Positions are percent of the track; a row without ``offer`` has a fact that is not stated.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from matching.engine import Candidate, Explanation
from matching.engine.records import RATE_REFERENCE
from matching.recommending.reason_facts import amount, weekly_hours
from opportunities.core import languages, pay
from opportunities.roles import wording
from opportunities.roles.models import Opportunity
from opportunities.roles.wording import quantity


@dataclass(frozen=True, slots=True)
class WantAndOffer:
    """One row: what is wanted (a band), what is offered (a point), and whether it lies inside."""

    label: str
    want: str
    offer: str
    low: float
    high: float
    at: float | None
    inside: bool

    @property
    def width(self) -> float:
        """Return the width of the wanted band."""
        return round(self.high - self.low, 1)


PEOPLE, MINUTES = 12.0, 120.0
"""Right ends of the tracks for people and a mentor's minutes a week."""


def compare(
    role: Opportunity, person: Candidate, explanation: Explanation, *, currency: str
) -> list[WantAndOffer]:
    """Return the rows of one role for one person; ``currency`` is the site's.

    Hours are a limit that everybody has; what else nobody spoke of is no wish, and is left out.
    """
    weight = {line.name: line.weight for line in explanation.aspects}
    rows = [_weekly(role, person)]
    if wanted := _pay_wanted(person):
        rows.append(_pay(role, wanted, currency))
    if person.scope_wish is not None:
        rows.append(_scope(role, person.scope_wish))
    mentoring, people = wording.mentoring_phrase(role).main, wording.people_phrase(role)
    for aspect, label, offered, end, words in (
        ("mentorship", _("Mentoring"), role.mentor_minutes_per_week, MINUTES, mentoring),
        ("network", _("People to meet"), role.contacts, PEOPLE, people),
    ):
        if _is_wished(person, aspect):
            rows.append(_amount(label, weight[aspect], offered, end, words))
    return rows


def _is_wished(person: Candidate, aspect: str) -> bool:
    """Say whether somebody said that an aspect counts for them."""
    return aspect in person.top3 or person.importance.get(aspect, 0) > 0


def _place(number: float, end: float) -> float:
    return round(100 * min(max(number / end, 0.02), 0.98), 1)


def _weekly(role: Opportunity, person: Candidate) -> WantAndOffer:
    most = person.hours_per_week
    weekly = weekly_hours(role)
    end = max(40.0, most)
    return WantAndOffer(
        _("Hours a week"),
        _("up to %(hours)s") % {"hours": languages.number(most)},
        quantity(weekly, "hour") if weekly else str(wording.NOT_STATED),
        0,
        _place(most, end),
        _place(weekly, end) if weekly else None,
        inside=weekly is not None and weekly <= most,
    )


def _pay_wanted(person: Candidate) -> float:
    """Return the hourly pay that somebody hopes for, else their least, 0 where they named none."""
    target = person.rate_target
    return person.rate_floor if target == RATE_REFERENCE else target


def _pay(role: Opportunity, wanted: float, currency: str) -> WantAndOffer:
    minor = role.hourly_minor
    rate = None if minor is None else float(pay.to_major(minor, currency))
    end = max(2 * wanted, (rate or 0) * 1.1, 1.0)
    return WantAndOffer(
        _("Pay an hour"),
        _("%(pay)s or more") % {"pay": amount(wanted, currency)},
        amount(rate, currency) if rate is not None else str(wording.NOT_STATED),
        _place(wanted, end),
        100,
        None if rate is None else _place(rate, end),
        inside=rate is not None and rate >= wanted,
    )


def _scope(role: Opportunity, wish: float) -> WantAndOffer:
    low, high = max(0.0, wish - 0.25), min(1.0, wish + 0.25)
    words = _("In between")
    if not 0.35 <= wish <= 0.65:
        words = _("Focused") if wish < 0.35 else _("Broad")
    areas = role.task_areas
    breadth = None if areas is None else min(1.0, (areas - 1) / 4)
    offer = str(wording.NOT_STATED) if areas is None else quantity(areas, "area")
    return WantAndOffer(
        _("Scope"),
        words,
        offer,
        100 * low,
        100 * high,
        None if breadth is None else _place(breadth, 1.0),
        inside=breadth is not None and low <= breadth <= high,
    )


def _amount(
    label: str, weight: float, offered: float | None, end: float, words: str
) -> WantAndOffer:
    # The weight decides how much of a good thing counts as enough: an even share is one twelfth.
    wish = min(0.8, 4.8 * weight)
    if wish > 0.55:
        want = pgettext("how much is wanted", "A lot")
    elif wish > 0.25:
        want = pgettext("how much is wanted", "Some")
    else:
        want = pgettext("how much is wanted", "A little")
    return WantAndOffer(
        label,
        want,
        words,
        round(100 * wish, 1),
        100,
        None if offered is None else _place(offered, end),
        inside=offered is not None and offered / end >= wish,
    )
