"""Reduce a role to complete, typed facts, and note which of them it left unstated.

In: an ``Opportunity`` and the priors of the formats. Out: ``Facts``. The format of a role fills in
what is missing and does nothing else: roles with equal facts are equal to the rest of the engine.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from matching.engine.records import (
    CONTACT_OF_MODE,
    FLEXIBILITY,
    STEP_HOURS,
    Candidate,
    Opportunity,
    Priors,
)

DOSES: Final[Mapping[str, tuple[float, float]]] = {
    "depth": (8, 400),
    "speed": (1, 26),
    "mentorship": (1, 20),
    "network": (2, 60),
    "effort": (1, 12),
    "public_work": (1, 3),
    "novel_fields": (1, 3),
}
"""Scale and full amount of each saturating quantity."""

HISTORY_STRENGTH: Final = 10
"""Imagined completions behind the prior share of engagements that lead to a longer one."""

MONTHS_PER_YEAR: Final = 12
WEEKS_PER_YEAR: Final = 52


def dose(amount: float, name: str) -> float:
    """Return the saturating value of an amount: 0 at 0, 1 from the full amount on, concave."""
    scale, full = DOSES[name]
    return min(1.0, math.log1p(max(0.0, amount) / scale) / math.log1p(full / scale))


def ordinal(iso: str) -> int:
    """Return the day number of an ISO date."""
    return date.fromisoformat(iso).toordinal()


@dataclass(frozen=True, slots=True)
class Facts:
    """What is true of a role, or assumed of it by its format's prior."""

    opportunity: Opportunity
    hours: float
    """Hours of work in total."""
    weeks: float
    """Calendar length, at least one day."""
    weekly: float
    """Hours in one calendar week."""
    income: float
    rate: float
    """Income per hour."""
    flex: float
    mentor_hours: float
    person_weeks: float
    areas: int
    hands_on_hours: float
    effort: float
    """Hours that applying takes."""
    evidence: frozenset[str]
    public: int
    conversion: float
    """Chance that the engagement leads to a longer one."""
    imputed: frozenset[str]
    """Aspects that rest on a prior."""


def facts(opportunity: Opportunity, priors: Priors) -> Facts:
    """Return the facts of a role; what it leaves unstated comes from its format's prior."""
    prior = priors[opportunity.format]
    imputed: set[str] = set()

    hours, weeks = _duration(opportunity)
    if hours is None:
        hours = prior.hours
        imputed |= {"depth", "pay", "schedule"}
    if weeks is None:
        weeks = prior.weeks
        imputed |= {"speed", "mentorship", "network", "schedule"}
    weeks = max(weeks, 1 / 7)
    calendar_weeks = max(weeks, 1.0)
    if opportunity.pay_kind is None or not opportunity.is_pay_comparable:
        imputed.add("pay")
    income = _income(opportunity, hours, weeks, prior.rate)
    completed = max(0, opportunity.completed)
    hands_on_hours = _stated(opportunity.hands_on, prior.hands_on, "depth", imputed) * hours
    if completed == 0 or "depth" in imputed:  # a chance begins at what the work makes likely
        imputed.add("trajectory")
    prior_conversion = 0.1 + 0.4 * dose(hands_on_hours, "depth")
    evidence = _stated(opportunity.evidence, prior.evidence, "evidence", imputed)
    return Facts(
        opportunity=opportunity,
        hours=hours,
        weeks=weeks,
        weekly=hours / calendar_weeks,
        income=income,
        rate=income / hours if hours else 0.0,
        flex=FLEXIBILITY[_stated(opportunity.schedule, prior.schedule, "schedule", imputed)],
        mentor_hours=_stated(
            opportunity.mentor_minutes_per_week,
            prior.mentor_minutes_per_week,
            "mentorship",
            imputed,
        )
        / 60
        * calendar_weeks,
        person_weeks=_stated(opportunity.contacts, prior.contacts, "network", imputed)
        * calendar_weeks
        * CONTACT_OF_MODE[opportunity.mode],
        areas=_stated(opportunity.task_areas, prior.task_areas, "scope", imputed),
        hands_on_hours=hands_on_hours,
        effort=sum(
            STEP_HOURS[step] for step in _stated(opportunity.steps, prior.steps, "effort", imputed)
        ),
        evidence=frozenset(evidence) - {"public_work"},
        public=_stated(opportunity.public_works, prior.public_works, "evidence", imputed),
        conversion=(min(opportunity.converted, completed) + HISTORY_STRENGTH * prior_conversion)
        / (completed + HISTORY_STRENGTH),
        imputed=frozenset(imputed),
    )


def _stated[T](value: T | None, assumed: T, aspect: str, imputed: set[str]) -> T:
    """Return what is stated, else what is assumed: the aspect is then imputed."""
    if value is None:
        imputed.add(aspect)
        return assumed
    return value


def _duration(opportunity: Opportunity) -> tuple[float | None, float | None]:
    """Return hours and weeks; any two of the three stated numbers give the third."""
    hours, weeks = opportunity.hours_total, opportunity.weeks
    weekly = opportunity.hours_per_week
    if hours is None and weeks is not None and weekly is not None:
        hours = weeks * weekly
    if weeks is None and hours is not None and weekly:
        weeks = hours / weekly
    return hours, weeks


def _income(opportunity: Opportunity, hours: float, weeks: float, prior_rate: float) -> float:
    match opportunity.pay_kind if opportunity.is_pay_comparable else None:
        case None:
            return prior_rate * hours
        case "hourly":
            return opportunity.pay_amount * hours
        case "fixed_fee":
            return opportunity.pay_amount
        case "stipend_month":
            return opportunity.pay_amount * weeks * MONTHS_PER_YEAR / WEEKS_PER_YEAR
        case "unpaid":
            return 0.0
        case other:
            raise ValueError(f"pay_kind: {other!r} is not a kind of pay")


def earliest_start(candidate: Candidate, opportunity: Opportunity) -> int:
    """Return the first day on which both can begin, whether or not the role still takes people."""
    available = ordinal(candidate.available_from)
    if opportunity.start_earliest is None:
        return available
    return max(available, ordinal(opportunity.start_earliest))
