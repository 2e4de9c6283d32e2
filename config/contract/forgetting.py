"""Delete answers kept for repeated requests: the one module here that workers import."""

from datetime import datetime, timedelta
from typing import Final

from opportunities.accounts.models import StoredAnswer
from opportunities.core.retention import ANSWERS_DAYS

KEPT: Final = timedelta(days=ANSWERS_DAYS)


def forget_answers(*, at: datetime) -> int:
    """Delete the answers that need not be repeated any more; return how many."""
    return StoredAnswer.objects.filter(at__lte=at - KEPT).delete()[0]
