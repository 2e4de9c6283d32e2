"""Tell employers of new people who fit a role of theirs: how many, and how well the best one does.

Who they are stands on the role's page alone, under the names that only this employer knows and
within the number of profiles that it may look at in a day.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Max, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy, ngettext

from matching.models import Introduction
from matching.shortlists import newcomers
from opportunities.core.outbox import lock
from opportunities.employers.permissions import members_of
from opportunities.messaging.kinds import switch_for
from opportunities.messaging.models import Notice
from opportunities.messaging.notify import notify
from opportunities.messaging.topics import Composed, Topic
from opportunities.roles.models import Opportunity

KIND: Final = "new_people"
AT_ONCE: Final = 200
"""Introductions looked at, or roles told of, in one turn of a task."""
BETWEEN: Final = timedelta(hours=24)
"""How long after a notice about a role the next one comes at the earliest."""


@transaction.atomic
def plan_new(*, at: datetime) -> int:
    """Set when employers are told of whom was introduced to them; return of how many."""
    raw = Introduction.objects.to_employers().filter(explained_at__isnull=True)
    rows = list(lock(raw.order_by("id"))[:AT_ONCE])
    last = dict(
        Introduction.objects.to_employers()
        .filter(role__in={row.role_id for row in rows}, told_at__isnull=False)
        .values_list("role")
        .annotate(last=Max("told_at"))
    )
    for row in rows:
        told = last.get(row.role_id)
        row.explained_at, row.due_at = at, at if told is None else max(at, told + BETWEEN)
    Introduction.objects.bulk_update(rows, ["explained_at", "due_at"])
    return len(rows)


def tell_due(*, at: datetime) -> int:
    """Write a notice to the members of every employer for whom something is due."""
    due = Introduction.objects.to_employers().filter(due_at__lte=at)
    roles = due.order_by("role").values_list("role", flat=True).distinct()
    return sum(_tell(role, at=at) for role in roles[:AT_ONCE])


@transaction.atomic
def _tell(role_id: int, *, at: datetime) -> bool:
    due = Introduction.objects.to_employers().filter(role=role_id, due_at__lte=at)
    keys = [row.pk for row in lock(due.order_by("pk"))]
    if not keys:
        return False
    role = Opportunity.objects.get(pk=role_id)
    chosen = list(newcomers.current(role, at=at).unseen().filter(pk__in=keys))
    Introduction.objects.filter(pk__in=keys).update(due_at=None)
    if not chosen:
        return False
    composed = _composed(role, chosen)
    written = notify(
        recipients=members_of(role.employer_id),
        kind=KIND,
        key=f"{KIND}:{min(row.pk for row in chosen)}",
        subject=composed.subject,
        body=composed.body,
        url=reverse("opportunities:manage-role", args=[role.public_id]),
        at=at,
    )
    Introduction.objects.filter(pk__in=[row.pk for row in chosen]).update(told_at=at)
    return bool(written)


def compose(notice: Notice, at: datetime) -> Composed | None:
    """Return the notice as it is true now; None if nobody of it is left or the role has closed."""
    first = int(notice.key.rpartition(":")[2])
    told = Introduction.objects.to_employers().select_related("role").filter(pk=first).first()
    if told is None:
        return None
    same = Q(told_at=told.told_at)
    left = list(newcomers.current(told.role, at=at).unseen().filter(same))
    if not left:
        return None
    return _composed(told.role, left)


def _composed(role: Opportunity, rows: Sequence[Introduction]) -> Composed:
    count = len(rows)

    def body() -> str:
        return ngettext(
            "The match is %(best)s of 100. You see them under names that only you are shown, and"
            " can invite them, on the page of the role.",
            "The best match is %(best)s of 100. You see them under names that only you are shown,"
            " and can invite them, on the page of the role.",
            count,
        ) % {"best": max(row.score for row in rows)}

    def subject() -> str:
        return ngettext(
            "%(count)s new person fits %(role)s", "%(count)s new people fit %(role)s", count
        ) % {"count": count, "role": role.title[:80]}

    return Composed(subject, body, body)


TOPIC: Final = Topic(
    KIND,
    compose=compose,
    switch=switch_for(
        KIND,
        gettext_lazy("email about new people who fit your roles"),
        concerns=lambda person: person.memberships.exists(),
    ),
)
