"""What employers see of somebody before an application, shown to that person: choice by choice.

It is drawn by the template of the employers' own page from what their query gives, so that it
cannot say anything else.
"""

from collections.abc import Mapping
from datetime import datetime

from django.template.loader import render_to_string

from matching.shortlists import queries, reasons
from matching.store import live
from matching.store.profiles import read_person
from opportunities.candidates.models import CandidateProfile, Visibility
from opportunities.roles.models import Opportunity


def seen_by_employers(profile: CandidateProfile, *, at: datetime) -> Mapping[str, str]:
    """Return, for each choice of who sees a profile, what they would see of it, as HTML.

    The role is the one that fits the person best today.
    """
    best = live.rank_roles(read_person(profile, at=at), at=at).ids[:1].tolist()
    role = Opportunity.objects.select_related("employer").filter(pk__in=best).first()
    context = {
        "role": role,
        "is_counted": CandidateProfile.objects.counted().filter(pk=profile.pk).exists(),
    }
    shown = {}
    for choice in Visibility:
        one = queries.preview(profile, role, choice, at=at) if role is not None else None
        suit = reasons.told(one.explanation, one.person) if one else None
        shown[choice.value] = render_to_string(
            "matching/shortlists/_seen.html",
            context | {"choice": choice, "one": one, "suit": suit},
        )
    return shown
