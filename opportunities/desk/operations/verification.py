"""Verify an employer by hand (rule 1.1), or decide anything else about one."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from opportunities.accounts.models import User
from opportunities.core.errors import Conflict
from opportunities.desk.operations.decisions import verify
from opportunities.desk.operations.reasons import read_reason, require_moderator_of
from opportunities.desk.operations.sanctions import sanction
from opportunities.employers.locking import lock_employer
from opportunities.employers.models import Employer
from opportunities.moderation import outcomes
from opportunities.moderation.models import Sanction
from opportunities.moderation.outcomes import Outcome
from opportunities.roles.review import Ruling


@transaction.atomic
def verify_employer(*, employer_id: int, moderator: User, reason: str, at: datetime) -> Employer:
    """Say that one has checked who an employer is, and how."""
    employer = lock_employer(employer_id)
    require_moderator_of(moderator, employer)
    if employer.is_verified:
        raise Conflict(_("%(employer)s is verified already.") % {"employer": employer.name})
    outcome = outcomes.VERIFY
    verify(employer, Ruling(outcome, moderator, at, outcome.cites, read_reason(reason, outcome)))
    return employer


def on_employer(
    outcome: Outcome,
    *,
    employer_id: int,
    moderator: User,
    reason: str,
    grave: bool = False,
    at: datetime,
) -> Employer | Sanction:
    """Carry out any outcome that is decided on an employer; a grave matter skips rungs."""
    call: dict[str, Any] = {
        "employer_id": employer_id, "moderator": moderator, "reason": reason, "at": at,
    }  # fmt: skip
    if outcome.sanction:
        return sanction(outcome, **call, grave=grave)
    return verify_employer(**call)
