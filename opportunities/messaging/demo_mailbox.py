"""The mails of a demo or development site: kept in files, shown in a page, sent to nobody."""

import email
import email.policy
from pathlib import Path
from typing import Final

from django.conf import settings

SHOWN: Final = 50
FILES: Final = 200
MAX_BODY: Final = 6_000
_BETWEEN: Final = b"\n" + b"-" * 79 + b"\n"


def newest() -> list[dict[str, object]]:
    """Return the last mails as their readers would see them, newest first."""
    folder = Path(settings.VAR_DIR) / "outbox"
    files = sorted(folder.glob("*.log"), key=lambda file: file.stat().st_mtime, reverse=True)
    letters: list[dict[str, object]] = []
    for file in files[:FILES]:
        parts = [part for part in file.read_bytes().split(_BETWEEN) if part.strip()]
        letters += [_read(part) for part in reversed(parts)]
        if len(letters) >= SHOWN:
            break
    return letters[:SHOWN]


def _read(content: bytes) -> dict[str, object]:
    message = email.message_from_bytes(content, policy=email.policy.default)
    body = message.get_body(preferencelist=("plain",))
    return {
        "to": str(message["To"]),
        "subject": str(message["Subject"]),
        "sent_at": message["Date"].datetime,
        "body": str(body.get_content())[:MAX_BODY] if body else "",
    }
