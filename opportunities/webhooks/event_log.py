"""Events: what happened, written in the transaction in which it happened, for other systems.

An event is thin: it names what changed and where to read it, never what it says. Each is owed to
the webhooks of its employer that asked for its type, and stands in the list for pollers.
"""

import json
from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from django.db.models import BigIntegerField, F, Func, Q, QuerySet, TextField
from django.db.models.functions import Cast

from opportunities.accounts.models import User
from opportunities.applications.models import Application
from opportunities.core.errors import Fault, Invalid
from opportunities.core.lifecycle import RoleStatus
from opportunities.core.retention import EVENTS_DAYS
from opportunities.employers.models import Employer, EmployerStatus
from opportunities.roles.models import Opportunity
from opportunities.roles.models.listings import ClosedBecause
from opportunities.webhooks.models import Event, WebhookDelivery, WebhookEndpoint

ROLE_EVENTS: Final[dict[str, str]] = {
    RoleStatus.IN_REVIEW: "opportunity.submitted",
    RoleStatus.OPEN: "opportunity.published",
    RoleStatus.CHANGES_ASKED: "opportunity.changes_requested",
    RoleStatus.REJECTED: "opportunity.rejected",
    RoleStatus.CLOSED: "opportunity.closed",
    RoleStatus.REMOVED: "opportunity.closed",
}
APPLICATION_EVENTS: Final = {
    "apply": "application.created",
    "withdraw": "application.withdrawn",
    "reject": "application.decided",
    "offer": "application.decided",
    "accept": "application.decided",
    "decline": "application.decided",
    "release": "application.decided",
}

CREDENTIAL_EVENTS: Final = {"complete": "credential.issued", "revoke": "credential.revoked"}


def roles_moved(*, opportunity_ids: Collection[int], at: datetime) -> None:
    """Record that roles came into another state; said of each state once in a row."""
    stated = ("public_id", "status", "closed_because", "version", "employer_id")
    roles = Opportunity.objects.only(*stated).filter(pk__in=opportunity_ids).order_by("pk")
    last = _last_of([role.public_id for role in roles])
    events = []
    for role in roles:
        kind = ROLE_EVENTS.get(role.status)
        if kind == "opportunity.closed" and role.closed_because == ClosedBecause.APPLY_BY:
            kind = "opportunity.expired"
        if kind is None or last.get(role.public_id) == kind:
            continue
        events.append(
            Event(
                type=kind,
                subject=role.public_id,
                url=f"/api/v1/opportunities/{role.public_id}",
                version=role.version,
                employer_id=role.employer_id,
                at=at,
            )
        )
    _record(*events)


def application_moved(*, application: Application, action: str, at: datetime) -> None:
    """Record a step of an application that either side's own system wants to know of."""
    employer_id, person = application.opportunity.employer_id, application.profile.user
    if action in CREDENTIAL_EVENTS:
        subject = application.completion.public_id
        kind, url = CREDENTIAL_EVENTS[action], f"/api/v1/credentials/{subject}"
    else:
        subject = application.public_id
        kind, url = APPLICATION_EVENTS.get(action, ""), f"/api/v1/applications/{subject}"
    if kind:
        event = Event(type=kind, subject=subject, url=url, version=application.version, at=at)
        event.employer_id, event.person = employer_id, person
        _record(event)


def employer_changed(*, employer_id: int, at: datetime) -> None:
    """Record that an employer was verified or blocked."""
    employer = Employer.objects.get(pk=employer_id)
    kind = ""
    if employer.status == EmployerStatus.BLOCKED:
        kind = "employer.blocked"
    elif employer.verified_at is not None:
        kind = "employer.verified"
    if kind and _last_of([employer.public_id]).get(employer.public_id) != kind:
        url = f"/api/v1/employers/{employer.public_id}"
        _record(Event(type=kind, subject=employer.public_id, url=url, employer=employer, at=at))


def readable(person: User, *, after: str) -> QuerySet[Event]:
    """Return a person's events that follow another, in the order in which they became visible.

    Only transactions older than every running one are read, so that none is skipped.
    """
    settled = Cast(
        Cast(Func(Func(function="pg_current_snapshot"), function="pg_snapshot_xmin"), TextField()),
        BigIntegerField(),
    )
    rows = Event.objects.filter(
        Q(employer__in=person.memberships.values("employer")) | Q(person=person),
        transaction__lt=settled,
    )
    if after:
        last = rows.filter(public_id=after[:40]).first()
        if last is None:
            raise Invalid(
                Fault("after", "unknown_choice", "after is the id of an event that you read.")
            )
        later = Q(transaction__gt=last.transaction)
        rows = rows.filter(later | Q(transaction=last.transaction, pk__gt=last.pk))
    return rows.order_by(F("transaction"), "id")


def forget(*, at: datetime) -> int:
    """Delete the events and deliveries that are no longer kept; return how many."""
    since = at - timedelta(days=EVENTS_DAYS)
    deliveries = WebhookDelivery.objects.filter(created_at__lt=since).delete()[0]
    return deliveries + Event.objects.filter(at__lt=since).delete()[0]


def test_body(endpoint: WebhookEndpoint, moment: str) -> str:
    """Return the body of a test: the endpoint itself is what it names."""
    url = f"/api/v1/webhook-endpoints/{endpoint.public_id}"
    return _body("webhook.test", moment, endpoint.public_id, url, 1)


def _body(kind: str, moment: str, subject: str, url: str, version: int) -> str:
    data = {"id": subject, "url": url, "version": version}
    return json.dumps({"type": kind, "timestamp": moment, "data": data}, separators=(",", ":"))


def _last_of(subjects: Collection[str]) -> dict[str, str]:
    """Return the type of the last event of each subject that has one."""
    rows = Event.objects.filter(subject__in=subjects).order_by("subject", "-id")
    return dict(rows.distinct("subject").values_list("subject", "type"))


def _record(*events: Event) -> None:
    """Write events and owe each to every webhook that asked for it."""
    Event.objects.bulk_create(events)
    listening: defaultdict[int, list[WebhookEndpoint]] = defaultdict(list)
    for endpoint in WebhookEndpoint.objects.filter(
        employer__in={event.employer_id for event in events if event.employer_id},
        disabled_at__isnull=True,
    ):
        listening[endpoint.employer_id].append(endpoint)
    WebhookDelivery.objects.bulk_create(
        WebhookDelivery(
            endpoint=endpoint,
            event=event,
            body=_body(event.type, event.at.isoformat(), event.subject, event.url, event.version),
            created_at=event.at,
            due_at=event.at,
        )
        for event in events
        if event.employer_id
        for endpoint in listening[event.employer_id]
        if event.type in endpoint.types
    )
