"""Marketplace announcements that become events for other systems, or work for our own."""

from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from opportunities import eventing, hurrying, tasks
from opportunities.models import Application
from opportunities.signals import (
    application_moved,
    employer_changed,
    import_asked,
    opportunity_changing,
    opportunity_moved,
)


@receiver([opportunity_changing, opportunity_moved])
def record_role(sender: object, *, opportunity_id: int, **_: Any) -> None:
    """Record the state that a role came into."""
    eventing.role_moved(opportunity_id=opportunity_id, at=timezone.now())


@receiver(application_moved)
def record_application(sender: object, *, application: Application, action: str, **_: Any) -> None:
    """Record a step of an application."""
    eventing.application_moved(application=application, action=action, at=timezone.now())


@receiver(employer_changed)
def record_employer(sender: object, *, employer_id: int, **_: Any) -> None:
    """Record that an employer was verified or blocked."""
    eventing.employer_changed(employer_id=employer_id, at=timezone.now())


@receiver(import_asked)
def hurry_import(sender: object, *, job_id: int, **_: Any) -> None:
    """Send an import to a worker; if the message is lost, a sweep sends it again."""
    hurrying.send(tasks.import_roles, job_id=job_id)
