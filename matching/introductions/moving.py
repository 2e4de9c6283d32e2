"""Give what was introduced to one profile to another of the same person."""

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from matching.models import Introduction, IntroductionPreference
from matching.recommending import introduced
from opportunities.candidates.models import CandidateProfile


@transaction.atomic
def move(from_profile: CandidateProfile, to_profile: CandidateProfile) -> int:
    """Give the introductions of a profile to another; return how many were given.

    A pair that the other profile has already stays its own, so that it is told once. How often
    to tell goes along unless the other profile has a choice of its own.
    """
    own = Introduction.objects.filter(
        candidate=to_profile, role=OuterRef("role"), toward=OuterRef("toward")
    )
    rows = Introduction.objects.filter(candidate=from_profile)
    count = rows.filter(~Exists(own)).update(candidate=to_profile, explained_at=None, due_at=None)
    rows.delete()
    if not IntroductionPreference.objects.filter(profile=to_profile).exists():
        IntroductionPreference.objects.filter(profile=from_profile).update(profile=to_profile)
    introduced.count_news([to_profile.pk], at=timezone.now())
    return count
