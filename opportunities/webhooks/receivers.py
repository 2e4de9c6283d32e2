"""Marketplace announcements that become events for other systems, or work for our own."""

from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from opportunities.applications.models import Application
from opportunities.core.signals import application_moved, employer_changed, opportunity_moved
from opportunities.webhooks import event_log


@receiver(opportunity_moved)
def record_roles(sender: object, *, opportunity_ids: list[int], **_: Any) -> None:
    """Record the state that roles came into."""
    event_log.roles_moved(opportunity_ids=opportunity_ids, at=timezone.now())


@receiver(application_moved)
def record_application(sender: object, *, application: Application, action: str, **_: Any) -> None:
    """Record a step of an application."""
    event_log.application_moved(application=application, action=action, at=timezone.now())


@receiver(employer_changed)
def record_employer(sender: object, *, employer_id: int, **_: Any) -> None:
    """Record that an employer was verified or blocked."""
    event_log.employer_changed(employer_id=employer_id, at=timezone.now())
