"""Read roles and candidates for the engine from plain objects and NDJSON lines.

Field names and units are those of the engine's records. An absent or null field is unstated. Every
value is checked against its range; a bad line is reported with its number and field, and the good
ones are kept. Nothing here touches a database.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from matching.engine import records
from matching.engine.aspects import ASPECTS
from matching.priors import PRIORS
from opportunities.core.data import read_beside
from opportunities.core.validation import (
    ByName,
    Day,
    Each,
    Flag,
    Kind,
    Name,
    Refused,
    StrictNumber,
    Word,
)

MAX_NAME: Final = 200
MAX_ITEMS: Final = 500
MAX_LINE: Final = 1_000_000


class BadField(ValueError):
    """A value that a field cannot have."""

    def __init__(self, name: str, reason: str, code: str = "malformed") -> None:
        super().__init__(f"{name}: {reason}")
        self.name = name
        self.reason = reason
        self.code = code


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a line; it was left out, unless ``ignored`` is true."""

    line: int
    field: str
    reason: str
    ignored: bool = False

    def __str__(self) -> str:
        return f"line {self.line}: {self.field}: {self.reason}"


REASONS: Final = read_beside(__file__)
"""How a line of a file is told what is wrong with it, by the code of the fault."""


def _identifier(value: Any) -> str | int:
    if isinstance(value, int) and not isinstance(value, bool):
        if abs(value) >= 1 << 62:
            raise Refused("out_of_range", low="-2^62", high="2^62")
        return value
    return Name(MAX_NAME, empty=False)(value)


def _day(value: Any) -> str:
    day = _DATE(Name(MAX_NAME)(value))
    if day is None:
        raise Refused("not_a_date")
    return day.isoformat()


def _several(
    item: Kind, into: Callable[[list[Any]], Any] = tuple, *, distinct: bool = False
) -> Kind:
    several = Each(item, MAX_ITEMS, distinct=distinct)
    return lambda value: into(several(value))


def _period(value: Any) -> tuple[str, str, float]:
    if not isinstance(value, list | tuple) or len(value) != 3:
        raise Refused("malformed", "must be lists of first day, last day and hours per week")
    since, until, hours = _day(value[0]), _day(value[1]), StrictNumber(0, 168)(value[2])
    if until < since:
        raise Refused("before_first_day")
    return since, until, hours


def _part(value: Any, kinds: Mapping[str, Kind], *, required: str) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise Refused("malformed", "must be a list of objects")
    return _read(value, kinds, required=required)


def _skill(value: Any) -> records.Skill:
    return records.Skill(**_part(value, _SKILL, required="name"))


def _place(value: Any) -> records.Place:
    return records.Place(**_on_globe(_part(value, _PLACE, required="country")))


def _area(value: Any) -> records.Area:
    read = _on_globe(_part(value, {**_PLACE, "km": StrictNumber(0, 20_100)}, required="country"))
    if ("km" in read) != ("latitude" in read):
        raise Refused("malformed", "must have latitude, longitude and km together")
    return records.Area(**read)


def _on_globe(read: dict[str, Any]) -> dict[str, Any]:
    if ("latitude" in read) != ("longitude" in read):
        raise Refused("malformed", "must have latitude and longitude together")
    return read


def _whole(low: int, high: int) -> Kind:
    return StrictNumber(low, high, whole=True)


