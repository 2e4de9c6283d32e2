"""Send what the webhooks are owed: claimed under a lease, signed, repeated with growing pauses."""

import secrets
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from standardwebhooks import Webhook

from opportunities.accounts.models import User
from opportunities.core import outbox
from opportunities.core.alone import alone
from opportunities.core.encryption import KeyIsLost
from opportunities.core.outbound import TimedOut, Unreachable
from opportunities.core.retelling import retold
from opportunities.core.rows import update_row
from opportunities.employers.models import MemberRole
from opportunities.messaging.notify import notify
from opportunities.webhooks.addresses import DEADLINE, post
from opportunities.webhooks.models import SIGNING_SECRETS, WebhookDelivery, WebhookEndpoint

BATCH: Final = 16
"""Endpoints that a sweep sends to."""
EACH: Final = 50
"""Messages that an endpoint is sent in a sweep."""
AT_ONCE: Final = 16
SECONDS: Final = 20.0
"""For how long a sweep begins new attempts."""
LEASE: Final = timedelta(minutes=5)
FIRST_PAUSE: Final = timedelta(minutes=1)
LONGEST_PAUSE: Final = timedelta(hours=1)
"""An endpoint that does not answer in time is left alone, each time for twice as long."""
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


@dataclass(frozen=True, slots=True)
class _Turn:
    """What one endpoint is sent in one sweep, one after another."""

    endpoint: WebhookEndpoint
    deliveries: list[WebhookDelivery]


@dataclass(frozen=True, slots=True)
class _Outcome:
    """How an attempt ended; without an error it was taken."""

    status: int | None
    error: str
    timed_out: bool = False


def send_due(*, at: datetime, send: Post = post) -> int:
    """Send what is due, at most a batch; return how many messages were taken."""
    with alone("webhooks") as is_ours:
        if not is_ours:
            return 0
        turns = _claim(at=at)
        if not turns:
            return 0
        ends_at = time.monotonic() + SECONDS
        pool = ThreadPoolExecutor(AT_ONCE)
        try:
            futures = [
                pool.submit(_send, turn, at=at, send=send, ends_at=ends_at) for turn in turns
            ]
            wait(futures, timeout=SECONDS + DEADLINE)
            outcomes = [_outcomes_of(future) for future in futures]
        finally:
            # A name server that keeps silent holds its thread for a while; nobody waits for it.
            pool.shutdown(wait=False, cancel_futures=True)
        return sum(_settle(turn, each, at=at) for turn, each in zip(turns, outcomes, strict=True))


def _outcomes_of(future: Future[list[_Outcome]]) -> list[_Outcome]:
    if future.done():
        return future.result()
    if future.cancel():
        return []
    return [_Outcome(None, gettext_noop("It did not answer in time."), timed_out=True)]


