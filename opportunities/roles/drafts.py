"""What a draft of a role may say, read once for pages, API and files. Nothing here is stored.

A whole draft is read into columns and parts, with a fault for every answer that does not pass;
kind, third duration, true hourly pay and place follow from its facts. Durations are hours, weeks
and hours a week; money is in major units of ``pay_currency``.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as factory
from datetime import date, timedelta
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from opportunities.core import languages, pay
from opportunities.core.errors import Fault
from opportunities.core.pay import PayKind
from opportunities.core.rates import Rates
from opportunities.core.rendering import visible
from opportunities.core.validation import Refused, read_each
from opportunities.places import areas, gazetteer
from opportunities.places.folding import fold
from opportunities.roles import formats
from opportunities.roles.fields import (
    FIELDS,
    MAX_APPLY_DAYS,
    MAX_QUESTIONS_MICRO,
    MONEY,
    PARTS,
    PLAIN,
    RANGES,
)
from opportunities.roles.formats import DURATIONS, FORMATS, Kind
from opportunities.roles.models import Mode, Opportunity

type Parts = Mapping[str, list[dict[str, Any]]]
"""The lists of things that a role states, each with the fields it has."""

WHERE: Final = ("place", "region", "country", "cities")
"""The columns of where a role is, which are settled together."""
DERIVED: Final = (*DURATIONS, "kind", "hourly_minor", *WHERE)
"""The columns that ``derive`` fills in."""
_KINDS: Final = {row.name: row.kind for row in FIELDS.values()}


@dataclass(slots=True)
class Reading:
    """What a draft says once read: columns of the role, its parts, and what did not pass."""

    columns: dict[str, Any] = factory(default_factory=dict)
    parts: dict[str, list[dict[str, Any]]] = factory(default_factory=dict)
    faults: list[Fault] = factory(default_factory=list)


def read(values: Mapping[str, object]) -> Reading:
    """Read what a draft says; every answer that does not pass becomes a fault, none is dropped."""
    reading = Reading()
    read, refused = read_each(_KINDS, values)
    for name, value in read.items():
        (reading.parts if name in PARTS else reading.columns)[name] = value
    named = [part["name"] for part in reading.parts.get("skills", ()) if "name" in part]
    if len(set(named)) < len(named):
        refused.append(Refused("twice", place="skills"))
    reading.faults = [refusal.fault() for refusal in refused]
    _read_money(reading)
    for row in (row for row in PLAIN if row.is_needed):
        if not reading.columns.get(row.name) and not _has_fault(reading, row.name):
            detail = row.missing or _("This is needed: %(field)s.") % {"field": row.label}
            reading.faults.append(Fault(row.name, "required", str(detail)))
    reading.faults += _disagreements(reading.columns)
    questions = reading.parts.get("questions", [])
    entry = FORMATS.get(reading.columns.get("format", ""))
    if entry and entry.family == Kind.MICRO and len(questions) > MAX_QUESTIONS_MICRO:
        detail = ngettext(
            "A micro-internship asks at most %(number)s question.",
            "A micro-internship asks at most %(number)s questions.",
            MAX_QUESTIONS_MICRO,
        ) % {"number": MAX_QUESTIONS_MICRO}
        reading.faults.append(Fault("questions", "too_many", detail))
    return reading


def submission_faults(values: Mapping[str, object], *, today: date) -> list[Fault]:
    """Return what does not pass in a draft that is to be reviewed.

    ``today`` is the day that it is where the role is.
    """
    reading = read(values)
    columns = durations(reading.columns)
    faults = list(reading.faults)
    faulty = {fault.field for fault in faults}
    faults += [
        Fault(name, "required", str(FIELDS[name].missing))
        for name in _needed(columns)
        if columns.get(FIELDS[name].column) in (None, "") and name not in faulty
    ]
    if columns.get("description") and not visible(columns["description"]):
        detail = _("Nothing of this text is shown.")
        faults.append(Fault("description", "nothing_shown", detail))
    if columns.get("mode") in (Mode.ONSITE, Mode.HYBRID) and (
        detail := areas.unsure(columns.get("place") or "", columns.get("country") or "")
    ):
        faults.append(Fault("place", "ambiguous", detail))
    faults += _format_faults(columns, reading.parts, but={fault.field for fault in faults})
    return faults + _day_faults(columns, today=today)


def _needed(columns: Mapping[str, Any]) -> Iterator[str]:
    """Yield the fields that such a role has to state before it goes to review."""
    yield from ("description", "hours_total", "weeks", "pay_kind")
    if columns.get("pay_kind") not in (None, PayKind.UNPAID):
        yield from ("pay_amount", "pay_currency")
    mode = columns.get("mode", Mode.REMOTE)
    if mode is None:
        yield "mode"
    elif mode != Mode.REMOTE:
        yield "place"
        if not areas.site_of(*(columns.get(name) or "" for name in ("place", "region", "country"))):
            yield "country"
    yield "apply_by"


def _format_faults(
    columns: Mapping[str, Any], parts: Mapping[str, Any], *, but: Collection[str]
) -> list[Fault]:
    """Return which of its format's own rules the draft breaks, each at its field (rule 5.2).

    A field that is wrong or missing anyway is not named twice.
    """
    name = columns.get("format") or ""
    if name not in FORMATS:
        return []
    return [
        Fault(
            field,
            "format_rule",
            _("%(rule)s See “%(field)s”, rule 5.2.")
            % {"rule": formats.says(name, code), "field": FIELDS[field].label},
        )
        for code in formats.broken(name, formats.stated_by(columns, parts))
        if (field := formats.RULES[code].field) not in but
    ]


def _has_fault(reading: Reading, name: str) -> bool:
    return any(fault.field == name for fault in reading.faults)


def _read_money(reading: Reading) -> None:
    currency = reading.columns.get("pay_currency") or ""
    for name, column in MONEY.items():
        amount = reading.columns.pop(name, None)
        if amount is None:
            if not _has_fault(reading, name):
                reading.columns[column] = None
            continue
        if not currency:
            if not _has_fault(reading, "pay_currency"):
                detail = _("An amount of pay names its currency.")
                reading.faults.append(Fault("pay_currency", "required", detail))
            continue
        low, high = RANGES[column]
        try:
            minor = pay.to_minor(amount, currency)
        except ValueError as finer:
            reading.faults.append(Fault(name, "too_many_decimals", str(finer)))
            continue
        if not low <= minor <= high:
            detail = _("An amount lies between 0 and %(most)s.") % {
                "most": languages.money(int(high), currency)
            }
            reading.faults.append(Fault(name, "out_of_range", detail))
            continue
        reading.columns[column] = minor


def _disagreements(columns: Mapping[str, Any]) -> list[Fault]:
    """Return where two answers contradict each other, as the table's constraints would."""
    faults = []
    earliest, latest = columns.get("start_earliest"), columns.get("start_latest")
    if earliest and latest and latest < earliest:
        detail = _("The latest start is not before the earliest.")
        faults.append(Fault("start_latest", "before_earliest", detail))
    least, most = columns.get("pay_amount_minor"), columns.get("pay_max_minor")
    if most is not None and least is None:
        faults.append(Fault("pay_amount", "required", _("A range of pay names its lower end.")))
    if least is not None and most is not None and most < least:
        detail = _("The upper end of pay is not below the lower.")
        faults.append(Fault("pay_max", "below_lower_end", detail))
    if columns.get("pay_kind") == PayKind.UNPAID and least:
        faults.append(Fault("pay_amount", "unpaid", _("An unpaid role pays no amount.")))
    return faults


