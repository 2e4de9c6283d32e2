"""Read roles as the engine's records."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, IntegerField, Q, Sum
from django.db.models.functions import Cast

from matching.engine import Opportunity, Skill
from matching.store.places import places_of
from opportunities.core.rates import Rates
from opportunities.engagements.models import Completion
from opportunities.places.folding import fold
from opportunities.roles.fields import ENGINE_AS_IS, ENGINE_COLUMNS
from opportunities.roles.models import Deliverable, Mode, OpportunitySkill
from opportunities.roles.models import Opportunity as OpportunityRow

COLUMNS = ("id", "version", "employer_id", "employer__country", "cities", *ENGINE_COLUMNS)

type History = Mapping[tuple[int, str], tuple[int, int]]


@dataclass(frozen=True, slots=True)
class RoleFacts:
    """One role as the engine sees it."""

    opportunity: Opportunity
    version: int


def read_roles(
    opportunity_ids: Iterable[int], *, at: datetime, listed: bool = True
) -> dict[int, RoleFacts]:
    """Return roles by id, in four queries; only those that lists may show unless told otherwise."""
    ids = list(opportunity_ids)
    money = Rates.load()
    found = OpportunityRow.objects.filter(pk__in=ids)
    rows = list((found.listed(at=at) if listed else found).values(*COLUMNS))
    skills: dict[int, list[Skill]] = defaultdict(list)
    for role, slug, level, importance, must in (
        OpportunitySkill.objects.filter(opportunity__in=ids)
        .order_by("id")
        .values_list("opportunity_id", "skill__slug", "level", "importance", "must")
    ):
        skills[role].append(Skill(slug, level, importance, must))
    deliverables = {
        row["opportunity_id"]: (row["made"], row["public"])
        for row in Deliverable.objects.filter(opportunity__in=ids)
        .values("opportunity_id")
        .annotate(made=Count("id"), public=Count("id", filter=Q(publishable=True)))
    }
    history = _history({row["employer_id"] for row in rows})
    return {
        row["id"]: RoleFacts(
            opportunity=_opportunity(
                row,
                money,
                skills=tuple(skills[row["id"]]),
                deliverables=deliverables.get(row["id"]),
                history=history,
            ),
            version=row["version"],
        )
        for row in rows
    }


def _history(employers: Iterable[int]) -> History:
    """Return completed and converted engagements by employer and format."""
    signed = (
        Completion.objects.filter(
            application__opportunity__employer__in=list(employers),
            employer_signed_at__isnull=False,
            candidate_signed_at__isnull=False,
            revoked_at__isnull=True,
        )
        .values("application__opportunity__employer_id", "application__opportunity__format")
        .annotate(completed=Count("id"), went_on=Sum(Cast("converted", IntegerField())))
    )
    return {
        (
            row["application__opportunity__employer_id"],
            row["application__opportunity__format"],
        ): (row["completed"], row["went_on"])
        for row in signed
    }


def _opportunity(
    row: Mapping[str, Any],
    money: Rates,
    *,
    skills: tuple[Skill, ...],
    deliverables: tuple[int, int] | None,
    history: History,
) -> Opportunity:
    made, public = deliverables or (0, None)
    completed, converted = history.get((row["employer_id"], row["format"]), (0, 0))
    amount = row["pay_amount_minor"]
    comparable = amount is not None and money.known(row["pay_currency"])
    # A known place is compared by distance, any other by the name that it was given.
    name = "" if row["cities"] else fold(row["place"] or row["region"])
    is_paid = row["pay_kind"] not in {None, "unpaid"}
    return Opportunity(
        id=row["id"],
        org=str(row["employer_id"]),
        # A role that waits for its mode is looked at as remote; none is listed without one.
        **{name: as_engine(row[name]) for name in ENGINE_AS_IS}
        | {"mode": row["mode"] or Mode.REMOTE.value},
        region=name,
        places=places_of(row["cities"], "" if name else row["country"] or row["employer__country"]),
        # Pay in a currency without a rate cannot be compared: the aspect counts as unstated.
        pay_kind=row["pay_kind"] if comparable or not is_paid else None,
        pay_amount=money.major(amount, row["pay_currency"]) if comparable else 0.0,
        is_pay_comparable=comparable or not is_paid or amount is None,
        skills=skills,
        deliverables=made,
        public_works=public if row["public_works"] is None else row["public_works"],
        completed=completed,
        converted=converted,
    )


def as_engine(value: Any) -> Any:
    """Return a stated fact as the engine takes it: a date as text, a list that cannot change."""
    if isinstance(value, date):
        return value.isoformat()
    return tuple(value) if isinstance(value, list) else value


def draft_record(role: OpportunityRow, *, skills: Iterable[Skill] = ()) -> Opportunity:
    """Return a role that may not be saved yet as the engine's record; it has no history."""
    row = {name: getattr(role, name) for name in COLUMNS if "__" not in name}
    home = role.employer.country if role.employer_id else ""
    return _opportunity(
        row | {"id": 0, "employer__country": home, "cities": role.cities_stated()},
        Rates.load(),
        skills=tuple(skills),
        deliverables=None,
        history={},
    )