def headers_of(delivery: WebhookDelivery, *, at: datetime) -> dict[str, str]:
    """Return the headers that prove who sent it; during a rotation both secrets sign.

    Raises ``KeyIsLost`` where a secret cannot be read.
    """
    endpoint = delivery.endpoint
    name = delivery.event.public_id if delivery.event else delivery.public_id
    kept = [endpoint.secret]
    if endpoint.former_secret and endpoint.former_until and endpoint.former_until > at:
        kept.append(endpoint.former_secret)
    signatures = [
        Webhook(SIGNING_SECRETS.decrypt(each)).sign(name, at, delivery.body) for each in kept
    ]
    return {
        "Content-Type": "application/json",
        "User-Agent": "Foothold-Webhooks/1",
        "webhook-id": name,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


@transaction.atomic
def _claim(*, at: datetime) -> list[_Turn]:
    """Claim endpoints that are owed something, so that a sweep that dies gives them back.

    Whoever holds the endpoint alone sends to it: it never has two attempts at a time.
    """
    owed = WEBHOOKS.ready(at=at).filter(endpoint=OuterRef("pk"))
    endpoints = list(
        WebhookEndpoint.objects.filter(
            Q(paused_until=None) | Q(paused_until__lte=at),
            Q(leased_until=None) | Q(leased_until__lte=at),
            disabled_at__isnull=True,
        )
        .annotate(oldest=Subquery(owed.values("due_at")[:1]))
        .filter(oldest__isnull=False)
        .select_for_update(skip_locked=True, of=("self",), no_key=True)
        .order_by("oldest", "id")[:BATCH]
    )
    return [_leased(endpoint, at=at) for endpoint in endpoints]


def _leased(endpoint: WebhookEndpoint, *, at: datetime) -> _Turn:
    update_row(endpoint, leased_until=at + LEASE)
    due = WEBHOOKS.ready(at=at).filter(endpoint=endpoint).select_related("event")
    # One that did not answer last time is asked with one message whether it does again.
    rows = list(outbox.lock(due)[: 1 if endpoint.timeouts else EACH])
    for delivery in rows:
        delivery.endpoint = endpoint
    return _Turn(endpoint, outbox.lease(WEBHOOKS, rows, at=at))


def _send(turn: _Turn, *, at: datetime, send: Post, ends_at: float) -> list[_Outcome]:
    """Send one after another until one is not taken, or the time of the sweep is up."""
    outcomes: list[_Outcome] = []
    for delivery in turn.deliveries:
        if outcomes and time.monotonic() >= ends_at:
            break
        outcomes.append(_attempt(delivery, at=at, send=send))
        if outcomes[-1].error:
            break
    return outcomes


def _attempt(delivery: WebhookDelivery, *, at: datetime, send: Post) -> _Outcome:
    try:
        status = send(delivery.endpoint.url, delivery.body, headers_of(delivery, at=at))
    except KeyIsLost:
        return _Outcome(None, gettext_noop("We can no longer read its secret: rotate it."))
    except TimedOut as error:
        return _Outcome(None, str(error), timed_out=True)
    except Unreachable as error:
        return _Outcome(None, str(error))
    if 200 <= status < 300:
        return _Outcome(status, "")
    return _Outcome(status, gettext_noop("It answered %(status)s.") % {"status": status})


@transaction.atomic
def _settle(turn: _Turn, outcomes: list[_Outcome], *, at: datetime) -> int:
    """Write down what became of a turn; return how many messages were taken.

    The endpoint may have been removed meanwhile, with all that it was owed, or been given another
    address: what the former one did not take is then sent to that.
    """
    rows = WebhookEndpoint.objects.select_for_update(no_key=True)
    endpoint = rows.filter(pk=turn.endpoint.pk).first()
    if endpoint is None:
        return sum(not outcome.error for outcome in outcomes)
    tried = list(zip(turn.deliveries, outcomes, strict=False))
    is_same = endpoint.url == turn.endpoint.url
    if not is_same:
        tried = [(delivery, outcome) for delivery, outcome in tried if not outcome.error]
    taken = sum(_settle_delivery(delivery, outcome, at=at) for delivery, outcome in tried)
    outbox.give_back(WEBHOOKS, turn.deliveries[len(tried) :], at=at)
    changes: dict[str, Any] = {"leased_until": None}
    if is_same and any(outcome.timed_out for outcome in outcomes):
        pause = FIRST_PAUSE * 2 ** min(endpoint.timeouts, 10)
        changes["timeouts"] = endpoint.timeouts + 1
        changes["paused_until"] = at + min(pause, LONGEST_PAUSE)
    elif is_same and outcomes:
        changes |= {"timeouts": 0, "paused_until": None}
    update_row(endpoint, **changes)
    return taken


def _settle_delivery(delivery: WebhookDelivery, outcome: _Outcome, *, at: datetime) -> bool:
    if not outcome.error:
        outbox.settle(WEBHOOKS, [delivery], at=at, last_status=outcome.status)
        return True
    is_gone, said = outcome.status == GONE, {"last_status": outcome.status}
    if outbox.fail(WEBHOOKS, [delivery], outcome.error, at=at, is_final=is_gone, **said):
        _disable(delivery.endpoint, because=outcome.error, at=at)
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
        subject=lambda: _("A webhook was switched off"),
        body=lambda: (
            _(
                "%(address)s did not take our messages. %(reason)s Switch it on again when it is "
                "ready; what happened meanwhile stands in the API's list of events for 30 days."
            )
            % {"address": endpoint.url, "reason": retold(because)}
        ),
        at=at,
        url=f"/employer/webhooks/{endpoint.employer.slug}/",
    )
