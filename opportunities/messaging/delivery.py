"""Deliver what the outbox owes: each notice by one e-mail, or in one digest a day.

A delivery is claimed in a short transaction (SKIP LOCKED; the claim lapses by itself), sent
outside of any, and marked sent. Failures are tried again with growing pauses and then kept as
dead letters for staff. The message id follows from the notice, so that a mail sent twice by a
crash between sending and marking is one mail to its reader.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from smtplib import SMTPException, SMTPRecipientsRefused
from time import monotonic
from typing import Final
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse

from opportunities.accounts.models import User
from opportunities.core.alone import alone
from opportunities.core.text import clean_line, clean_text
from opportunities.messaging.models import Delivery, Notice, NoticePreference, NoticeRhythm

BATCH: Final = 50
DIGEST_NOTICES: Final = 50
DIGEST_TIME: Final = time(7)
"""When the day's digests go out, UTC."""

MAX_ATTEMPTS: Final = 12
SECONDS: Final = 40.0
"""For how long a turn begins new mails; a slow server gets the rest in the next."""
LEASE: Final = timedelta(minutes=10)
FIRST_PAUSE: Final = timedelta(seconds=30)
LONGEST_PAUSE: Final = timedelta(hours=1)
UNSUBSCRIBE_SALT: Final = "opportunities.unsubscribe"

logger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Letter:
    """One e-mail to one person: a single notice, or several in a digest."""

    recipient: User
    deliveries: tuple[Delivery, ...]

    @property
    def notices(self) -> list[Notice]:
        return [delivery.notice for delivery in self.deliveries]

    @property
    def is_decision(self) -> bool:
        return any(notice.is_decision for notice in self.notices)


def deliver(*, at: datetime, limit: int = BATCH) -> int:
    """Send what is due, at most ``limit`` letters; return how many were sent."""
    with alone("notices") as is_ours:
        return _deliver(at=at, limit=limit) if is_ours else 0


def _deliver(*, at: datetime, limit: int) -> int:
    letters = [*_claim_single(at=at, limit=limit), *_claim_digests(at=at, limit=limit)]
    sent = 0
    ends_at = monotonic() + SECONDS
    for index, letter in enumerate(letters):
        if index and monotonic() >= ends_at:
            _give_back(letters[index:], at=at)
            break
        try:
            message_for(letter).send()
        except SMTPRecipientsRefused as error:
            _fail(letter, error, at=at, is_final=True)
        except ValueError as error:  # an address or a header that no mail can carry
            _fail(letter, error, at=at, is_final=True)
        except (SMTPException, OSError) as error:
            # The server is away: the rest of the batch would only wait for it as well.
            for unsent in letters[index:]:
                _fail(unsent, error, at=at)
            break
        else:
            _mark_sent(letter, at=at)
            sent += 1
    return sent


def _give_back(letters: Sequence[Letter], *, at: datetime) -> None:
    """Let what there was no time for be claimed by the next turn, as if it had not been."""
    for letter in letters:
        Delivery.objects.filter(_claims(letter), sent_at__isnull=True).update(
            attempts=F("attempts") - 1, due_at=at
        )


def revive(*, delivery_ids: Sequence[int], at: datetime) -> int:
    """Let staff try dead letters again; return how many wait now."""
    return Delivery.objects.filter(pk__in=delivery_ids, dead_at__isnull=False).update(
        dead_at=None, attempts=0, due_at=at
    )


@transaction.atomic
def _claim_single(*, at: datetime, limit: int) -> list[Letter]:
    """Claim notices that are mailed one by one; set aside what a digest or nobody shall read."""
    rows = (
        _waiting(at)
        .filter(digested=False)
        .select_related("notice__recipient__notice_preference")
        .select_for_update(skip_locked=True, of=("self",))
        .order_by("due_at", "id")[:limit]
    )
    claimed, unwanted, later = [], [], []
    for delivery in rows:
        rhythm = _rhythm(delivery.notice.recipient)
        if not delivery.notice.recipient.is_active:
            unwanted.append(delivery.pk)
        elif delivery.notice.is_decision or rhythm == NoticeRhythm.EACH:
            claimed.append(delivery)
        elif rhythm == NoticeRhythm.OFF:
            unwanted.append(delivery.pk)
        else:
            later.append(delivery.pk)
    Delivery.objects.filter(pk__in=unwanted).delete()
    Delivery.objects.filter(pk__in=later).update(digested=True, due_at=_next_digest(at))
    return [Letter(delivery.notice.recipient, (delivery,)) for delivery in _leased(claimed, at=at)]


@transaction.atomic
def _claim_digests(*, at: datetime, limit: int) -> list[Letter]:
    """Claim each reader's digest whole: the lock is on her preference, not on its parts."""
    due = _waiting(at).filter(digested=True)
    readers = (
        NoticePreference.objects.filter(user__in=due.values("notice__recipient"))
        .select_for_update(skip_locked=True, of=("self",))
        .select_related("user")
        .order_by("id")[:limit]
    )
    letters = []
    for reader in readers:
        rows = due.filter(notice__recipient=reader.user).select_related("notice")
        claimed = _leased(list(rows.order_by("notice_id")[:DIGEST_NOTICES]), at=at)
        if claimed:
            letters.append(Letter(reader.user, tuple(claimed)))
    return letters


