"""Read candidate profiles as the engine's records."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q

from matching.engine import Candidate
from matching.engine.records import RATE_REFERENCE
from matching.snapshot.currency import Rates
from opportunities.fields import related_fields
from opportunities.models import CandidateProfile, CandidateSkill, Review, TargetSkill, Visibility
from opportunities.models.completions import BLIND_DAYS

RELATED_INTEREST = 0.5
"""How much an interest in one field counts for the fields next to it."""

COLUMNS = (
    "id", "version", "visibility", "goal", "explore", "scope_wish", "available_from",
    "available_until", "hours_per_week", "weekly_hours", "blocked_weeks", "interests",
    "fields_done", "modes", "regions", "currency", "rate_floor_minor", "rate_target_minor",
    "income_need_minor", "credit", "evidence_wanted", "importance", "top3", "enrolled", "age_ok",
    "rights",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ProfileFacts:
    """One profile as the engine sees it."""

    candidate: Candidate
    version: int
    is_shown: bool
    """Employers may be shown this candidate, at least under a pseudonym."""


def read_profiles(
    profile_ids: Iterable[int], *, at: datetime, rates: Rates | None = None
) -> dict[int, ProfileFacts]:
    """Return the profiles that exist and are not erased, by id, in four queries."""
    ids = list(profile_ids)
    money = rates or Rates.read()
    skills: dict[int, dict[str, int]] = defaultdict(dict)
    verified: dict[int, set[str]] = defaultdict(set)
    # One order always, so that equal facts are equal bytes.
    for profile, slug, level, is_verified in (
        CandidateSkill.objects.filter(profile__in=ids)
        .order_by("id")
        .values_list("profile_id", "skill__slug", "level", "verified")
    ):
        skills[profile][slug] = level
        if is_verified:
            verified[profile].add(slug)
    targets: dict[int, dict[str, int]] = defaultdict(dict)
    for profile, slug, priority in (
        TargetSkill.objects.filter(profile__in=ids)
        .order_by("id")
        .values_list("profile_id", "skill__slug", "priority")
    ):
        targets[profile][slug] = priority
    ratings = _ratings(ids, at=at)
    rows = CandidateProfile.objects.filter(pk__in=ids, erased_at__isnull=True)
    return {
        row["id"]: ProfileFacts(
            candidate=_candidate(
                row,
                money,
                skills=skills[row["id"]],
                verified=frozenset(verified[row["id"]]),
                targets=targets[row["id"]],
                ratings=ratings[row["id"]],
            ),
            version=row["version"],
            is_shown=row["visibility"] != Visibility.HIDDEN,
        )
        for row in rows.values(*COLUMNS)
    }


def _ratings(ids: list[int], *, at: datetime) -> dict[int, tuple[int, ...]]:
    """Return the stars that employers gave and the candidate may already read."""
    answer = Review.objects.filter(completion=OuterRef("completion"), by_employer=False)
    visible = (
        Review.objects.filter(
            completion__application__profile__in=ids,
            completion__revoked_at__isnull=True,
            by_employer=True,
        )
        .filter(Q(Exists(answer)) | Q(at__lte=at - timedelta(days=BLIND_DAYS)))
        .order_by("id")
        .values_list("completion__application__profile_id", "stars")
    )
    found: dict[int, tuple[int, ...]] = defaultdict(tuple)
    for profile, stars in visible:
        found[profile] += (stars,)
    return found


def with_related(interests: Mapping[str, float]) -> dict[str, float]:
    """Return the interests with the fields next to the wanted ones at half."""
    whole = dict(interests)
    for name in sorted(interests):
        if interests[name] >= 1:
            for other in related_fields(name):
                whole.setdefault(other, RELATED_INTEREST)
    return whole


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
        goal=row["goal"],
        explore=row["explore"],
        scope_wish=row["scope_wish"],
        available_from=row["available_from"].isoformat(),
        available_until=row["available_until"] and row["available_until"].isoformat(),
        hours_per_week=row["hours_per_week"],
        skills=skills,
        verified=verified,
        targets=targets,
        interests=with_related(row["interests"]),
        fields_done=frozenset(row["fields_done"]),
        modes=frozenset(row["modes"]),
        regions=frozenset(row["regions"]),
        rate_floor=money.major(row["rate_floor_minor"], currency) if known else 0.0,
        rate_target=money.major(target, currency) if known and target else RATE_REFERENCE,
        income_need=money.major(need, currency) if known and need else None,
        credit=row["credit"],
        evidence_wanted=tuple(row["evidence_wanted"]),
        importance=row["importance"],
        top3=tuple(row["top3"]),
        ratings=ratings,
        enrolled=row["enrolled"],
        age_ok=row["age_ok"],
        rights=frozenset(row["rights"]),
        blocked_weeks=frozenset(day.isoformat() for day in row["blocked_weeks"]),
        weekly_hours=tuple(
            (period["from"], period["until"], float(period["hours"]))
            for period in row["weekly_hours"]
        ),
    )
