"""Send what the webhooks are owed: claimed under a lease, signed, repeated with growing pauses."""

import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from standardwebhooks import Webhook

from opportunities.accounts.models import User
from opportunities.core import outbox
from opportunities.employers.models import MemberRole
from opportunities.messaging.notify import notify
from opportunities.webhooks.addresses import Unreachable, post
from opportunities.webhooks.models import WebhookDelivery, WebhookEndpoint

BATCH: Final = 16
AT_ONCE: Final = 8
LEASE: Final = timedelta(minutes=5)
GONE: Final = 410

PAUSES: Final = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""Pauses before each repetition; after the last the endpoint is switched off."""

JITTER: Final = 0.1


def _pause(attempt: int) -> timedelta:
    """Return a pause of the table, a little longer or shorter, so that not all come at once."""
    stretch = 1 + secrets.SystemRandom().uniform(-JITTER, JITTER)
    return PAUSES[attempt - 1] * stretch


WEBHOOKS: Final = outbox.Kind(
    name="webhook",
    model=WebhookDelivery,
    most_attempts=len(PAUSES) + 1,
    lease=outbox.always(LEASE),
    pause=_pause,
)

type Post = Callable[[str, str, dict[str, str]], int]


def send_due(*, at: datetime, send: Post = post) -> int:
    """Send what is due, at most a batch; return how many were taken."""
    due = (
        WEBHOOKS.ready(at=at)
        .filter(endpoint__disabled_at__isnull=True)
        .select_related("endpoint", "event")
    )
    claimed = outbox.claim(WEBHOOKS, due, limit=BATCH, at=at)
    if not claimed:
        return 0
    with ThreadPoolExecutor(AT_ONCE) as pool:
        outcomes = list(pool.map(lambda row: _attempt(row, at=at, send=send), claimed))
    taken = 0
    for delivery, (status, error) in zip(claimed, outcomes, strict=True):
        taken += _settle(delivery, status=status, error=error, at=at)
    return taken


def headers_of(delivery: WebhookDelivery, *, at: datetime) -> dict[str, str]:
    """Return the headers that prove who sent it; during a rotation both secrets sign."""
    endpoint = delivery.endpoint
    name = delivery.event.public_id if delivery.event else delivery.public_id
    keys = [endpoint.secret]
    if endpoint.former_secret and endpoint.former_until and endpoint.former_until > at:
        keys.append(endpoint.former_secret)
    signatures = [Webhook(key).sign(name, at, delivery.body) for key in keys]
    return {
        "Content-Type": "application/json",
        "User-Agent": "Foothold-Webhooks/1",
        "webhook-id": name,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def _attempt(delivery: WebhookDelivery, *, at: datetime, send: Post) -> tuple[int | None, str]:
    try:
        status = send(delivery.endpoint.url, delivery.body, headers_of(delivery, at=at))
    except Unreachable as error:
        return None, str(error)
    return status, "" if 200 <= status < 300 else f"It answered {status}."


@transaction.atomic
def _settle(delivery: WebhookDelivery, *, status: int | None, error: str, at: datetime) -> bool:
    """Write down what became of an attempt; say whether it was taken."""
    if not error:
        outbox.settle(WEBHOOKS, [delivery], at=at, last_status=status)
        return True
    is_gone = status == GONE
    if outbox.fail(WEBHOOKS, [delivery], error, at=at, is_final=is_gone, last_status=status):
        _disable(delivery.endpoint, because=error, at=at)
    return False


def _disable(endpoint: WebhookEndpoint, *, because: str, at: datetime) -> None:
    done = WebhookEndpoint.objects.filter(pk=endpoint.pk, disabled_at__isnull=True).update(
        disabled_at=at, disabled_because=because[:120]
    )
    if not done:
        return
    owners = User.objects.filter(
        memberships__employer=endpoint.employer_id, memberships__role=MemberRole.OWNER
    )
    notify(
        recipients=list(owners),
        kind="webhook_disabled",
        key=f"webhook_disabled:{endpoint.public_id}:{at.isoformat()}",
        subject="A webhook was switched off",
        body=f"{endpoint.url} did not take our messages. {because} Switch it on again over the"
        " API when it is ready; nothing that it missed in the last 30 days is lost.",
        at=at,
        url="/employer/",
    )
