"""Letters to addresses that may have no account: written with the decision, sent afterwards.

A crash between sending and settling sends a link twice, which harms nobody.
"""

import re
from datetime import datetime, timedelta
from time import monotonic
from typing import Final

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils import translation

from opportunities.accounts.mail import entered, page_of
from opportunities.accounts.models import User
from opportunities.core import outbox
from opportunities.core.alone import alone
from opportunities.core.languages import Words, of, said, speaking_to
from opportunities.core.text import clean_line, clean_text
from opportunities.messaging.mail_servers import MOST_ATTEMPTS, PAUSE, REFUSALS
from opportunities.messaging.models import Letter

LINK: Final = re.compile(r"^https?://\S+$", re.MULTILINE)
"""An address on a line of its own."""
BATCH: Final = 50
SECONDS: Final = 40.0
"""For how long a turn begins new letters; a slow server gets the rest in the next."""
LETTERS: Final = outbox.Kind(
    name="letter",
    model=Letter,
    most_attempts=MOST_ATTEMPTS,
    lease=outbox.always(timedelta(minutes=10)),
    pause=PAUSE,
)


def write_letter(
    *,
    address: str,
    sender: User,
    subject: Words,
    body: Words,
    at: datetime,
    button: Words = "",
) -> Letter:
    """Write a letter that is to be sent, inside the transaction that decides it.

    Words that are a function are said in the language of the account of this address, if there is
    one, else in that of the sender. An address that is a paragraph of the body is a button of
    the page, which says ``button``.
    """
    reader = User.objects.filter(email__iexact=address, is_active=True).first()
    with speaking_to(reader or sender):
        return Letter.objects.create(
            address=address,
            subject=clean_line(said(subject))[:160],
            body=clean_text(said(body))[:4000],
            button=clean_line(said(button))[:60],
            language=of(reader or sender),
            written_at=at,
            due_at=at,
        )


def send_letters(*, at: datetime) -> int:
    """Send what is due and return how many letters went out."""
    with alone("letters") as is_ours:
        claimed = outbox.claim(LETTERS, limit=BATCH, at=at) if is_ours else []
        return _send_claimed(claimed, at=at)


def _send_claimed(letters: list[Letter], *, at: datetime) -> int:
    sent = 0
    ends_at = monotonic() + SECONDS
    for index, letter in enumerate(letters):
        if index and monotonic() >= ends_at:
            outbox.give_back(LETTERS, letters[index:], at=at)
            break
        try:
            sent += _send(letter, at=at)
        except OSError as failure:
            # The server is away: the rest of the batch would only wait for it as well.
            for unsent in letters[index:]:
                outbox.fail(LETTERS, [unsent], type(failure).__name__, at=at)
            break
    return sent


def _send(letter: Letter, *, at: datetime) -> bool:
    try:
        message_for(letter).send()
    except REFUSALS as refusal:
        outbox.fail(LETTERS, [letter], type(refusal).__name__, at=at)
        return False
    outbox.settle(LETTERS, [letter], at=at, body="")
    return True


def message_for(letter: Letter) -> EmailMultiAlternatives:
    """Return the email of a letter, plain and HTML, in the language in which it was written."""
    subject, text = clean_line(letter.subject), clean_text(letter.body)
    buttons = dict.fromkeys(LINK.findall(text), letter.button) if letter.button else {}
    with translation.override(letter.language or settings.LANGUAGE_CODE):
        because = entered()
        page = page_of(subject, text, buttons=buttons, because=because)
    message = EmailMultiAlternatives(
        subject,
        f"{text}\n\n--\n{settings.SITE_NAME} · {settings.SITE_URL}\n{because}\n",
        to=[letter.address],
        headers={"Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(page, "text/html")
    return message
