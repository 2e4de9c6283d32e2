"""Writes what people are told into the outbox, inside the transaction that decides it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from opportunities.accounts.models import User
from opportunities.core import languages
from opportunities.core.languages import Words, said
from opportunities.core.text import clean_line, clean_text
from opportunities.messaging.models import Delivery, Notice, NoticeWords


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
    a function are asked for once in each language of the site, so that whoever reads the notice
    later in another language than it was mailed in finds it told in that one.
    """
    told = in_each_language(subject, body)
    notices = [
        Notice(
            recipient=person,
            kind=kind,
            key=key,
            url=url,
            is_decision=is_decision,
            created_at=at,
            **columns(told, person),
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


def in_each_language(subject: Words, body: Words) -> dict[str, NoticeWords]:
    """Return the words of a notice in each language of the site, by its code."""
    return languages.in_each(
        lambda: NoticeWords(clean_line(said(subject))[:160], clean_text(said(body))[:4000])
    )


def columns(told: Mapping[str, NoticeWords], reader: User) -> dict[str, Any]:
    """Return what a notice keeps of its words: those of the reader's language, and the others."""
    own = told[languages.of(reader)]
    return {
        "subject": own.subject,
        "body": own.body,
        "translations": {code: words for code, words in told.items() if words != own},
    }
