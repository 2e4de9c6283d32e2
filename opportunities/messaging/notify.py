"""Writes what people are told into the outbox, inside the transaction that decides it."""

from collections.abc import Iterable
from datetime import datetime

from opportunities.accounts.models import User
from opportunities.core.languages import Words, said, speaking_to
from opportunities.core.text import clean_line, clean_text
from opportunities.messaging.models import Delivery, Notice


def notify(
    *,
    recipients: Iterable[User],
    kind: str,
    key: str,
    subject: Words,
    body: Words,
    at: datetime,
    url: str = "",
    is_decision: bool = False,
) -> list[Notice]:
    """Tell each person once: a second call with the same ``key`` changes nothing.

    ``kind`` groups notices ("application_offered"); ``key`` names the event
    ("application_offered:app_…"). ``url`` is a path on this site. Decisions are mailed at once
    and cannot be unsubscribed from; the rest follows the recipient's preference. Words that are
    a function are asked for once for each person, in that person's language.
    """
    notices = []
    for person in sorted(set(recipients), key=lambda person: person.pk):
        if not person.is_active:
            continue
        with speaking_to(person):
            notices.append(
                Notice(
                    recipient=person,
                    kind=kind,
                    key=key,
                    subject=clean_line(said(subject))[:160],
                    body=clean_text(said(body))[:4000],
                    url=url,
                    is_decision=is_decision,
                    created_at=at,
                )
            )
    Notice.objects.bulk_create(notices, ignore_conflicts=True)
    written = list(
        Notice.objects.filter(
            public_id__in=[notice.public_id for notice in notices], delivery__isnull=True
        ).order_by("id")
    )
    Delivery.objects.bulk_create([Delivery(notice=notice, due_at=at) for notice in written])
    return written