def _waiting(at: datetime) -> QuerySet[Delivery]:
    return Delivery.objects.filter(sent_at__isnull=True, dead_at__isnull=True, due_at__lte=at)


def _rhythm(person: User) -> str:
    preference: NoticePreference | None = getattr(person, "notice_preference", None)
    return preference.rhythm if preference else NoticeRhythm.EACH


def _next_digest(at: datetime) -> datetime:
    today = datetime.combine(at.date(), DIGEST_TIME, tzinfo=at.tzinfo)
    return today if at < today else today + timedelta(days=1)


def _leased(deliveries: list[Delivery], *, at: datetime) -> list[Delivery]:
    """Count the attempt and keep others away for a while; give up what was tried too often."""
    spent = [row for row in deliveries if row.attempts >= MAX_ATTEMPTS]
    Delivery.objects.filter(pk__in=[row.pk for row in spent]).update(
        dead_at=at, last_error="Given up: it was claimed often and never finished."
    )
    fresh = [row for row in deliveries if row.attempts < MAX_ATTEMPTS]
    Delivery.objects.filter(pk__in=[row.pk for row in fresh]).update(
        attempts=F("attempts") + 1, due_at=at + LEASE
    )
    for row in fresh:
        row.attempts += 1
    return fresh


def _claims(letter: Letter) -> Q:
    """Match the letter's deliveries while nobody else has claimed them since."""
    return Q(*(Q(pk=row.pk, attempts=row.attempts) for row in letter.deliveries), _connector=Q.OR)


def _mark_sent(letter: Letter, *, at: datetime) -> None:
    Delivery.objects.filter(_claims(letter), sent_at__isnull=True).update(sent_at=at, last_error="")


def _fail(letter: Letter, error: Exception, *, at: datetime, is_final: bool = False) -> None:
    """Plan the next attempt, or keep a dead letter."""
    attempts = max(row.attempts for row in letter.deliveries)
    gives_up = is_final or attempts >= MAX_ATTEMPTS
    logger.warning(
        "mail was not sent",
        delivery_id=letter.deliveries[0].pk,
        attempts=attempts,
        error=type(error).__name__,
        given_up=gives_up,
    )
    pause = min(FIRST_PAUSE * 2 ** (attempts - 1), LONGEST_PAUSE)
    Delivery.objects.filter(_claims(letter), sent_at__isnull=True).update(
        last_error=type(error).__name__,
        **({"dead_at": at} if gives_up else {"due_at": at + pause}),
    )


def message_for(letter: Letter) -> EmailMultiAlternatives:
    """Return the e-mail, plain and HTML; whatever is no decision can be unsubscribed from."""
    notices = letter.notices
    host = urlsplit(settings.SITE_URL).hostname
    headers = {
        "Message-ID": f"<{notices[0].public_id}.{len(notices)}@{host}>",
        "Auto-Submitted": "auto-generated",
    }
    unsubscribe = ""
    if not letter.is_decision:
        unsubscribe = settings.SITE_URL + unsubscribe_path(letter.recipient)
        headers["List-Unsubscribe"] = f"<{unsubscribe}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    subject = (
        clean_line(notices[0].subject) if len(notices) == 1 else f"{len(notices)} notices for you"
    )
    context = {
        "notices": [
            {
                "subject": clean_line(notice.subject),
                "body": clean_text(notice.body),
                "url": settings.SITE_URL + notice.url if notice.url else "",
            }
            for notice in notices
        ],
        "subject": subject,
        "name": letter.recipient.get_short_name(),
        "unsubscribe": unsubscribe,
        "settings_url": settings.SITE_URL + reverse("opportunities:notices"),
        "SITE_NAME": settings.SITE_NAME,
        "SITE_URL": settings.SITE_URL,
    }
    message = EmailMultiAlternatives(
        subject=f"{settings.SITE_NAME}: {subject}",
        body=render_to_string("messaging/mail/notices.txt", context),
        to=[letter.recipient.email],
        headers=headers,
    )
    message.attach_alternative(
        render_to_string("messaging/mail/notices.html", context), "text/html"
    )
    return message


def unsubscribe_path(person: User) -> str:
    """Return the address of one person's own unsubscribe button; it never expires."""
    token = signing.dumps(person.pk, salt=UNSUBSCRIBE_SALT)
    return reverse("opportunities:unsubscribe", args=[token])


def reader_of(token: str) -> User | None:
    """Return whom an unsubscribe link was written for, or None where it was not ours."""
    try:
        pk = signing.loads(token, salt=UNSUBSCRIBE_SALT)
    except signing.BadSignature:
        return None
    return User.objects.filter(pk=pk).first()
