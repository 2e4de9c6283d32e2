"""The new people who fit a role: introduced to its employer of late, and free to be invited."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef

from matching import limits
from matching.models import Introduction, IntroductionQuerySet
from matching.recommending.introduced import open_pairs
from matching.shortlists import queries
from matching.shortlists.queries import MatchedCandidate
from opportunities.accounts.models import User
from opportunities.applications.models import RoleInvitation
from opportunities.candidates.models import CandidateProfile
from opportunities.core.errors import LimitReached
from opportunities.roles.models import Opportunity


@dataclass(frozen=True, slots=True)
class Newcomers:
    """Who is new for a role: how many, and those who may be shown to this person today."""

    count: int
    rows: Sequence[MatchedCandidate]


def current(role: Opportunity, *, at: datetime) -> IntroductionQuerySet:
    """Return the introductions of people who may be shown and were neither asked nor applied.

    Nobody while the role is not on the lists.
    """
    invited = RoleInvitation.objects.filter(profile=OuterRef("candidate"), opportunity=role.pk)
    introductions = Introduction.objects.to_employers().filter(role=role)
    return open_pairs(introductions, at=at).filter(
        ~Exists(invited), candidate__in=CandidateProfile.objects.matchable()
    )


def newcomers_of(role: Opportunity, *, actor: User, at: datetime) -> Newcomers:
    """Return who is new for a role, best first, and note that the employer saw those shown.

    Where the day's number of profiles is used up, nobody is shown, and they stay new.
    """
    new = current(role, at=at)
    people = list(new.values_list("candidate", flat=True))
    if not people:
        return Newcomers(0, [])
    try:
        found = queries.candidates_of(
            role, actor=actor, at=at, limit=limits.NAMED_AT_ONCE, among=people
        )
    except LimitReached:
        return Newcomers(len(people), [])
    shown = [int(row.person.id) for row in found]
    new.unseen().filter(candidate__in=shown).update(seen_at=at)
    return Newcomers(len(people), found)
