"""Deliver what the outbox owes: each notice by one e-mail, or in one digest a day.

Deliveries are a kind of ``outbox`` work: claimed, sent outside of any transaction, marked sent;
tried again with growing pauses and then kept as dead letters for staff. The message id follows
from the notice, so that a mail sent twice by a crash between sending and marking is one mail to
its reader.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from smtplib import SMTPException, SMTPRecipientsRefused
from time import monotonic
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse

from opportunities.accounts.models import User
from opportunities.core import outbox
from opportunities.core.alone import alone
from opportunities.core.text import clean_line, clean_text
from opportunities.messaging.models import Delivery, Notice, NoticePreference, NoticeRhythm

BATCH: Final = 50
DIGEST_NOTICES: Final = 50
DIGEST_TIME: Final = time(7)
"""When the day's digests go out, UTC."""

SECONDS: Final = 40.0
"""For how long a turn begins new mails; a slow server gets the rest in the next."""
LEASE: Final = timedelta(minutes=10)
NOTICES: Final = outbox.Kind(
    name="mail",
    model=Delivery,
    most_attempts=12,
    lease=outbox.always(LEASE),
    pause=outbox.doubling(timedelta(seconds=30), timedelta(hours=1)),
)
UNSUBSCRIBE_SALT: Final = "opportunities.unsubscribe"


@dataclass(frozen=True, slots=True)
class Mail:
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
    """Send what is due, at most ``limit`` mails of each sort; return how many were sent."""
    with alone("notices") as is_ours:
        return _deliver(at=at, limit=limit) if is_ours else 0


def _deliver(*, at: datetime, limit: int) -> int:
    mails = [*_claim_single(at=at, limit=limit), *_claim_digests(at=at, limit=limit)]
    sent = 0
    ends_at = monotonic() + SECONDS
    for index, mail in enumerate(mails):
        if index and monotonic() >= ends_at:
            for unsent in mails[index:]:
                outbox.give_back(NOTICES, unsent.deliveries, at=at)
            break
        try:
            message_for(mail).send()
        except (SMTPRecipientsRefused, ValueError) as error:
            # Refused, or an address or a header that no mail can carry.
            outbox.fail(NOTICES, mail.deliveries, type(error).__name__, at=at, is_final=True)
        except (SMTPException, OSError) as error:
            # The server is away: the rest of the batch would only wait for it as well.
            for unsent in mails[index:]:
                outbox.fail(NOTICES, unsent.deliveries, type(error).__name__, at=at)
            break
        else:
            outbox.settle(NOTICES, mail.deliveries, at=at)
            sent += 1
    return sent


@transaction.atomic
def _claim_single(*, at: datetime, limit: int) -> list[Mail]:
    """Claim notices that are mailed one by one; set aside what a digest or nobody shall read."""
    rows = (
        NOTICES.ready(at=at)
        .filter(digested=False)
        .select_related("notice__recipient__notice_preference")
    )
    claimed, unwanted, later = [], [], []
    for delivery in outbox.lock(rows)[:limit]:
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
    leased = outbox.lease(NOTICES, claimed, at=at)
    return [Mail(delivery.notice.recipient, (delivery,)) for delivery in leased]


@transaction.atomic
def _claim_digests(*, at: datetime, limit: int) -> list[Mail]:
    """Claim each reader's digest whole: the lock is on their preference, not on its parts."""
    due = NOTICES.ready(at=at).filter(digested=True)
    readers = (
        NoticePreference.objects.filter(user__in=due.values("notice__recipient"))
        .select_for_update(skip_locked=True, of=("self",))
        .select_related("user")
        .order_by("id")[:limit]
    )
    mails = []
    for reader in readers:
        rows = due.filter(notice__recipient=reader.user).select_related("notice")
        chosen = list(rows.order_by("notice_id")[:DIGEST_NOTICES])
        if claimed := outbox.lease(NOTICES, chosen, at=at):
            mails.append(Mail(reader.user, tuple(claimed)))
    return mails


def _rhythm(person: User) -> str:
    preference: NoticePreference | None = getattr(person, "notice_preference", None)
    return preference.rhythm if preference else NoticeRhythm.EACH


def _next_digest(at: datetime) -> datetime:
    today = datetime.combine(at.date(), DIGEST_TIME, tzinfo=at.tzinfo)
    return today if at < today else today + timedelta(days=1)


def message_for(mail: Mail) -> EmailMultiAlternatives:
    """Return the e-mail, plain and HTML; whatever is no decision can be unsubscribed from."""
    notices = mail.notices
    host = urlsplit(settings.SITE_URL).hostname
    headers = {
        "Message-ID": f"<{notices[0].public_id}.{len(notices)}@{host}>",
        "Auto-Submitted": "auto-generated",
    }
    unsubscribe = ""
    if not mail.is_decision:
        unsubscribe = settings.SITE_URL + unsubscribe_path(mail.recipient)
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
        "name": mail.recipient.get_short_name(),
        "unsubscribe": unsubscribe,
        "settings_url": settings.SITE_URL + reverse("opportunities:notices"),
        "SITE_NAME": settings.SITE_NAME,
        "SITE_URL": settings.SITE_URL,
    }
    message = EmailMultiAlternatives(
        subject=f"{settings.SITE_NAME}: {subject}",
        body=render_to_string("messaging/mail/notices.txt", context),
        to=[mail.recipient.email],
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
