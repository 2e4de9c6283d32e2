"""React to the marketplace: owe the work in its transaction, hurry it after the commit."""

from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from matching import owing, tasks
from matching.models import Subject
from opportunities.core.signals import (
    opportunity_changed,
    opportunity_changing,
    profile_changed,
    profile_changing,
)


@receiver(opportunity_changing)
def owe_opportunity(sender: object, *, opportunity_id: int, **_: Any) -> None:
    """Owe the lists that this role may enter or leave."""
    owing.owe(Subject.ROLE, [opportunity_id], at=timezone.now())


@receiver(opportunity_changed)
def hurry_opportunity(sender: object, *, opportunity_id: int, **_: Any) -> None:
    """Ask a worker to do it now."""
    tasks.hurry(Subject.ROLE, [opportunity_id])


@receiver(profile_changing)
def owe_profile(sender: object, *, profile_id: int, **_: Any) -> None:
    """Owe this candidate's list."""
    owing.owe(Subject.CANDIDATE, [profile_id], at=timezone.now())


@receiver(profile_changed)
def hurry_profile(sender: object, *, profile_id: int, **_: Any) -> None:
    """Ask a worker to do it now."""
    tasks.hurry(Subject.CANDIDATE, [profile_id])
