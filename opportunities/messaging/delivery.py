"""Deliver what the outbox owes: each notice by one email, or in one digest a day.

Deliveries are a kind of ``outbox`` work: claimed, sent outside of any transaction, marked sent;
tried again with growing pauses and then kept as dead letters for staff. The message id follows
from the notice, so that a mail sent twice by a crash between sending and marking is one mail to
its reader.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from smtplib import SMTPException
from time import monotonic
from typing import Final
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.db import OperationalError, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from opportunities.accounts.mail import ALWAYS_SENT
from opportunities.accounts.models import User
from opportunities.accounts.time_zones import zone_of
from opportunities.core import languages, outbox
from opportunities.core.alone import alone
from opportunities.core.text import clean_line, clean_text
from opportunities.messaging import quiet
from opportunities.messaging.mail_servers import (
    MOST_ATTEMPTS,
    PAUSE,
    REFUSALS,
    address_is_refused,
)
from opportunities.messaging.models import Delivery, Notice, NoticeRhythm
from opportunities.messaging.notify import columns, in_each_language
from opportunities.messaging.topics import TOPICS, Compose, Switch, switch_of

BATCH: Final = 50
DIGEST_NOTICES: Final = 50
SECONDS: Final = 40.0
"""For how long a turn begins new mails; a slow server gets the rest in the next."""
LEASE: Final = timedelta(minutes=10)
NOTICES: Final = outbox.Kind(
    name="mail",
    model=Delivery,
    most_attempts=MOST_ATTEMPTS,
    lease=outbox.always(LEASE),
    pause=PAUSE,
)
UNSUBSCRIBE_SALT: Final = "opportunities.unsubscribe"

logger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Mail:
    """One email to one person: a single notice, or several in a digest."""

    recipient: User
    deliveries: tuple[Delivery, ...]
    texts: Mapping[int, str] = field(default_factory=dict)
    """By notice: the text of the email, where it is another than that of the notice."""


def deliver(*, at: datetime) -> int:
    """Send what is due, at most a batch of each sort; return how many mails were sent."""
    with alone("notices") as is_ours:
        return _deliver(at=at) if is_ours else 0


def _deliver(*, at: datetime) -> int:
    mails = [*_claim_single(at=at), *_claim_digests(at=at)]
    sent = 0
    ends_at = monotonic() + SECONDS
    for index, mail in enumerate(mails):
        if index and monotonic() >= ends_at:
            for unsent in mails[index:]:
                outbox.give_back(NOTICES, unsent.deliveries, at=at)
            break
        try:
            sent += _send(mail, at=at)
        except (SMTPException, OSError) as error:
            # The server is away: the rest of the batch would only wait for it as well.
            for unsent in mails[index:]:
                outbox.fail(NOTICES, unsent.deliveries, type(error).__name__, at=at)
            break
    return sent


def _send(mail: Mail, *, at: datetime) -> bool:
    """Send one mail; what is wrong with it alone holds up nothing behind it.

    Raises what says that the server is away: ``OSError``, or another ``SMTPException``.
    """
    with languages.speaking_to(mail.recipient):
        current = _as_it_is_now(mail, at=at)
        if current is None:
            return False
        message = message_for(current)
    told = current.deliveries
    try:
        message.send()
    except REFUSALS as refusal:
        is_final = address_is_refused(refusal)
        outbox.fail(NOTICES, told, type(refusal).__name__, at=at, is_final=is_final)
    except ValueError as error:  # an address or a header that no mail can carry
        outbox.fail(NOTICES, told, type(error).__name__, at=at, is_final=True)
    else:
        outbox.settle(NOTICES, told, at=at)
        return True
    return False


@transaction.atomic
def _claim_single(*, at: datetime) -> list[Mail]:
    """Claim notices that are mailed one by one; set aside what a digest or nobody shall read."""
    rows = (
        NOTICES.ready(at=at)
        .filter(digested=False)
        .select_related("notice__recipient__notice_preference")
    )
    claimed, unwanted = [], []
    for delivery in outbox.lock(rows)[:BATCH]:
        reader = delivery.notice.recipient
        awake = quiet.awake(reader, at=at) if delivery.notice.kind in TOPICS else at
        if not reader.is_active:
            unwanted.append(delivery.pk)
        elif delivery.notice.is_decision:
            claimed.append(delivery)
        elif _unwanted(reader, {delivery.notice.kind}):
            unwanted.append(delivery.pk)
        elif quiet.preference_of(reader).rhythm == NoticeRhythm.DAILY:
            morning = quiet.next_morning(at, zone_of(reader))
            _put_off(delivery, quiet.awake(reader, at=morning), digested=True)
        elif awake > at:
            _put_off(delivery, awake)
        else:
            claimed.append(delivery)
    Delivery.objects.filter(pk__in=unwanted).delete()
    leased = outbox.lease(NOTICES, claimed, at=at)
    return [Mail(delivery.notice.recipient, (delivery,)) for delivery in leased]


def _claim_digests(*, at: datetime) -> list[Mail]:
    """Claim the digest of each reader who is owed one."""
    due = NOTICES.ready(at=at).filter(digested=True)
    owed = User.objects.filter(pk__in=due.values("notice__recipient")).order_by("pk")
    mails = []
    for reader in owed.select_related("notice_preference")[:BATCH]:
        rows = due.filter(notice__recipient=reader).select_related("notice").order_by("notice_id")
        if unwanted := _unwanted(reader, set(rows.values_list("notice__kind", flat=True))):
            rows.filter(notice__kind__in=unwanted).delete()
        if claimed := outbox.claim(NOTICES, rows, limit=DIGEST_NOTICES, at=at):
            mails.append(Mail(reader, tuple(claimed)))
    return mails


def _unwanted(reader: User, kinds: Collection[str]) -> Collection[str]:
    """Return which of these kinds of news a person does not want mailed any more."""
    preference = quiet.preference_of(reader)
    if preference.rhythm == NoticeRhythm.OFF or not reader.is_active:
        return kinds
    return {kind for kind in kinds if kind in preference.stopped or _is_silent(kind, reader)}


def _is_silent(kind: str, reader: User) -> bool:
    """Say whether a kind has a rhythm of its own, by which its reader wants no mail.

    A topic that is written anew when it is sent looks at its rhythm then.
    """
    topic = TOPICS.get(kind)
    if topic is None or topic.compose or topic.switch is None or topic.switch.can_start:
        return False
    return topic.switch.is_stopped(reader)


def _put_off(delivery: Delivery, until: datetime, *, digested: bool = False) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(due_at=until, digested=digested)


def _as_it_is_now(mail: Mail, *, at: datetime) -> Mail | None:
    """Write anew what its topic writes when it is sent; None where nothing is left to tell."""
    kept, texts = [], {}
    for delivery in mail.deliveries:
        topic = TOPICS.get(delivery.notice.kind)
        if topic is None or topic.compose is None:
            kept.append(delivery)
            continue
        try:
            words = _written_anew(delivery.notice, topic.compose, at=at)
        except OperationalError:  # the database is away or busy, and the notice is not to blame
            raise
        except Exception as error:  # it shall not keep back those beside and behind it
            logger.exception("a mail could not be written", delivery=delivery.pk)
            outbox.fail(NOTICES, [delivery], type(error).__name__, at=at)
            continue
        if words is not None:
            texts[delivery.notice.pk] = words
            kept.append(delivery)
    return Mail(mail.recipient, tuple(kept), texts) if kept else None


@transaction.atomic
def _written_anew(notice: Notice, compose: Compose, *, at: datetime) -> str | None:
    """Store what a notice says now, and return what its email says.

    None where nothing is left of it, and it is taken back with its delivery, or where it was
    erased since it was claimed.
    """
    composed = compose(notice, at)
    if composed is None:
        notice.delete()
        return None
    anew = columns(in_each_language(composed.subject, composed.body), notice.recipient)
    if not Notice.objects.filter(pk=notice.pk).update(**anew):
        return None
    for name, value in anew.items():
        setattr(notice, name, value)
    return clean_text(languages.said(composed.mail))


def message_for(mail: Mail) -> EmailMultiAlternatives:
    """Return the email, plain and HTML; whatever is no decision can be unsubscribed from."""
    notices = [delivery.notice for delivery in mail.deliveries]
    host = urlsplit(settings.SITE_URL).hostname
    headers = {
        "Message-ID": f"<{notices[0].public_id}.{len(notices)}@{host}>",
        "Auto-Submitted": "auto-generated",
    }
    unsubscribe = ""
    kinds = {notice.kind for notice in notices}
    kind = kinds.pop() if len(kinds) == 1 else ""
    switch = switch_of(kind)
    if not any(notice.is_decision for notice in notices):
        path = unsubscribe_path(mail.recipient, kind=kind if switch else "")
        unsubscribe = settings.SITE_URL + path
        headers["List-Unsubscribe"] = f"<{unsubscribe}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    subject = (
        clean_line(notices[0].told.subject)
        if len(notices) == 1
        else ngettext("%(n)d notice for you", "%(n)d notices for you", len(notices))
        % {"n": len(notices)}
    )
    context = {
        "notices": [
            {
                "subject": clean_line(notice.told.subject),
                "body": mail.texts.get(notice.pk) or clean_text(notice.told.body),
                "url": settings.SITE_URL + notice.url if notice.url else "",
            }
            for notice in notices
        ],
        "subject": subject,
        "name": mail.recipient.get_short_name(),
        "unsubscribe": unsubscribe,
        "always_sent": str(ALWAYS_SENT),
        "stops": str(switch.what) if switch else _("all mail that is not a decision"),
        "settings_url": settings.SITE_URL
        + (switch.settings_url if switch else reverse("opportunities:notices")),
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


def unsubscribe_path(person: User, *, kind: str = "") -> str:
    """Return the address of one person's own unsubscribe button; it never expires.

    With a kind of notice it stops the email of that kind, else all that is no decision.
    """
    token = signing.dumps([person.pk, kind] if kind else person.pk, salt=UNSUBSCRIBE_SALT)
    return reverse("opportunities:unsubscribe", args=[token])


def read_unsubscribe(token: str) -> tuple[User, Switch | None] | None:
    """Return whom an unsubscribe link was written for, and what it stops if not all.

    None where the link is not ours.
    """
    try:
        signed = signing.loads(token, salt=UNSUBSCRIBE_SALT)
    except signing.BadSignature:
        return None
    pk, kind = signed if isinstance(signed, list) else (signed, "")
    reader = User.objects.filter(pk=pk).first()
    return None if reader is None else (reader, switch_of(kind))
