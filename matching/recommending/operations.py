"""Leave a role out of one candidate's matches, or let it in again."""

from datetime import datetime

from matching.models import Dismissal, Feedback
from opportunities.candidates import moving

moving.moves(Dismissal, moving.rows_of(Dismissal, once="opportunity"))
moving.moves(Feedback, moving.rows_of(Feedback, once="opportunity"))


def dismiss(*, profile_id: int, opportunity_id: int, reason: str, at: datetime) -> None:
    """Hide a role from this candidate; it teaches nobody else's ranking anything."""
    Dismissal.objects.update_or_create(
        profile_id=profile_id,
        opportunity_id=opportunity_id,
        defaults={"reason": reason, "at": at},
    )


def recall(*, profile_id: int, opportunity_id: int) -> None:
    """Show a dismissed role again."""
    Dismissal.objects.filter(profile_id=profile_id, opportunity_id=opportunity_id).delete()
