"""React to the marketplace: owe the work in its transaction, nudge a worker after the commit."""

from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from matching import tasks
from matching.introductions.tasks import tell
from matching.jobs import owed_work
from matching.jobs.introducing import introduced
from matching.models import Subject
from opportunities.core import nudge as nudging
from opportunities.core.signals import (
    opportunity_changed,
    opportunity_changing,
    profile_changed,
    profile_changing,
)


@receiver(opportunity_changing)
def owe_opportunity(sender: object, *, opportunity_id: int, **_: Any) -> None:
    """Owe what the engine reads of this role."""
    owed_work.owe(Subject.ROLE, [opportunity_id], at=timezone.now())


@receiver(opportunity_changed)
def nudge_opportunity(sender: object, *, opportunity_id: int, **_: Any) -> None:
    """Ask a worker to do it now."""
    tasks.nudge(Subject.ROLE, [opportunity_id])


@receiver(introduced)
def nudge_introductions(sender: object, **_: Any) -> None:
    """Ask a worker to explain and tell what was introduced."""
    nudging.send(tell)


@receiver(profile_changing)
def owe_profile(sender: object, *, profile_id: int, **_: Any) -> None:
    """Owe what the engine reads of this candidate."""
    owed_work.owe(Subject.CANDIDATE, [profile_id], at=timezone.now())


@receiver(profile_changed)
def nudge_profile(sender: object, *, profile_id: int, **_: Any) -> None:
    """Ask a worker to do it now."""
    tasks.nudge(Subject.CANDIDATE, [profile_id])
