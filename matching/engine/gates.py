"""Decide what makes a pair impossible: hard constraints, each with a name.

A gate never trades against anything, and no tradeoff acts as a gate. In: one candidate, one role.
Out: the names of the gates that are shut; none means that the pair is eligible.
"""

from typing import Final

from matching.engine.calendars import differing_weeks, place
from matching.engine.facts import Facts, earliest_start, facts, ordinal
from matching.engine.places import is_reached
from matching.engine.records import Candidate, Opportunity, Priors
from matching.engine.skills import IDENTITY, Vocabulary

GATES: Final = (
    "starts_before_available",
    "ends_after_available",
    "weekly_hours",
    "blocked_weeks",
    "mode",
    "region",
    "field",
    "rate_floor",
    "credit",
    "enrolment",
    "age",
    "work_rights",
    "must_have_skill",
)


def gates(
    candidate: Candidate,
    opportunity: Opportunity,
    *,
    priors: Priors,
    vocabulary: Vocabulary = IDENTITY,
) -> list[str]:
    """Return the names of the gates that are shut for a pair, in the order of ``GATES``."""
    role = facts(opportunity, priors)
    shut = {
        "starts_before_available": _too_late(candidate, opportunity),
        "ends_after_available": _ends_late(candidate, role),
        **_calendar(candidate, role),
        "mode": opportunity.mode not in candidate.modes,
        "field": bool(candidate.only_fields) and opportunity.field not in candidate.only_fields,
        "region": opportunity.mode != "remote" and not _within_reach(candidate, opportunity),
        "rate_floor": opportunity.is_pay_comparable and role.rate < candidate.rate_floor,
        "credit": candidate.credit == "required" and not opportunity.credit,
        "enrolment": opportunity.requires_enrolment and not candidate.enrolled,
        "age": opportunity.min_age > candidate.age_ok,
        "work_rights": bool(opportunity.work_rights)
        and opportunity.work_rights not in candidate.rights,
        "must_have_skill": _lacks_must(candidate, opportunity, vocabulary),
    }
    return [name for name in GATES if shut[name]]


def _within_reach(candidate: Candidate, opportunity: Opportunity) -> bool:
    """Say whether a role is where the candidate goes: a name that both share, or a place near."""
    shared = opportunity.region in candidate.regions
    return shared or is_reached(candidate.areas, opportunity.places)


def _too_late(candidate: Candidate, opportunity: Opportunity) -> bool:
    return opportunity.start_latest is not None and earliest_start(
        candidate, opportunity
    ) > ordinal(opportunity.start_latest)


def _ends_late(candidate: Candidate, role: Facts) -> bool:
    end = earliest_start(candidate, role.opportunity) + 7 * role.weeks
    return candidate.available_until is not None and end > ordinal(candidate.available_until) + 1


def _calendar(candidate: Candidate, role: Facts) -> dict[str, bool]:
    """Tell too many hours from weeks that are blocked: the latter would fit without the blocks."""
    if place(candidate, role).fits:
        return {"weekly_hours": False, "blocked_weeks": False}
    blocked = 0.0 in differing_weeks(candidate).values() and role.weekly <= candidate.hours_per_week
    return {"weekly_hours": not blocked, "blocked_weeks": blocked}


def _lacks_must(candidate: Candidate, opportunity: Opportunity, vocabulary: Vocabulary) -> bool:
    musts = [skill for skill in opportunity.skills if skill.must]
    if not musts:
        return False
    levels: dict[int, int] = {}
    for name, level in candidate.skills.items():
        code = vocabulary.code(name)
        levels[code] = max(level, levels.get(code, 0))
    return any(levels.get(vocabulary.code(skill.name), 0) < skill.level for skill in musts)
