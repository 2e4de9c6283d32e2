"""What an employer is shown: how many fit, who might, and who applied, each with the reasons.

Nobody is named before applying: candidates stand under a handle that only this employer has, and
the list leaves out who is hidden, who blocked the employer and who applied already.
"""

import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Final

import numpy as np
from django.conf import settings
from django.db import connection

from matching import engine, tasks
from matching.engine.role_index import build_index
from matching.engine.scored_pairs import score_candidates
from matching.engine.topk import best_first
from matching.models import PackedCandidate, RoleList
from matching.priors import PRIORS
from matching.shortlists.reasons import Suit, told
from matching.store import live, read_profiles, read_roles
from matching.store.encode import decode
from matching.store.profiles import read_person
from matching.store.read import CANDIDATE_COLUMNS, joined
from matching.store.state import pick
from opportunities.accounts.models import User
from opportunities.applications import selecting
from opportunities.applications.models import Application
from opportunities.applications.pseudonyms import handle
from opportunities.candidates.models import CandidateProfile, Visibility
from opportunities.core.lifecycle import ApplicationStatus
from opportunities.roles.models import Opportunity

type Explained = tuple[engine.Candidate, engine.Explanation]
"""A person, and what the engine says of them and a role."""

POOL: Final = 20_000
"""Candidates counted for a role that is being written: all, or this many drawn by their id."""
POOL_SECONDS: Final = 60.0

SOME: Final = f"""
    SELECT {joined(CANDIDATE_COLUMNS)} FROM (
        SELECT * FROM {PackedCandidate._meta.db_table} WHERE fixed IS NOT NULL
        ORDER BY hashint8(subject_id), subject_id LIMIT {POOL}
    ) AS drawn
"""  # noqa: S608
NAMED: Final = f"""
    SELECT {joined(CANDIDATE_COLUMNS)} FROM {PackedCandidate._meta.db_table}
    WHERE fixed IS NOT NULL AND subject_id = ANY(%s)
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class MatchedCandidate:
    """A matched candidate as the employer may see them."""

    handle: str
    headline: str
    """Only of those who chose to be seen with it."""
    person: engine.Candidate
    explanation: engine.Explanation

    @property
    def suit(self) -> Suit:
        """How well they suit the role, in words, with the number that orders the role's list."""
        return told(self.explanation, self.person)


@dataclass(frozen=True, slots=True)
class FitsNow:
    """How many candidates a role as written reaches, and which single changes reach more."""

    passing: int
    of: int
    is_estimate: bool
    changes: list[engine.Change]