def _day_faults(columns: Mapping[str, Any], *, today: date) -> list[Fault]:
    faults = []
    apply_by, latest = columns.get("apply_by"), columns.get("start_latest")
    if apply_by is not None and apply_by < today:
        faults.append(Fault("apply_by", "past", _("The last day to apply is not in the past.")))
    if apply_by is not None and apply_by > today + timedelta(days=MAX_APPLY_DAYS):
        detail = ngettext(
            "The last day to apply is at most %(number)s day away.",
            "The last day to apply is at most %(number)s days away.",
            MAX_APPLY_DAYS,
        ) % {"number": MAX_APPLY_DAYS}
        faults.append(Fault("apply_by", "too_far", detail))
    if latest is not None and latest < today:
        faults.append(Fault("start_latest", "past", _("The latest start is not in the past.")))
    return faults


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


def restated(values: Mapping[str, Any], changed: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a draft says with some answers restated.

    The duration that follows from the other two is emptied once one of them is restated; one that
    was not stated and still is not says nothing of the others.
    """
    again = {
        name
        for name in DURATIONS
        if name in changed
        and any(each not in (None, "") for each in (changed[name], values.get(name)))
    }
    if not again or again == set(DURATIONS):
        return {**values, **changed}
    if len(again) == 2:
        derived = (set(DURATIONS) - again).pop()
    else:
        derived = "hours_total" if "hours_per_week" in again else "hours_per_week"
    return {**values, derived: None, **changed}


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
    towns = opportunity.towns
    if not (opportunity.place and towns):
        return
    opportunity.country = opportunity.country or towns[0].country
    if not gazetteer.parts_named(fold(opportunity.region)):
        opportunity.region = towns[0].region[:60]
    parts = areas.parts_of(opportunity.place)
    if len(parts) == len(towns):
        opportunity.place = "; ".join(
            town.name if fold(part) == fold(town.name) else part
            for part, town in zip(parts, towns, strict=True)
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
    rows = {
        name: sorted(_rows_of(opportunity, name), key=lambda row: getattr(row, "position", row.pk))
        for name in PARTS
    }
    return told_parts(**rows)


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
