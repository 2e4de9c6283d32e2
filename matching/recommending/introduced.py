"""The new matches of one candidate: which of what was introduced is still worth telling, in words.

A match is left out once it was dismissed or applied to, its employer blocked, or the role closed or
hidden; so page, notice and email never name what has passed.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final

import numpy as np
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from matching import limits
from matching.jobs import introducing
from matching.models import Dismissal, Feedback, Introduction, IntroductionQuerySet
from matching.recommending import queries
from matching.recommending.queries import Listing, Shown
from matching.store import live
from matching.store.firsts import FIRST, Entries
from matching.store.live import Ranking
from matching.store.profiles import read_person
from opportunities.accounts.models import User
from opportunities.applications.models import Application
from opportunities.candidates.models import BlockedEmployer, CandidateProfile
from opportunities.core import languages
from opportunities.roles.models import Opportunity

STAYS: Final = timedelta(hours=24)
"""How long a new match stays on top of the page after it was first seen there."""


def current(rows: IntroductionQuerySet, *, at: datetime) -> IntroductionQuerySet:
    """Keep what is introduced to candidates and still worth telling."""
    dismissed = Dismissal.objects.filter(
        profile=OuterRef("candidate"), opportunity=OuterRef("role")
    )
    return open_pairs(rows.to_candidates(), at=at).filter(
        ~Exists(dismissed), opened_at__isnull=True
    )


def open_pairs(rows: IntroductionQuerySet, *, at: datetime) -> IntroductionQuerySet:
    """Keep those of late in which nobody applied, nobody is blocked, and the role is listed."""
    candidate = OuterRef("candidate")
    applied = Application.objects.filter(profile=candidate, opportunity=OuterRef("role"))
    blocked = BlockedEmployer.objects.filter(profile=candidate, employer=OuterRef("role__employer"))
    return rows.filter(
        ~Exists(applied),
        ~Exists(blocked),
        at__gt=at - timedelta(days=limits.FRESH_DAYS),
        role__in=Opportunity.objects.listed(at=at),
    )


def untold(rows: IntroductionQuerySet, *, at: datetime) -> IntroductionQuerySet:
    """Keep what the candidate has not met yet: neither on this page, nor in the ranked list."""
    met = Feedback.objects.filter(profile=OuterRef("candidate"), opportunity=OuterRef("role"))
    return current(rows, at=at).unseen().filter(~Exists(met))


def on_page(profile: CandidateProfile, *, at: datetime, viewer: object) -> list[Introduction]:
    """Return what stands on top of the page of matches, and note it as seen.

    What was not seen yet comes first, and of that the best.
    """
    own = Introduction.objects.filter(candidate=profile, opened_at__isnull=True)
    fresh = own.filter(Q(seen_at__isnull=True) | Q(seen_at__gt=at - STAYS))
    shown: list[Introduction] = []
    if fresh.exists():  # most have none, and what is still worth telling asks five tables
        first = current(fresh, at=at).order_by(F("seen_at").desc(nulls_first=True), "-score", "-id")
        shown = list(first[: limits.NAMED_AT_ONCE])
    note_seen(profile, shown, at=at, viewer=viewer)
    return shown


def note_seen(
    profile: CandidateProfile, rows: Sequence[Introduction], *, at: datetime, viewer: object
) -> None:
    """Note that these were shown; the mark of this account counts what is left."""
    unseen = [row.pk for row in rows if row.seen_at is None]
    if unseen:
        Introduction.objects.filter(pk__in=unseen, seen_at__isnull=True).update(seen_at=at)
    if unseen or (isinstance(viewer, User) and viewer.news):
        count_news([profile.pk], at=at)
        if isinstance(viewer, User):
            viewer.refresh_from_db(fields=["news"])


def shown_of(
    profile: CandidateProfile, rows: Sequence[Introduction], *, at: datetime
) -> list[Shown]:
    """Return these introductions as the candidate's matches of now, in the sequence given.

    Who erased their profile has none.
    """
    ids = [row.role_id for row in rows]
    if not ids or profile.erased_at is not None:
        return []
    person = read_person(profile, at=at)
    return queries.show(live.roles(at=at), person, ids, late=queries.late_among(ids, at=at))


def explain(
    profile: CandidateProfile, rows: Sequence[Introduction], *, at: datetime
) -> list[Introduction]:
    """Set the number and the reasons of introductions, which are kept in each language of the site.

    Return those that have them: a role that has left the market has none. No row is saved.
    """
    shown = {one.role.pk: one for one in shown_of(profile, rows, at=at)}
    for row in rows:
        row.explained_at = at
        if (match := shown.get(row.role_id)) is not None:
            row.score = max(0, min(100, match.number))
            told = languages.in_each(partial(_sentences, match))
            row.reasons = told.pop(settings.LANGUAGE_CODE)
            row.translations = told
    return [row for row in rows if row.role_id in shown]


def _sentences(match: Shown) -> list[str]:
    # A copy: the match keeps its reasons in the language in which they are first asked for.
    return [reason.sentence for reason in replace(match).reasons]


@transaction.atomic
def introduce_to_guest(
    profile: CandidateProfile, found: Ranking, order: Listing, *, at: datetime
) -> None:
    """Introduce what entered a guest's first ten since their last look.

    Who has no account weighs nothing in the market, so that no worker ranks for them: the page that
    ranks for them anyway does it, and writes the reasons.
    Roles that opened before the guest came are no news.
    """
    first = order.ids[:FIRST]
    new = (
        Opportunity.objects.filter(pk__in=first, opened_at__gt=profile.created_at)
        .exclude(feedback__profile=profile)
        .exclude(introductions__candidate=profile)
    )
    roles = np.array(sorted(new.values_list("pk", flat=True)), np.int64)
    if not len(roles):
        return
    ranks = dict(zip(found.ids.tolist(), found.ranks.tolist(), strict=True))
    entries = Entries(
        np.full(len(roles), profile.pk, np.int64),
        roles,
        np.array([ranks[role] for role in roles.tolist()], np.int64),
    )
    introducing.introduce(entries, at=at)
    told = list(
        Introduction.objects.to_candidates().filter(
            candidate=profile, role__in=roles.tolist(), explained_at__isnull=True
        )
    )
    explain(profile, told, at=at)
    Introduction.objects.bulk_update(told, ["score", "reasons", "translations", "explained_at"])


def open_new(*, profile_id: int, role_id: int, at: datetime) -> None:
    """Note that a candidate opened a match that was introduced to them."""
    rows = Introduction.objects.to_candidates().filter(candidate=profile_id, role=role_id)
    if rows.filter(opened_at__isnull=True).update(opened_at=at):
        count_news([profile_id], at=at)


def count_news(profile_ids: Sequence[int], *, at: datetime) -> None:
    """Write on each account how many new matches wait, for the mark that every page carries."""
    rows = untold(Introduction.objects.filter(candidate__in=profile_ids), at=at)
    waiting = Counter(rows.values_list("candidate__user", flat=True))
    accounts = User.objects.filter(profile__in=profile_ids)
    for account in accounts.order_by("pk").only("pk", "news"):
        if account.news != waiting[account.pk]:
            User.objects.filter(pk=account.pk).update(news=waiting[account.pk])
