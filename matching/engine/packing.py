"""Turn plain records into columns, once per role and candidate.

In: ``Opportunity`` and ``Candidate`` records, the priors of the formats, a vocabulary. Out:
``Opportunities`` and ``Candidates``. Every logarithm of the model is taken here or in the one table
of ``aspects``, never per pair.
"""

import math
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.engine.aspects import ASPECTS
from matching.engine.calendars import differing_weeks
from matching.engine.columns import PAY_BY_HAND, Candidates, Longs, Opportunities
from matching.engine.facts import Facts, dose, facts, ordinal
from matching.engine.fixed_point import FAR, SPEED_TICKS, VALUE, WEIGHT
from matching.engine.places import AREA_COLUMNS, PLACE_COLUMNS, area_row, place_row
from matching.engine.records import (
    CREDIT_WISHES,
    EVIDENCE,
    MODES,
    Candidate,
    Opportunity,
    Priors,
)
from matching.engine.scoring import weights
from matching.engine.skills import IDENTITY, Vocabulary, code_of

TRAJECTORY_FULL = 0.6
"""Share of engagements leading to a longer one that earns full marks."""

SELF_DECLARED_LIMIT = 3
"""Highest level that counts towards competence without completed work behind it."""

DAY_FRACTIONS = 1 << 33
"""Fractions of a day; a day number of our centuries plus a multiple of one is exact in float64."""

NEWCOMER_RATING, NEWCOMER_STRENGTH = 0.7, 4
"""The rating that a newcomer is taken to have, and how many ratings it stands for."""


def pack_opportunities(
    items: Iterable[Opportunity], *, priors: Priors, vocabulary: Vocabulary = IDENTITY
) -> Opportunities:
    """Return roles as columns, in the order given.

    Ids that are not numbers become their position in sorted order, so that ties are broken alike.
    """
    roles = [facts(item, priors) for item in items]
    asked = [role.opportunity.skills for role in roles]
    skills = [skill for some in asked for skill in some]
    given = [role.opportunity for role in roles]
    return Opportunities(
        ids=_ids([item.id for item in given]),
        known=_array(map(_known, roles), np.uint16),
        mode=_array((MODES.index(item.mode) for item in given), np.uint8),
        region=_codes(item.region for item in given),
        field=_codes(item.field for item in given),
        work_rights=_codes(item.work_rights for item in given),
        start_earliest=_array((_day(item.start_earliest, 0) for item in given), np.int32),
        start_latest=_array((_day(item.start_latest, FAR) for item in given), np.int32),
        days=_array((_days(role.weeks) for role in roles), np.float64),
        speed_ticks=_array((_speed_ticks(role.weeks) for role in roles), np.int32),
        weekly=_array((role.weekly for role in roles), np.float64),
        rigid=_array((role.weekly * (1 - role.flex) for role in roles), np.float64),
        rate=_array((role.rate for role in roles), np.float64),
        income=_array((role.income for role in roles), np.float64),
        credit=_array((item.credit for item in given), np.bool_),
        requires_enrolment=_array((item.requires_enrolment for item in given), np.bool_),
        min_age=_array((item.min_age for item in given), np.int16),
        depth=_values(dose(role.hands_on_hours, "depth") for role in roles),
        breadth=_values(min(1.0, max(0.0, (role.areas - 1) / 4)) for role in roles),
        mentorship=_values(dose(role.mentor_hours, "mentorship") for role in roles),
        network=_values(dose(role.person_weeks, "network") for role in roles),
        effort=_values(1 - dose(role.effort, "effort") for role in roles),
        trajectory=_values(min(1.0, role.conversion / TRAJECTORY_FULL) for role in roles),
        evidence=_array((_bits(role.evidence, EVIDENCE[:3]) for role in roles), np.uint8),
        public_work=_values(dose(role.public, "public_work") for role in roles),
        potential=_array(map(_potential, roles), np.int32),
        capacity=_array((item.capacity for item in given), np.int32),
        place_at=_offsets([item.places for item in given]),
        **_spread(PLACE_COLUMNS, [place_row(place) for item in given for place in item.places]),
        skill_at=_offsets(asked),
        skill=_array((vocabulary.code(skill.name) for skill in skills), np.int64),
        skill_level=_array((skill.level for skill in skills), np.uint8),
        skill_importance=_array((skill.importance for skill in skills), np.uint8),
        skill_must=_array((skill.must for skill in skills), np.bool_),
    )


