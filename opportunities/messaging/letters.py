"""Letters to addresses that may have no account: written with the decision, sent afterwards.

A letter is claimed in a short transaction (SKIP LOCKED; the claim lapses by itself) and sent
outside of any. A crash between sending and marking sends a link twice, which harms nobody.
"""

from datetime import datetime, timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPSenderRefused
from time import monotonic
from typing import Final

import structlog
from django.core.mail import EmailMessage
from django.db import transaction

from opportunities.core.alone import alone
from opportunities.core.text import clean_line, clean_text
from opportunities.messaging.models import Letter

BATCH: Final = 50
MAX_ATTEMPTS: Final = 12
SECONDS: Final = 40.0
"""For how long a turn begins new letters; a slow server gets the rest in the next."""
LEASE: Final = timedelta(minutes=10)
LONGEST_PAUSE: Final = timedelta(hours=1)
logger = structlog.get_logger(__name__)


def write_letter(*, address: str, subject: str, body: str, at: datetime) -> Letter:
    """Owe a letter, inside the transaction that decides it."""
    return Letter.objects.create(
        address=address,
        subject=clean_line(subject)[:160],
        body=clean_text(body)[:4000],
        written_at=at,
        due_at=at,
    )


def send_letters(*, at: datetime) -> int:
    """Send what is due and return how many letters went out."""
    with alone("letters") as is_ours:
        return _send_claimed(_claim(at=at), at=at) if is_ours else 0


def _send_claimed(letters: list[Letter], *, at: datetime) -> int:
    sent = 0
    ends_at = monotonic() + SECONDS
    for index, letter in enumerate(letters):
        if index and monotonic() >= ends_at:
            _give_back(letters[index:], at=at)
            break
        try:
            sent += _send(letter, at=at)
        except OSError as failure:
            # The server is away: the rest of the batch would only wait for it as well.
            for unsent in letters[index:]:
                _fail(unsent, failure, at=at)
            break
    return sent


def _give_back(letters: list[Letter], *, at: datetime) -> None:
    """Let what there was no time for be claimed by the next turn, as if it had not been."""
    for letter in letters:
        letter.due_at = at
        letter.attempts -= 1
        letter.save(update_fields=["due_at", "attempts"])


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
        EmailMessage(
            clean_line(letter.subject), clean_text(letter.body), to=[letter.address]
        ).send()
    except (SMTPRecipientsRefused, SMTPSenderRefused, SMTPDataError) as failure:
        _fail(letter, failure, at=at)
        return False
    letter.sent_at = at
    letter.body = ""
    letter.save(update_fields=["sent_at", "body"])
    return True


def _fail(letter: Letter, failure: Exception, *, at: datetime) -> None:
    """Plan the next attempt, or keep a dead letter."""
    logger.warning("letter not sent", letter_id=letter.pk, error=type(failure).__name__)
    letter.due_at = at + min(timedelta(seconds=30) * 2**letter.attempts, LONGEST_PAUSE)
    letter.dead_at = at if letter.attempts >= MAX_ATTEMPTS else None
    letter.save(update_fields=["due_at", "dead_at"])