_DATE: Final = Day(date.min, date.max)
_TEXT: Final = Name(MAX_NAME)
_FLAG: Final = Flag()
_MONEY: Final = StrictNumber(0, 1e9)
_SHARE: Final = StrictNumber(0, 1)
_PLACE: Final[Mapping[str, Kind]] = {
    "latitude": StrictNumber(-90, 90),
    "longitude": StrictNumber(-180, 180),
    "country": _TEXT,
    "division": _TEXT,
}
_EVIDENCE: Final = Word(records.EVIDENCE)
_ASPECT: Final = Word(tuple(ASPECTS))
_SKILL: Final[Mapping[str, Kind]] = {
    "name": _TEXT,
    "level": _whole(0, 4),
    "importance": _whole(1, 3),
    "must": _FLAG,
}
_OPPORTUNITY: Final[Mapping[str, Kind]] = {
    "id": _identifier,
    "format": Word(tuple(PRIORS)),
    "org": _TEXT,
    "field": _TEXT,
    "hours_total": StrictNumber(0, 100_000, above=True),
    "weeks": StrictNumber(0, 520, above=True),
    "hours_per_week": StrictNumber(0, 168, above=True),
    "start_earliest": _day,
    "start_latest": _day,
    "schedule": Word(tuple(records.FLEXIBILITY)),
    "mode": Word(tuple(records.MODES)),
    "region": _TEXT,
    "places": _several(_place),
    "pay_kind": Word(tuple(records.PAY_KINDS)),
    "pay_amount": _MONEY,
    "is_pay_comparable": _FLAG,
    "credit": _FLAG,
    "skills": _several(_skill),
    "deliverables": _whole(0, 1_000),
    "public_works": _whole(0, 1_000),
    "task_areas": _whole(1, 100),
    "hands_on": _SHARE,
    "mentor_minutes_per_week": StrictNumber(0, 10_080),
    "contacts": _whole(0, 10_000),
    "steps": _several(Word(tuple(records.STEP_HOURS))),
    "evidence": _several(_EVIDENCE, distinct=True),
    "completed": _whole(0, 1_000_000),
    "converted": _whole(0, 1_000_000),
    "capacity": _whole(0, 1_000_000),
    "holistic": _SHARE,
    "requires_enrolment": _FLAG,
    "min_age": _whole(0, 120),
    "work_rights": _TEXT,
}
CANDIDATE_FIELDS: Final[Mapping[str, Kind]] = {
    "id": _identifier,
    "goal": _SHARE,
    "explore": _SHARE,
    "scope_wish": _SHARE,
    "available_from": _day,
    "available_until": _day,
    "hours_per_week": StrictNumber(0, 168, above=True),
    "skills": ByName(_TEXT, _whole(0, 4), MAX_ITEMS),
    "verified": _several(_TEXT, frozenset),
    "targets": ByName(_TEXT, _whole(1, 3), MAX_ITEMS),
    "interests": ByName(_TEXT, _SHARE, MAX_ITEMS),
    "only_fields": _several(_TEXT, frozenset),
    "fields_first": _FLAG,
    "fields_done": _several(_TEXT, frozenset),
    "modes": _several(Word(tuple(records.MODES)), frozenset),
    "regions": _several(_TEXT, frozenset),
    "areas": _several(_area),
    "rate_floor": _MONEY,
    "rate_target": _MONEY,
    "income_need": _MONEY,
    "credit": Word(tuple(records.CREDIT_WISHES)),
    "evidence_wanted": _several(_EVIDENCE, distinct=True),
    "importance": ByName(_ASPECT, StrictNumber(0, 4), MAX_ITEMS),
    "top3": _several(_ASPECT),
    "ratings": _several(_whole(1, 5)),
    "enrolled": _FLAG,
    "age_ok": _whole(0, 120),
    "rights": _several(_TEXT, frozenset),
    "blocked_weeks": _several(_day, frozenset),
    "weekly_hours": _several(_period),
}


def opportunity_from(value: Any) -> records.Opportunity:
    """Return a role from an object of its fields; raise BadField for the first that is wrong."""
    return records.Opportunity(**_read(value, _OPPORTUNITY, required="id"))


def candidate_from(value: Any) -> records.Candidate:
    """Return a candidate from an object of its fields; raise BadField for the first wrong one."""
    return records.Candidate(**_read(value, CANDIDATE_FIELDS, required="id"))


def _read(value: Any, kinds: Mapping[str, Kind], *, required: str) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise BadField("line", "must be an object", "not_an_object")
    if value.get(required) is None:
        raise BadField(required, "is missing", "required")
    return {
        name: read_field(name, entry, kinds)
        for name, entry in value.items()
        if entry is not None and name in kinds
    }


def read_field(name: str, value: Any, kinds: Mapping[str, Kind]) -> Any:
    """Return what one field says, or raise ``BadField`` with its place, reason and code."""
    try:
        return kinds[name](value)
    except (BadField, Refused) as refusal:
        raise _bad(name, refusal) from refusal


def _bad(name: str, refusal: BadField | Refused) -> BadField:
    """Return the refusal of a field, or of something inside it, in the words of files."""
    if isinstance(refusal, BadField):
        return BadField(f"{name}.{refusal.name}", refusal.reason, refusal.code)
    reason = REASONS.get(refusal.code)
    told = {"most": "", **refusal.told}
    return BadField(name, reason.format(**told) if reason else str(refusal), refusal.code)


def read_opportunities(
    lines: Iterable[bytes], problems: list[Problem]
) -> Iterator[records.Opportunity]:
    """Yield the roles of NDJSON lines; what is wrong is appended to ``problems``."""
    return _records(lines, opportunity_from, _OPPORTUNITY, problems)


def read_candidates(lines: Iterable[bytes], problems: list[Problem]) -> Iterator[records.Candidate]:
    """Yield the candidates of NDJSON lines; what is wrong is appended to ``problems``."""
    return _records(lines, candidate_from, CANDIDATE_FIELDS, problems)


def _records[T: records.Opportunity | records.Candidate](
    lines: Iterable[bytes],
    convert: Callable[[Any], T],
    kinds: Mapping[str, Kind],
    problems: list[Problem],
) -> Iterator[T]:
    seen: dict[str | int, int] = {}
    strangers: set[str] = set()
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            value = _object(line)
            record = convert(value)
        except BadField as error:
            problems.append(Problem(number, error.name, error.reason))
            continue
        if record.id in seen:
            problems.append(Problem(number, "id", f"was on line {seen[record.id]} already"))
            continue
        seen[record.id] = number
        for name in value:
            if name not in kinds and name not in strangers:
                strangers.add(name)
                problems.append(Problem(number, str(name), "is not a field", ignored=True))
        yield record


def _object(line: bytes) -> Any:
    if len(line) > MAX_LINE:
        raise BadField("line", f"is longer than {MAX_LINE} bytes")
    try:
        return json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise BadField("line", "is not UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise BadField("line", f"is not JSON ({error})") from error
