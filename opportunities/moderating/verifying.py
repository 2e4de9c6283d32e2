"""Verify an employer by hand (rule 1.1)."""

from datetime import datetime

from django.db import transaction

from opportunities.errors import Conflict
from opportunities.models import Employer, User
from opportunities.models.moderation import DecisionAction
from opportunities.moderating.deciding import verify
from opportunities.moderating.reasons import read_text, require_moderator_of
from opportunities.reviewing import Ruling, lock_employer


@transaction.atomic
def verify_employer(*, employer_id: int, moderator: User, reason: str, at: datetime) -> Employer:
    """Say that one has checked who an employer is, and how."""
    employer = lock_employer(employer_id)
    require_moderator_of(moderator, employer)
    if employer.is_verified:
        raise Conflict(f"{employer.name} is verified already.")
    note = read_text("reason", reason)
    verify(employer, Ruling(DecisionAction.VERIFY, moderator, at, ("1.1",), note))
    return employer
