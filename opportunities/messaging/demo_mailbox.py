"""The mails of a demo or development site: kept in files, shown in a page, sent to nobody."""

import email
import email.policy
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from django.conf import settings

SHOWN: Final = 50
FILES: Final = 200
MAX_BODY: Final = 6_000
_BETWEEN: Final = b"\n" + b"-" * 79 + b"\n"


@dataclass(frozen=True, slots=True)
class Sent:
    """A mail as its reader would see it."""

    to: str
    subject: str
    sent_at: datetime
    body: str


def newest() -> list[Sent]:
    """Return the last mails, newest first."""
    folder = Path(settings.VAR_DIR) / "outbox"
    files = sorted(folder.glob("*.log"), key=lambda file: file.stat().st_mtime, reverse=True)
    letters: list[Sent] = []
    for file in files[:FILES]:
        parts = [part for part in file.read_bytes().split(_BETWEEN) if part.strip()]
        letters += [_read(part) for part in reversed(parts)]
        if len(letters) >= SHOWN:
            break
    return letters[:SHOWN]


def _read(content: bytes) -> Sent:
    message = email.message_from_bytes(content, policy=email.policy.default)
    body = message.get_body(preferencelist=("plain",))
    return Sent(
        to=str(message["To"]),
        subject=str(message["Subject"]),
        sent_at=message["Date"].datetime,
        body=str(body.get_content())[:MAX_BODY] if body else "",
    )
