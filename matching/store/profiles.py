"""Read candidate profiles as the engine's records."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from itertools import compress
from typing import Any, Final

import numpy as np

from matching.engine import ASPECTS, Candidate
from matching.engine.records import RATE_REFERENCE
from matching.models import PackedCandidate
from matching.store.binary_cursor import binary_cursor, of_any_length
from matching.store.places import areas_of, names_of
from matching.store.roles import as_engine
from matching.store.write import Standings, select_standings
from opportunities.applications.models import Application
from opportunities.candidates.fields import ENGINE_AS_IS, ENGINE_COLUMNS
from opportunities.candidates.models import (
    CandidateProfile,
    CandidateSkill,
    FieldRule,
    TargetSkill,
    Visibility,
)
from opportunities.core.fields_of_work import related_fields
from opportunities.core.rates import KEPT, Rates
from opportunities.engagements.models import BLIND_DAYS, Completion, Review
from opportunities.skills.models import Skill

RELATED_INTEREST = 0.125
"""How much an interest in one field counts for the fields next to it, which nobody named."""

COLUMNS = ("id", "version", "areas", *ENGINE_COLUMNS)


@dataclass(frozen=True, slots=True)
class ProfileFacts:
    """One profile as the engine sees it."""

    candidate: Candidate
    version: int
    is_shown: bool
    """Employers may be shown this candidate, at least under a pseudonym."""


_PROFILE: Final = CandidateProfile._meta.db_table
_SKILL: Final = Skill._meta.db_table

# Aggregates name an order, so that equal facts are equal bytes.
READ: Final = f"""
    SELECT {", ".join(f"profile.{name}" for name in COLUMNS)},
        held.slugs, held.levels, held.verified, wanted.slugs, wanted.priorities, rated.stars,
        {KEPT}
    FROM {_PROFILE} AS profile
    LEFT JOIN LATERAL (
        SELECT array_agg(skill.slug ORDER BY row.id) AS slugs,
            array_agg(row.level ORDER BY row.id) AS levels,
            array_agg(row.verified ORDER BY row.id) AS verified
        FROM {CandidateSkill._meta.db_table} AS row JOIN {_SKILL} AS skill ON skill.id = skill_id
        WHERE row.profile_id = profile.id
    ) AS held ON true
    LEFT JOIN LATERAL (
        SELECT array_agg(skill.slug ORDER BY row.id) AS slugs,
            array_agg(row.priority ORDER BY row.id) AS priorities
        FROM {TargetSkill._meta.db_table} AS row JOIN {_SKILL} AS skill ON skill.id = skill_id
        WHERE row.profile_id = profile.id
    ) AS wanted ON true
    LEFT JOIN LATERAL (
        SELECT array_agg(review.stars ORDER BY review.id) AS stars
        FROM {Application._meta.db_table} AS application
        JOIN {Completion._meta.db_table} AS completion
            ON completion.application_id = application.id AND completion.revoked_at IS NULL
        JOIN {Review._meta.db_table} AS review
            ON review.completion_id = completion.id AND review.by_employer
        WHERE application.profile_id = profile.id AND (
            review.at <= %b OR EXISTS (
                SELECT FROM {Review._meta.db_table} AS answer
                WHERE answer.completion_id = completion.id AND NOT answer.by_employer
            )
        )
    ) AS rated ON true
    WHERE profile.id = ANY({of_any_length("%b")}::bigint[]) AND profile.erased_at IS NULL
