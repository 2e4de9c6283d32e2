"""What employers see of somebody before an application, shown to that person: choice by choice.

It is drawn by the template of the employers' own page from what their query gives, so that it
cannot say anything else.
"""

from dataclasses import dataclass
from datetime import datetime

from matching.shortlists import queries, reasons
from matching.store import live
from matching.store.profiles import read_person
from opportunities.candidates.models import CandidateProfile, Visibility
from opportunities.roles.models import Opportunity


@dataclass(frozen=True, slots=True)
class Seen:
    """What one choice of who sees a profile lets an employer see: nothing without ``one``."""

    choice: Visibility
    one: queries.MatchedCandidate | None
    suit: reasons.Suit | None


def role_for(profile: CandidateProfile, *, at: datetime) -> Opportunity | None:
    """Return the role that fits somebody best today."""
    best = live.rank_roles(read_person(profile, at=at), at=at).ids[:1].tolist()
    return Opportunity.objects.select_related("employer").filter(pk__in=best).first()


def seen_by_employers(
    profile: CandidateProfile, role: Opportunity | None, *, at: datetime
) -> list[Seen]:
    """Return what the employer of a role would see of somebody under each choice."""
    previews = queries.previews(profile, role, at=at) if role is not None else {}
    return [
        Seen(choice, one, reasons.told(one.explanation, one.person) if one else None)
        for choice in Visibility
        for one in [previews.get(choice)]
    ]