def fits_now(opportunity: engine.Opportunity, *, at: datetime) -> FitsNow:
    """Count the candidates who pass every gate of a role that may not even be saved."""
    pool, total = counted_pool(int(time.monotonic() // POOL_SECONDS))
    vocabulary = live.roles(at=at).vocabulary
    role = replace(opportunity, id=0)
    packed = engine.pack_opportunities([role], priors=PRIORS, vocabulary=vocabulary)
    passing = len(score_candidates(pool, build_index(packed, vocabulary=vocabulary)))
    share = total / len(pool) if len(pool) else 0.0
    changes = engine.pool_counterfactuals(
        pool, role, priors=PRIORS, rate=_usual_rate(pool), vocabulary=vocabulary
    )
    return FitsNow(
        passing=round(passing * share),
        of=total,
        is_estimate=total > len(pool),
        changes=[replace(change, opens_to=round(change.opens_to * share)) for change in changes],
    )


@lru_cache(maxsize=1)
def counted_pool(_span: int) -> tuple[engine.Candidates, int]:
    """Return the candidates that this process counts in a span of time, and how many there are."""
    return _read(SOME), PackedCandidate.objects.filter(fixed__isnull=False).count()


def _read(query: str, *arguments: list[int]) -> engine.Candidates:
    with connection.cursor() as cursor:
        cursor.execute(query, arguments)
        content = cursor.fetchone()
    return decode(engine.Candidates, dict(zip(CANDIDATE_COLUMNS, content, strict=True)))


def _usual_rate(pool: engine.Candidates) -> float:
    """Return the hourly pay that most of the pool finds fully adequate."""
    asked = pool.pay_scale[pool.pay_scale > 0]
    return round(float(engine.VALUE / np.median(asked)), 2) if len(asked) else 20.0


def candidates_of(
    role: Opportunity,
    *,
    actor: User,
    at: datetime,
    offset: int = 0,
    limit: int = 10,
    among: Collection[int] | None = None,
) -> list[MatchedCandidate]:
    """Return a page of the role's best candidates and note that the employer saw them.

    Who is on the list was settled when it was computed, or is named by ``among``; who of those may
    be shown, who still passes the gates, and their order are settled now.
    Raises ``LimitReached`` when the employer has looked at as many as a day allows.
    """
    allowed = {
        profile.pk: profile
        for profile in CandidateProfile.objects.matchable()
        .filter(pk__in=on_list(role, at=at) if among is None else among)
        .exclude(blocked_employers__employer=role.employer_id)
        .exclude(applications__opportunity=role)
    }
    people = _read(NAMED, list(allowed))
    record, vocabulary = _record(role, at), live.roles(at=at).vocabulary
    packed = engine.pack_opportunities([record], priors=PRIORS, vocabulary=vocabulary)
    scored = score_candidates(people, build_index(packed, vocabulary=vocabulary))
    order = best_first(scored.mutual, scored.candidate)
    chosen = scored.candidate[order][offset : offset + limit].tolist()
    handles = selecting.show_profiles(
        employer_id=role.employer_id, actor=actor, profile_ids=chosen, at=at
    )
    explained = _explain(people.take(pick(people.ids, np.sort(chosen))), packed, vocabulary)
    facts = read_profiles(chosen, at=at)
    return [
        MatchedCandidate(
            handle=handles[candidate],
            headline=headline_of(allowed[candidate], Visibility(allowed[candidate].visibility)),
            person=facts[candidate].candidate,
            explanation=explained[candidate],
        )
        for candidate in chosen
        if candidate in handles and candidate in explained and candidate in facts
    ]


def headline_of(profile: CandidateProfile, visibility: Visibility) -> str:
    """Return the headline of somebody where they let employers see it."""
    return profile.headline if visibility.shows_headline else ""


def best_role_of(profile: CandidateProfile, *, at: datetime) -> Opportunity | None:
    """Return the role that fits somebody best today."""
    best = live.rank_roles(read_person(profile, at=at), at=at).ids[:1].tolist()
    return Opportunity.objects.select_related("employer").filter(pk__in=best).first()


def previews(
    profile: CandidateProfile, role: Opportunity | None, *, at: datetime
) -> list[tuple[Visibility, MatchedCandidate | None]]:
    """Return somebody as the employer of a role would see them under each choice, if at all.

    It is drawn by the template of the employers' own page, so that it cannot say anything else.
    """
    explained = explain_applicants(role, [profile.pk], at=at).get(profile.pk) if role else None
    if role is None or explained is None:
        return [(choice, None) for choice in Visibility]
    name = handle(profile, role.employer)
    return [
        (choice, MatchedCandidate(name, headline_of(profile, choice), *explained))
        if choice.is_seen
        else (choice, None)
        for choice in Visibility
    ]


def on_list(role: Opportunity, *, at: datetime) -> list[int]:
    """Return who is on the role's list; one that is missing or old is asked for anew."""
    stored = RoleList.objects.filter(pk=role.pk).first()
    # One that bears a moment to come was computed by a clock that was wrong: nobody knows its age.
    if stored is None or not at - settings.ROLE_LIST_MAX_AGE <= stored.computed_at <= at:
        tasks.ask_for_list(role.pk, at=at)
    return [] if stored is None else stored.ids


def ranked_applicants(role: Opportunity, *, at: datetime) -> dict[int, Explained]:
    """Return, by application, everyone who applied; best suited first, ties as they applied."""
    applications = list(
        Application.objects.filter(opportunity=role)
        .exclude(status=ApplicationStatus.WITHDRAWN)
        .order_by("submitted_at", "id")
        .values_list("pk", "profile_id")
    )
    explained = explain_applicants(role, [profile for _, profile in applications], at=at)
    found = [
        (application, explained[profile])
        for application, profile in applications
        if profile in explained
    ]
    return dict(sorted(found, key=lambda one: -one[1][1].suit))


def explain_applicants(
    role: Opportunity, profile_ids: Iterable[int], *, at: datetime
) -> dict[int, Explained]:
    """Return, by profile, the person and why they suit the role and it fits them."""
    facts = read_profiles(profile_ids, at=at)
    people = engine.pack_candidates(facts[profile].candidate for profile in sorted(facts))
    if not len(people):
        return {}
    vocabulary = live.roles(at=at).vocabulary
    packed = engine.pack_opportunities([_record(role, at)], priors=PRIORS, vocabulary=vocabulary)
    return {
        profile: (facts[profile].candidate, explanation)
        for profile, explanation in _explain(people, packed, vocabulary).items()
    }


def _record(role: Opportunity, at: datetime) -> engine.Opportunity:
    return read_roles([role.pk], at=at, listed=False)[role.pk].opportunity


def _explain(
    people: engine.Candidates, packed: engine.Opportunities, vocabulary: engine.Vocabulary
) -> dict[int, engine.Explanation]:
    """Return the explanation of one role for each of these candidates."""
    places = np.arange(len(people), dtype=np.int64)
    explanations = engine.explain_rows(
        people, packed, places, np.zeros_like(places), vocabulary=vocabulary
    )
    return dict(zip(people.ids.tolist(), explanations, strict=True))