"""  # noqa: S608
"""Everything of some profiles; of the stars, those that the candidate may already read."""

FACTS: Final = len(COLUMNS) + 8
"""Columns of ``READ``."""
_JSON: Final = ("areas", "weekly_hours", "interests", "importance")


@cache
def _read_counted() -> tuple[str, tuple[object, ...]]:
    """Return the SQL that reads where profiles stand, and the facts of those that count.

    Made once: the ORM takes longer to write it than the database to answer.
    """
    counted = CandidateProfile.objects.counted().values_list("pk")
    ids, parameters = counted.query.sql_with_params()
    facts = f"LEFT JOIN ({READ} AND profile.id IN ({ids})) AS facts ON facts.id = asked.id"
    return select_standings(PackedCandidate, ", facts.*", facts), parameters


def read_counted(
    profile_ids: Iterable[int], *, at: datetime
) -> tuple[Standings, dict[int, ProfileFacts]]:
    """Return where profiles stand, and those that weigh in the market, as of one moment."""
    statement, parameters = _read_counted()
    ids = np.fromiter(profile_ids, np.int64)
    found = _fetched(statement, [ids, at - timedelta(days=BLIND_DAYS), ids, *parameters])
    facts = (row[-FACTS:] for row in found)
    return Standings.in_rows(found), _facts(row for row in facts if row[0] is not None)


def read_profiles(profile_ids: Iterable[int], *, at: datetime) -> dict[int, ProfileFacts]:
    """Return the profiles that exist and are not erased, by id, in one query."""
    ids = np.fromiter(profile_ids, np.int64)
    return _facts(_fetched(READ, [at - timedelta(days=BLIND_DAYS), ids]))


def _fetched(statement: str, parameters: Sequence[object]) -> list[tuple[Any, ...]]:
    with binary_cursor(prepares=True) as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()


def _facts(found: Iterable[Sequence[Any]]) -> dict[int, ProfileFacts]:
    """Return the facts in rows of ``READ``, by id."""
    money: Rates | None = None
    facts: dict[int, ProfileFacts] = {}
    for values in found:
        row = dict(zip(COLUMNS, values, strict=False))
        row |= {name: json.loads(row[name]) for name in _JSON}
        slugs, levels, verified, targets, priorities, stars, currency, kept = values[len(COLUMNS) :]
        money = money or Rates.of_row(currency, kept)
        facts[row["id"]] = ProfileFacts(
            candidate=_candidate(
                row,
                money,
                skills=dict(zip(slugs or (), levels or (), strict=True)),
                verified=frozenset(compress(slugs or (), verified or ())),
                targets=dict(zip(targets or (), priorities or (), strict=True)),
                ratings=tuple(stars or ()),
            ),
            version=row["version"],
            is_shown=Visibility(row["visibility"]).is_seen,
        )
    return facts


def read_person(profile: CandidateProfile, *, at: datetime) -> Candidate:
    """Return a stored profile as the engine sees it."""
    return read_profiles([profile.pk], at=at)[profile.pk].candidate


def with_related(interests: Mapping[str, float]) -> dict[str, float]:
    """Return the interests with the fields next to the wanted ones at an eighth."""
    whole = dict(interests)
    for name in sorted(interests):
        if interests[name] >= 1:
            for other in related_fields(name):
                whole.setdefault(other, RELATED_INTEREST)
    return whole


def field_wishes(interests: Mapping[str, float], rule: str) -> dict[str, Any]:
    """Return the engine's fields that interests set, by the rule that says how they are meant.

    ``rule`` is one of ``FieldRule``. Without an interest, "only these" leaves everything open.
    """
    wanted = frozenset(name for name, share in interests.items() if share > 0)
    return {
        "interests": with_related(interests),
        "only_fields": wanted if rule == FieldRule.ONLY else frozenset(),
        "fields_first": bool(wanted) and rule == FieldRule.FIRST,
    }


def _candidate(
    row: Mapping[str, Any],
    money: Rates,
    *,
    skills: Mapping[str, int],
    verified: frozenset[str],
    targets: Mapping[str, int],
    ratings: tuple[int, ...],
) -> Candidate:
    # Amounts in a currency without a rate cannot be compared: no floor, no need, usual target.
    known, currency = money.known(row["currency"]), row["currency"]
    target, need = row["rate_target_minor"], row["income_need_minor"]
    return Candidate(
        id=row["id"],
        **{name: as_engine(row[name]) for name in ENGINE_AS_IS},
        skills=skills,
        verified=verified,
        targets=targets,
        **field_wishes(row["interests"], row["field_rule"]),
        fields_done=frozenset(row["fields_done"]),
        # A name may be that of an aspect which another version of the program has.
        top3=tuple(name for name in row["top3"] if name in ASPECTS),
        modes=frozenset(row["modes"]),
        regions=names_of(row["regions"]),
        areas=areas_of(row["areas"]),
        rate_floor=money.major(row["rate_floor_minor"], currency) if known else 0.0,
        rate_target=money.major(target, currency) if known and target else RATE_REFERENCE,
        income_need=money.major(need, currency) if known and need else None,
        ratings=ratings,
        rights=frozenset(row["rights"]),
        blocked_weeks=frozenset(day.isoformat() for day in row["blocked_weeks"]),
        weekly_hours=tuple(
            (period["from"], period["until"], float(period["hours"]))
            for period in row["weekly_hours"]
        ),
    )
