"""Writes what people are told into the outbox, inside the transaction that decides it."""

from collections.abc import Callable, Iterable
from datetime import datetime

from opportunities.accounts.models import User
from opportunities.core import languages
from opportunities.core.text import clean_line, clean_text
from opportunities.messaging.models import Delivery, Notice


def notify(
    *,
    recipients: Iterable[User],
    kind: str,
    key: str,
    subject: str | Callable[[], str],
    body: str | Callable[[], str],
    at: datetime,
    url: str = "",
    is_decision: bool = False,
) -> list[Notice]:
    """Tell each person once: a second call with the same ``key`` changes nothing.

    ``kind`` groups notices ("application_offered"); ``key`` names the event
    ("application_offered:app_…"). ``url`` is a path on this site. Decisions are mailed at once
    and cannot be unsubscribed from; the rest follows the recipient's preference. What ``subject``
    and ``body`` return is asked of them in the language of each who is told.
    """
    notices = [
        Notice(
            recipient=person,
            kind=kind,
            key=key,
            subject=clean_line(_said(subject, person))[:160],
            body=clean_text(_said(body, person))[:4000],
            url=url,
            is_decision=is_decision,
            created_at=at,
        )
        for person in sorted(set(recipients), key=lambda person: person.pk)
        if person.is_active
    ]
    Notice.objects.bulk_create(notices, ignore_conflicts=True)
    written = list(
        Notice.objects.filter(
            public_id__in=[notice.public_id for notice in notices], delivery__isnull=True
        ).order_by("id")
    )
    Delivery.objects.bulk_create([Delivery(notice=notice, due_at=at) for notice in written])
    return written


def _said(text: str | Callable[[], str], person: User) -> str:
    if isinstance(text, str):
        return text
    with languages.speaking_to(person):
        return text()
