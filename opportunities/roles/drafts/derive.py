"""What follows from the facts of a role: its kind, the third duration, true hourly pay."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from opportunities.core import pay
from opportunities.core.rates import Rates
from opportunities.places import areas, gazetteer
from opportunities.places.folding import fold
from opportunities.roles.fields import DURATIONS, MONEY, PARTS, PLAIN, RANGES
from opportunities.roles.formats import FORMATS
from opportunities.roles.models import Opportunity

type Parts = Mapping[str, list[dict[str, Any]]]
"""The lists of things that a role states, each with the fields it has."""

WHERE: Final = ("place", "region", "country", "cities")
"""The columns of where a role is, which are settled together."""


def durations(columns: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns with the third of hours, weeks and hours a week, where two are stated."""
    filled = dict(columns)
    total, weeks, weekly = (columns.get(name) for name in DURATIONS)
    if total is not None and weeks and weekly is None:
        filled["hours_per_week"] = _within("hours_per_week", total / weeks)
    elif total is not None and weekly and weeks is None:
        filled["weeks"] = _within("weeks", total / weekly)
    elif weeks is not None and weekly is not None and total is None:
        filled["hours_total"] = _within("hours_total", weeks * weekly)
    return filled


def forget_derived(values: Mapping[str, Any], changed: Mapping[str, Any]) -> dict[str, Any]:
    """Empty the duration that follows from the other two, once one of them is restated.

    One that was not stated and still is not says nothing of the others.
    """
    restated = {
        name
        for name in DURATIONS
        if name in changed
        and any(each not in (None, "") for each in (changed[name], values.get(name)))
    }
    if not restated or restated == set(DURATIONS):
        return dict(values)
    if len(restated) == 2:
        derived = (set(DURATIONS) - restated).pop()
    else:
        derived = "hours_total" if "hours_per_week" in restated else "hours_per_week"
    return {**values, derived: None}


def derive(opportunity: Opportunity, *, rates: Rates | None = None) -> Opportunity:
    """Fill in what follows from the facts: kind, third duration, effective pay, region, country."""
    opportunity.kind = FORMATS[opportunity.format].family
    settle_place(opportunity)
    stated = {name: getattr(opportunity, name) for name in DURATIONS}
    for name, value in durations(stated).items():
        setattr(opportunity, name, value)
    hourly = own_hourly(opportunity)
    if hourly is not None:
        hourly = (rates or Rates.load()).convert(hourly, opportunity.pay_currency)
    low, high = RANGES["hourly_minor"]
    opportunity.hourly_minor = hourly if hourly is not None and low <= hourly <= high else None
    return opportunity


def own_hourly(opportunity: Opportunity) -> int | None:
    """Return what an hour pays, in minor units of the currency that the role names itself."""
    return pay.hourly_minor(
        opportunity.pay_kind,
        opportunity.pay_amount_minor,
        hours=opportunity.hours_total,
        weeks=opportunity.weeks,
    )


def settle_place(opportunity: Opportunity) -> None:
    """Let region and country follow from a known place, and give it its own spelling.

    A county or division that was stated stays: it says more than the first division does.
    """
    opportunity.cities = opportunity.cities_stated()
    opportunity.time_zone = opportunity.time_zone_stated()
    if not (opportunity.place and opportunity.cities):
        return
    first = gazetteer.city(opportunity.cities[0])
    if first is None:
        return
    opportunity.country = opportunity.country or first.country
    if not gazetteer.parts_named(fold(opportunity.region)):
        opportunity.region = first.region[:60]
    parts = areas.parts_of(opportunity.place)
    if len(parts) == len(opportunity.cities):
        towns = zip(parts, opportunity.towns, strict=True)
        opportunity.place = "; ".join(
            town.name if fold(part) == fold(town.name) else part for part, town in towns
        )


def values_of(opportunity: Opportunity) -> dict[str, Any]:
    """Return what a stored role says, in the words that ``read`` takes."""
    values: dict[str, Any] = {row.name: getattr(opportunity, row.column) for row in PLAIN}
    for name in MONEY:
        if values[name] is not None:
            values[name] = pay.to_major(values[name], opportunity.pay_currency)
    return {**values, **parts_of(opportunity)}


def parts_of(opportunity: Opportunity) -> Parts:
    """Return the lists of things that a stored role states, each with the fields it has."""
    rows = {name: _rows_of(opportunity, name) for name in PARTS}
    return told_parts(
        **{
            name: sorted(rows[name], key=lambda row: getattr(row, "position", row.pk))
            for name in PARTS
        }
    )


def told_parts(**rows: Iterable[Any]) -> Parts:
    """Return the lists of things that rows state, in their order, each with the fields it has."""
    return {
        name: [{key: _told(row, key) for key in kind.fields} for row in rows.get(name, ())]
        for name, kind in PARTS.items()
    }


def _rows_of(opportunity: Opportunity, name: str) -> Any:
    rows = getattr(opportunity, name).all()
    # Rows that the caller fetched before are taken as they are.
    is_fetched = name in getattr(opportunity, "_prefetched_objects_cache", {})
    return rows.select_related("skill") if name == "skills" and not is_fetched else rows


def _told(row: Any, key: str) -> Any:
    return row.skill.slug if key == "name" else getattr(row, key)


def _within(name: str, value: float) -> float | None:
    low, high = RANGES[name]
    return round(value, 4) if low <= value <= high else None
