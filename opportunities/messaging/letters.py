"""Letters to addresses that may have no account: written with the decision, sent afterwards.

A crash between sending and settling sends a link twice, which harms nobody.
"""

from datetime import datetime, timedelta
from smtplib import SMTPException
from typing import Final

from django.core.mail import EmailMessage

from opportunities.core import outbox
from opportunities.messaging.models import Letter

BATCH: Final = 50
LETTERS: Final = outbox.Kind(
    name="letter",
    model=Letter,
    most_attempts=12,
    lease=outbox.always(timedelta(minutes=10)),
    pause=outbox.doubling(timedelta(seconds=30), timedelta(hours=1)),
)


def write_letter(*, address: str, subject: str, body: str, at: datetime) -> Letter:
    """Owe a letter, inside the transaction that decides it."""
    return Letter.objects.create(
        address=address, subject=subject[:160], body=body[:4000], written_at=at, due_at=at
    )


def send_letters(*, at: datetime) -> int:
    """Send what is due and return how many letters went out."""
    return sum(_send(letter, at=at) for letter in outbox.claim(LETTERS, limit=BATCH, at=at))


def _send(letter: Letter, *, at: datetime) -> bool:
    try:
        EmailMessage(letter.subject, letter.body, to=[letter.address]).send()
    except (SMTPException, OSError) as failure:
        outbox.fail(LETTERS, [letter], type(failure).__name__, at=at)
        return False
    outbox.settle(LETTERS, [letter], at=at, body="")
    return True
