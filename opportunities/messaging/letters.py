"""Letters to addresses that may have no account: written with the decision, sent afterwards.

A letter is claimed in a short transaction (SKIP LOCKED; the claim lapses by itself) and sent
outside of any. A crash between sending and marking sends a link twice, which harms nobody.
"""

from datetime import datetime, timedelta
from smtplib import SMTPException
from typing import Final

import structlog
from django.core.mail import EmailMessage
from django.db import transaction

from opportunities.messaging.models import Letter

BATCH: Final = 50
MAX_ATTEMPTS: Final = 12
LEASE: Final = timedelta(minutes=10)
LONGEST_PAUSE: Final = timedelta(hours=1)
logger = structlog.get_logger(__name__)


def write_letter(*, address: str, subject: str, body: str, at: datetime) -> Letter:
    """Owe a letter, inside the transaction that decides it."""
    return Letter.objects.create(
        address=address, subject=subject[:160], body=body[:4000], written_at=at, due_at=at
    )


def send_letters(*, at: datetime) -> int:
    """Send what is due and return how many letters went out."""
    return sum(_send(letter, at=at) for letter in _claim(at=at))


@transaction.atomic
def _claim(*, at: datetime) -> list[Letter]:
    due = Letter.objects.filter(sent_at__isnull=True, dead_at__isnull=True, due_at__lte=at)
    letters = list(
        due.select_for_update(no_key=True, skip_locked=True).order_by("due_at", "id")[:BATCH]
    )
    for letter in letters:
        letter.due_at = at + LEASE
        letter.attempts += 1
        letter.save(update_fields=["due_at", "attempts"])
    return letters


def _send(letter: Letter, *, at: datetime) -> bool:
    try:
        EmailMessage(letter.subject, letter.body, to=[letter.address]).send()
    except (SMTPException, OSError) as failure:
        logger.warning("letter not sent", letter_id=letter.pk, error=type(failure).__name__)
        letter.due_at = at + min(timedelta(seconds=30) * 2**letter.attempts, LONGEST_PAUSE)
        letter.dead_at = at if letter.attempts >= MAX_ATTEMPTS else None
        letter.save(update_fields=["due_at", "dead_at"])
        return False
    letter.sent_at = at
    letter.body = ""
    letter.save(update_fields=["sent_at", "body"])
    return True
