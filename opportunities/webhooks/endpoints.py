"""Endpoints: an employer's owners say where to send which events."""

import base64
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from opportunities.accounts.models import User
from opportunities.core import encryption, outbox
from opportunities.core.errors import Fault, Invalid, LimitReached, NotAllowed, NotFound, WrongState
from opportunities.core.rows import require_row, update_row
from opportunities.employers.locking import lock_employer
from opportunities.employers.permissions import is_member, is_owner
from opportunities.webhooks.addresses import check
from opportunities.webhooks.event_log import test_body
from opportunities.webhooks.models import (
    EVENT_TYPES,
    SIGNING_SECRETS,
    WebhookDelivery,
    WebhookEndpoint,
)
from opportunities.webhooks.sending import WEBHOOKS

MAX_ENDPOINTS: Final = 10
MAX_TESTS: Final = 5
"""Test messages of one endpoint that may wait to be sent."""
OVERLAP: Final = timedelta(hours=24)
"""How long the former secret still signs after a rotation."""


def create(
    *, employer_id: int, actor: User, url: str, types: Sequence[str], at: datetime
) -> WebhookEndpoint:
    """Send events of these types to an address from now on."""
    require_owner(employer_id, actor)
    kinds = _checked(url, types)
    with transaction.atomic():
        lock_employer(employer_id)  # two that are added at once shall not pass the limit
        if WebhookEndpoint.objects.filter(employer_id=employer_id).count() >= MAX_ENDPOINTS:
            detail = _("An organization has at most %(most)s webhooks.") % {"most": MAX_ENDPOINTS}
            raise LimitReached(detail)
        return WebhookEndpoint.objects.create(
            employer_id=employer_id, url=url, types=kinds, secret=new_secret(), created_at=at
        )


def change(
    *,
    endpoint_id: int,
    actor: User,
    url: str | None = None,
    types: Sequence[str] | None = None,
    enabled: bool | None = None,
    at: datetime,
) -> WebhookEndpoint:
    """Change where or what to send, or switch an endpoint off and on."""
    if url is not None:
        check(url)
    kinds = None if types is None else _known(types)
    with transaction.atomic():
        endpoint = own(endpoint_id, actor)
        changes: dict[str, Any] = {"url": url or endpoint.url, "types": kinds or endpoint.types}
        if enabled is not None:
            because = "" if enabled else gettext_noop("You switched it off.")
            changes |= {"disabled_at": None if enabled else at, "disabled_because": because}
        if url is not None or enabled:
            changes |= {"paused_until": None, "timeouts": 0}
        update_row(endpoint, **changes)
    return endpoint


@transaction.atomic
def remove(*, endpoint_id: int, actor: User) -> None:
    """Send nothing any more and forget what was sent."""
    own(endpoint_id, actor).delete()


@transaction.atomic
def rotate(*, endpoint_id: int, actor: User, at: datetime) -> WebhookEndpoint:
    """Draw a new secret; the former one, unless its key is lost, signs beside it for a day."""
    endpoint = own(endpoint_id, actor)
    is_lost = not SIGNING_SECRETS.opens(endpoint.secret)
    former = "" if is_lost else endpoint.secret
    update_row(endpoint, secret=new_secret(), former_secret=former, former_until=at + OVERLAP)
    return endpoint


@transaction.atomic
def test(*, endpoint_id: int, actor: User, at: datetime) -> WebhookDelivery:
    """Owe the endpoint a test message."""
    endpoint = own(endpoint_id, actor)
    _require_enabled(endpoint)
    waiting = endpoint.deliveries.filter(event=None, sent_at=None, dead_at=None)
    if waiting.count() >= MAX_TESTS:
        detail = _("%(waiting)s tests wait to be sent. Look at what became of those first.")
        raise LimitReached(detail % {"waiting": MAX_TESTS})
    return WebhookDelivery.objects.create(
        endpoint=endpoint, body=test_body(endpoint, at.isoformat()), created_at=at, due_at=at
    )


@transaction.atomic
def retry(*, endpoint_id: int, delivery_id: str, actor: User, at: datetime) -> WebhookDelivery:
    """Send something again: what failed, or what was lost on the other side."""
    endpoint = own(endpoint_id, actor)
    _require_enabled(endpoint)
    rows = endpoint.deliveries.filter(public_id=delivery_id[:40])
    if not outbox.renew(WEBHOOKS, rows, at=at):
        raise NotFound("There is no such delivery.")
    return rows.get()


def own(endpoint_id: int, actor: User) -> WebhookEndpoint:
    """Lock an endpoint and return it to an owner of its employer, or raise ``NotFound``."""
    rows = WebhookEndpoint.objects.select_for_update(no_key=True)
    endpoint = require_row(rows.filter(pk=endpoint_id), "There is no such webhook.")
    require_owner(endpoint.employer_id, actor)
    return endpoint


def require_owner(employer_id: int, actor: User) -> None:
    """Refuse everybody but the employer's owners."""
    if not is_member(actor, employer_id):
        raise NotFound("There is no such employer of yours.")
    if not is_owner(actor, employer_id):
        raise NotAllowed("Only an owner of the employer may do this.")


def _require_enabled(endpoint: WebhookEndpoint) -> None:
    if endpoint.disabled_at is not None:
        raise WrongState(_("This webhook is switched off."), allowed=["change"])


def new_secret() -> str:
    """Draw a secret in the form of Standard Webhooks; return it as the database keeps it."""
    drawn = "whsec_" + base64.b64encode(secrets.token_bytes(24)).decode()
    return SIGNING_SECRETS.encrypt(drawn)


def encrypt_all() -> int:
    """Encrypt secrets that are not under the present ``SECRET_KEY``; return how many rows."""
    columns = ("secret", "former_secret")
    return encryption.renew(WebhookEndpoint.objects.all(), columns, SIGNING_SECRETS.renewed)


def _checked(url: str, types: Sequence[str]) -> list[str]:
    """Return the types of a new webhook; what is wrong with it is told all at once."""
    faults: list[Fault] = []
    kinds: list[str] = []
    try:
        check(url)
    except Invalid as refusal:
        faults += refusal.faults
    try:
        kinds = _known(types)
    except Invalid as refusal:
        faults += refusal.faults
    if faults:
        raise Invalid(*faults)
    return kinds


def _known(types: Sequence[str]) -> list[str]:
    if not types:
        raise Invalid(Fault("types", "too_few", _("Choose at least one event.")))
    if set(types) - set(EVENT_TYPES):
        detail = f"types is one or more of: {', '.join(EVENT_TYPES)}."
        raise Invalid(Fault("types", "unknown_choice", detail))
    return sorted(set(types))