def pack_candidates(items: Iterable[Candidate], *, vocabulary: Vocabulary = IDENTITY) -> Candidates:
    """Return candidates as columns, in the order given; ids as in ``pack_opportunities``."""
    people = list(items)
    skills = [_skills(person, vocabulary) for person in people]
    targets = [_targets(person, vocabulary) for person in people]
    weeks = [differing_weeks(person) for person in people]
    return Candidates(
        ids=_ids([person.id for person in people]),
        weights=np.array([fixed_weights(person) for person in people], np.int32).reshape(
            len(people), len(ASPECTS)
        ),
        goal=_values(person.goal for person in people),
        wish=_values(
            person.goal if person.scope_wish is None else person.scope_wish for person in people
        ),
        explore=_values(person.explore**4 for person in people),
        available_from=_array((ordinal(person.available_from) for person in people), np.int32),
        available_until=_array((_day(person.available_until, FAR) for person in people), np.int32),
        hours=_array((person.hours_per_week for person in people), np.float64),
        rate_floor=_array((person.rate_floor for person in people), np.float64),
        pay_scale=_array((_scale(person.rate_target) for person in people), np.float64),
        need_scale=_array((_scale(person.income_need or 0.0) for person in people), np.float64),
        credit=_array((CREDIT_WISHES.index(person.credit) for person in people), np.uint8),
        modes=_array((_bits(person.modes, MODES) for person in people), np.uint8),
        enrolled=_array((person.enrolled for person in people), np.bool_),
        age_ok=_array((person.age_ok for person in people), np.int16),
        evidence_wanted=_array(
            (_bits(person.evidence_wanted or EVIDENCE, EVIDENCE) for person in people), np.uint8
        ),
        track_record=_values(map(_track_record, people)),
        skill_at=_offsets(skills),
        skill=_array((code for some in skills for code in some), np.int64),
        skill_level=_array((pair[0] for some in skills for pair in some.values()), np.uint8),
        skill_credited=_array((pair[1] for some in skills for pair in some.values()), np.uint8),
        skill_used=_array(
            (
                pair[0] > 0 and code not in wanted
                for some, wanted in zip(skills, targets, strict=True)
                for code, pair in some.items()
            ),
            np.uint8,
        ),
        target_at=_offsets(targets),
        target=_array((code for some in targets for code in some), np.int64),
        target_priority=_array((rank for some in targets for rank in some.values()), np.uint8),
        interest_at=_offsets([person.interests for person in people]),
        interest=_codes(name for person in people for name in person.interests),
        interest_value=_values(value for person in people for value in person.interests.values()),
        done_at=_offsets([person.fields_done for person in people]),
        done=_codes(name for person in people for name in sorted(person.fields_done)),
        only_at=_offsets([person.only_fields for person in people]),
        only=_codes(name for person in people for name in sorted(person.only_fields)),
        region_at=_offsets([person.regions for person in people]),
        region=_codes(name for person in people for name in sorted(person.regions)),
        area_at=_offsets([person.areas for person in people]),
        **_spread(AREA_COLUMNS, [area_row(area) for person in people for area in person.areas]),
        right_at=_offsets([person.rights for person in people]),
        right=_codes(name for person in people for name in sorted(person.rights)),
        week_at=_offsets(weeks),
        week=_array((week for some in weeks for week in some), np.int32),
        week_hours=_array((hours for some in weeks for hours in some.values()), np.float64),
    )


