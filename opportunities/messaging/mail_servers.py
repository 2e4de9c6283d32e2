"""How long a mail server is asked to take a mail, and what its refusals say."""

from datetime import timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPSenderRefused
from typing import Final

from opportunities.core import outbox

MOST_ATTEMPTS: Final = 20
PAUSE: Final = outbox.doubling(timedelta(seconds=30), timedelta(hours=6))
"""With so many attempts a server may be away for two days and a half."""

REFUSALS: Final = (SMTPRecipientsRefused, SMTPSenderRefused, SMTPDataError)
"""The server works and does not take this mail; it may well take the next."""


def address_is_refused(refusal: Exception) -> bool:
    """Say whether a mail's address is refused for good.

    From 500 on a reply of SMTP is final; below that (greylisting, a full mailbox) the server asks
    to try again later (RFC 5321, 4.2.1).
    """
    return isinstance(refusal, SMTPRecipientsRefused) and all(
        code >= 500 for code, _ in refusal.recipients.values()
    )
