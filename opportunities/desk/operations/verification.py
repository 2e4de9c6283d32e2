"""Verify an employer by hand (rule 1.1)."""

from datetime import datetime

from django.db import transaction

from opportunities.accounts.models import User
from opportunities.core.errors import Conflict
from opportunities.desk.operations.decisions import verify
from opportunities.desk.operations.reasons import read_text, require_moderator_of
from opportunities.employers.locking import lock_employer
from opportunities.employers.models import Employer
from opportunities.moderation.models import DecisionAction
from opportunities.roles.review import Ruling


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
