"""The minute that a decision made at the desk waits."""

from django.utils import timezone

from opportunities.desk import operations as moderating
from opportunities.moderation.models import HeldDecision


def let_the_minute_pass() -> int:
    """Let every decision take effect now that was made at the desk; return how many did."""
    HeldDecision.objects.filter(due_at__isnull=False).update(due_at=timezone.now())
    return moderating.carry_out_held(at=timezone.now())
