"""Send imports and readings to a worker as soon as they are asked for."""

from typing import Any

from django.dispatch import receiver

from opportunities.core import nudge
from opportunities.core.signals import import_asked, reading_asked
from opportunities.importing import tasks


@receiver(import_asked)
def nudge_import(sender: object, *, job_id: int, **_: Any) -> None:
    """Send an import to a worker; if the message is lost, a sweep sends it again."""
    nudge.send(tasks.import_roles, job_id=job_id)


@receiver(reading_asked)
def nudge_reading(sender: object, **_: Any) -> None:
    """Let a worker read a source now; if the message is lost, the next sweep does."""
    nudge.send(tasks.read_sources)