def fixed_weights(candidate: Candidate) -> list[int]:
    """Return the weights as integers that sum to ``WEIGHT``, by largest remainder."""
    exact = [WEIGHT * weight for weight in weights(candidate).values()]
    floors = [math.floor(weight) for weight in exact]
    order = sorted(range(len(exact)), key=lambda index: (floors[index] - exact[index], index))
    for index in order[: WEIGHT - sum(floors)]:
        floors[index] += 1
    return floors


def _array(items: Iterable[Any], dtype: type[np.generic]) -> NDArray[Any]:
    return np.array(list(items), dtype)


def _values(shares: Iterable[float]) -> NDArray[np.int32]:
    return np.array([round(VALUE * share) for share in shares], np.int32)


def _codes(names: Iterable[str]) -> Longs:
    return np.array([code_of(name) for name in names], np.int64)


def _offsets(groups: Sequence[Any]) -> Longs:
    return np.array([*accumulate(map(len, groups), initial=0)], np.int64)


def _spread(names: Sequence[str], rows: Sequence[tuple[int, ...]]) -> dict[str, NDArray[Any]]:
    """Return rows as columns; coordinates take four bytes."""
    table = np.array(rows, np.int64).reshape(len(rows), len(names))
    return {
        name: np.ascontiguousarray(table[:, column]).astype(
            np.int32 if name[-2:] in {"_x", "_y", "_z"} else np.int64
        )
        for column, name in enumerate(names)
    }


def _ids(ids: Sequence[str | int]) -> Longs:
    if all(isinstance(item, int) for item in ids):
        return np.array(ids, np.int64)
    place = {name: index for index, name in enumerate(sorted({str(item) for item in ids}))}
    return np.array([place[str(item)] for item in ids], np.int64)


def _day(iso: str | None, unlimited: int) -> int:
    return unlimited if iso is None else ordinal(iso)


def _bits(present: Iterable[str], names: Sequence[str]) -> int:
    chosen = set(present)
    return sum(1 << bit for bit, name in enumerate(names) if name in chosen)


def _scale(full: float) -> float:
    """Return the value per unit, a hair too high so that the full amount is worth all of it."""
    return VALUE / full * (1 + 2.0**-40) if full > 0 else 0.0


def _days(weeks: float) -> float:
    """Return the length in days without the noise of divisions, so that adding a day is exact."""
    return round(7 * weeks * DAY_FRACTIONS) / DAY_FRACTIONS


def _speed_ticks(weeks: float) -> int:
    return min(round(7 * SPEED_TICKS * weeks), 1 << 28)


def _known(role: Facts) -> int:
    known = sum(1 << bit for bit, aspect in enumerate(ASPECTS) if aspect not in role.imputed)
    return known if role.opportunity.is_pay_comparable else known | PAY_BY_HAND


def _potential(role: Facts) -> int:
    """Return the weight of each of the three parts that see more than the task at hand."""
    holistic = role.opportunity.holistic
    share = 0.1 + 0.5 * dose(role.hands_on_hours, "depth") if holistic is None else holistic
    return round(WEIGHT * 0.8 * share / 3)


def _track_record(person: Candidate) -> float:
    total = sum((rating - 1) / 4 for rating in person.ratings)
    return (total + NEWCOMER_STRENGTH * NEWCOMER_RATING) / (len(person.ratings) + NEWCOMER_STRENGTH)


def _skills(person: Candidate, vocabulary: Vocabulary) -> dict[int, tuple[int, int]]:
    """Return level and credited level by code; of two names for one skill the higher counts."""
    verified = {vocabulary.code(name) for name in person.verified}
    levels: dict[int, tuple[int, int]] = {}
    for name, level in person.skills.items():
        code = vocabulary.code(name)
        credited = level if code in verified else min(level, SELF_DECLARED_LIMIT)
        before = levels.get(code, (0, 0))
        levels[code] = max(before[0], level), max(before[1], credited)
    return levels


def _targets(person: Candidate, vocabulary: Vocabulary) -> dict[int, int]:
    wanted: dict[int, int] = {}
    for name, priority in person.targets.items():
        code = vocabulary.code(name)
        wanted[code] = max(priority, wanted.get(code, 0))
    return wanted
