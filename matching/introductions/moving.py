"""Give what was introduced to a guest to the account that the guest signs up or in with."""

from django.db.models import Exists, OuterRef
from django.utils import timezone

from matching.models import Introduction, IntroductionPreference
from matching.recommending import introduced
from opportunities.candidates import moving
from opportunities.candidates.models import CandidateProfile


def move(guest: CandidateProfile, own: CandidateProfile) -> None:
    """Give the introductions of a guest's profile to the account's.

    A pair that the account has already stays its own, so that it is told once.
    """
    known = Introduction.objects.filter(
        candidate=own, role=OuterRef("role"), toward=OuterRef("toward")
    )
    rows = Introduction.objects.filter(candidate=guest)
    rows.filter(~Exists(known)).update(candidate=own, explained_at=None, due_at=None)
    introduced.count_news([own.pk], at=timezone.now())


moving.moves(Introduction, move)
moving.moves(IntroductionPreference, moving.rows_of(IntroductionPreference, once="profile", most=1))
