"""The list of roles, prepared from plain columns: no rows of the model, no serializer a row.

It answers exactly what ``OpportunityBriefSerializer`` answers for the same roles; a test holds
the two equal over roles of every format.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Final

from django.conf import settings
from django.db.models import QuerySet

from opportunities.core import pay
from opportunities.places import gazetteer
from opportunities.places.api import told
from opportunities.roles.fields import FIELDS, MONEY, PARTS
from opportunities.roles.models import Deliverable, OpportunitySkill
from opportunities.roles.models.listings import path_of

_LISTED: Final = [row for row in FIELDS.values() if row.in_lists]
PLAIN: Final = (
    "kind", "status",
    *(row.name for row in _LISTED if row.name not in {*MONEY, *PARTS}),
)  # fmt: skip
"""Columns that are answered as they are."""

COLUMNS: Final = (
    "pk", "public_id", "opened_at", "changed_at", "hourly_minor", "employer__public_id",
    "employer__slug", "employer__name", "employer__verified_at", "cities", "time_zone",
    "closes_at", *MONEY.values(), *PLAIN,
)  # fmt: skip
"""What is read of each role."""

ORDER: Final = (
    "id", "url", "kind", "employer", *(row.name for row in _LISTED), "locations",
    "time_zone", "closes_at", "pay_hour", "status", "published_at", "updated_at",
)  # fmt: skip
"""Members of the answer, in the order in which it names them."""


def prepared(rows: Iterable[dict[str, Any]], *, currency: str) -> list[dict[str, Any]]:
    """Return roles as the list shows them, from ``values(*COLUMNS)`` and two more queries."""
    roles = list(rows)
    ids = [role["pk"] for role in roles]
    skills = _lists(
        OpportunitySkill.objects.filter(opportunity__in=ids).order_by("id"),
        name="skill__slug",
        label="skill__name",
        **{name: name for name in ("level", "importance", "must")},
    )
    deliverables = _lists(
        Deliverable.objects.filter(opportunity__in=ids).order_by("position"),
        **{name: name for name in ("title", "done_means", "publishable")},
    )
    return [
        _role(role, skills[role["pk"]], deliverables[role["pk"]], currency=currency)
        for role in roles
    ]


def _role(
    role: dict[str, Any],
    skills: Sequence[dict[str, Any]],
    deliverables: Sequence[dict[str, Any]],
    *,
    currency: str,
) -> dict[str, Any]:
    public_id, paid_in = role["public_id"], role["pay_currency"]
    answer = {name: role[name] for name in PLAIN} | {
        "id": public_id,
        "url": f"{settings.SITE_URL}{path_of(role['title'], public_id)}",
        "employer": {
            "id": role["employer__public_id"],
            "slug": role["employer__slug"],
            "name": role["employer__name"],
            "verified": role["employer__verified_at"] is not None,
        },
        "locations": [told(city) for city in gazetteer.cities(role["cities"])],
        "time_zone": role["time_zone"],
        "closes_at": role["closes_at"],
        **{name: pay.major_text(role[column], paid_in) for name, column in MONEY.items()},
        "pay_hour": pay.amount_json(role["hourly_minor"], currency),
        "skills": skills,
        "deliverables": deliverables,
        "published_at": role["opened_at"],
        "updated_at": role["changed_at"],
    }
    return {name: answer[name] for name in ORDER}


def _lists(rows: QuerySet[Any], **columns: str) -> dict[int, list[dict[str, Any]]]:
    """Return the rows of each role, with their columns under the names of the answer."""
    found = defaultdict(list)
    for role, *values in rows.values_list("opportunity_id", *columns.values()):
        found[role].append(dict(zip(columns, values, strict=True)))
    return found
