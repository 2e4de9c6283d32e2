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

from matching.engine.records import (
    ASPECTS,
    CREDIT_WISHES,
    EVIDENCE,
    FLEXIBILITY,
    MODES,
    PAY_KINDS,
    STEP_HOURS,
    Candidate,
    Opportunity,
    Skill,
)
from matching.priors import PRIORS

MAX_NAME: Final = 200
MAX_ITEMS: Final = 500
MAX_LINE: Final = 1_000_000


class BadField(ValueError):
    """A value that a field cannot have."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}")
        self.name = name
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a line; it was left out, unless ``ignored`` is true."""

    line: int
    field: str
    reason: str
    ignored: bool = False

    def __str__(self) -> str:
        return f"line {self.line}: {self.field}: {self.reason}"


type Reader = Callable[[Any], Any]


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise BadField("", "must be text")
    if len(value) > MAX_NAME:
        raise BadField("", f"is longer than {MAX_NAME} characters")
    return value


def _identifier(value: Any) -> str | int:
    if isinstance(value, int) and not isinstance(value, bool):
        if abs(value) >= 1 << 62:
            raise BadField("", "is too large a number")
        return value
    if _text(value) == "":
        raise BadField("", "must not be empty")
    return str(value)


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise BadField("", "must be true or false")
    return value


def _number(lowest: float, highest: float, *, above: bool = False) -> Reader:
    """Return a reader of numbers in a range; ``above`` leaves the lowest itself out."""

    def read(value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise BadField("", "must be a number")
        # NaN compares false, and whole numbers of any length compare without becoming floats.
        if not lowest <= value <= highest:
            raise BadField("", f"must be from {lowest:g} to {highest:g}")
        if above and value <= lowest:
            raise BadField("", f"must be more than {lowest:g}")
        return float(value)

    return read


def _whole(lowest: int, highest: int) -> Reader:
    def read(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int | float) or value != value // 1:
            raise BadField("", "must be a whole number")
        if not lowest <= value <= highest:
            raise BadField("", f"must be from {lowest} to {highest}")
        return int(value)

    return read


def _one_of(names: Iterable[str]) -> Reader:
    known = tuple(names)

    def read(value: Any) -> str:
        if value not in known:
            raise BadField("", f"must be one of {', '.join(known)}")
        return str(value)

    return read


def _day(value: Any) -> str:
    try:
        return date.fromisoformat(_text(value)).isoformat()
    except ValueError as error:
        raise BadField("", "must be a date like 2027-01-31") from error


def _several(item: Reader) -> Reader:
    def read(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list | tuple | set | frozenset):
            raise BadField("", "must be a list")
        if len(value) > MAX_ITEMS:
            raise BadField("", f"has more than {MAX_ITEMS} items")
        return tuple(item(entry) for entry in value)

    return read


def _set(item: Reader) -> Reader:
    several = _several(item)
    return lambda value: frozenset(several(value))


def _distinct(item: Reader) -> Reader:
    several = _several(item)
    return lambda value: tuple(dict.fromkeys(several(value)))


def _by_name(key: Reader, item: Reader) -> Reader:
    def read(value: Any) -> dict[str, Any]:
        if not isinstance(value, Mapping):
            raise BadField("", "must be an object")
        if len(value) > MAX_ITEMS:
            raise BadField("", f"has more than {MAX_ITEMS} items")
        return {key(name): item(entry) for name, entry in value.items()}

    return read


def _period(value: Any) -> tuple[str, str, float]:
    if not isinstance(value, list | tuple) or len(value) != 3:
        raise BadField("", "must be lists of first day, last day and hours per week")
    since, until, hours = _day(value[0]), _day(value[1]), _number(0, 168)(value[2])
    if until < since:
        raise BadField("", "must not end before it begins")
    return since, until, hours


def _skill(value: Any) -> Skill:
    if not isinstance(value, Mapping):
        raise BadField("", "must be a list of objects")
    return Skill(**_read(value, _SKILL, required="name"))


_MONEY: Final = _number(0, 1e9)
_SHARE: Final = _number(0, 1)
_SKILL: Final[Mapping[str, Reader]] = {
    "name": _text,
    "level": _whole(0, 4),
    "importance": _whole(1, 3),
    "must": _flag,
}
_OPPORTUNITY: Final[Mapping[str, Reader]] = {
    "id": _identifier,
    "format": _one_of(PRIORS),
    "org": _text,
    "field": _text,
    "hours_total": _number(0, 100_000, above=True),
    "weeks": _number(0, 520, above=True),
    "hours_per_week": _number(0, 168, above=True),
    "start_earliest": _day,
    "start_latest": _day,
    "schedule": _one_of(FLEXIBILITY),
    "mode": _one_of(MODES),
    "region": _text,
    "pay_kind": _one_of(PAY_KINDS),
    "pay_amount": _MONEY,
    "is_pay_comparable": _flag,
    "credit": _flag,
    "skills": _several(_skill),
    "deliverables": _whole(0, 1_000),
    "public_works": _whole(0, 1_000),
    "task_areas": _whole(1, 100),
    "hands_on": _SHARE,
    "mentor_minutes_per_week": _number(0, 10_080),
    "contacts": _whole(0, 10_000),
    "steps": _several(_one_of(STEP_HOURS)),
    "evidence": _distinct(_one_of(EVIDENCE)),
    "completed": _whole(0, 1_000_000),
    "converted": _whole(0, 1_000_000),
    "capacity": _whole(0, 1_000_000),
    "holistic": _SHARE,
    "requires_enrolment": _flag,
    "min_age": _whole(0, 120),
    "work_rights": _text,
}
CANDIDATE_FIELDS: Final[Mapping[str, Reader]] = {
    "id": _identifier,
    "goal": _SHARE,
    "explore": _SHARE,
    "scope_wish": _SHARE,
    "available_from": _day,
    "available_until": _day,
    "hours_per_week": _number(0, 168, above=True),
    "skills": _by_name(_text, _whole(0, 4)),
    "verified": _set(_text),
    "targets": _by_name(_text, _whole(1, 3)),
    "interests": _by_name(_text, _SHARE),
    "fields_done": _set(_text),
    "modes": _set(_one_of(MODES)),
    "regions": _set(_text),
    "rate_floor": _MONEY,
    "rate_target": _MONEY,
    "income_need": _MONEY,
    "credit": _one_of(CREDIT_WISHES),
    "evidence_wanted": _distinct(_one_of(EVIDENCE)),
    "importance": _by_name(_one_of(ASPECTS), _number(0, 4)),
    "top3": _several(_one_of(ASPECTS)),
    "ratings": _several(_whole(1, 5)),
    "enrolled": _flag,
    "age_ok": _whole(0, 120),
    "rights": _set(_text),
    "blocked_weeks": _set(_day),
    "weekly_hours": _several(_period),
}


def opportunity_from(value: Any) -> Opportunity:
    """Return a role from an object of its fields; raise BadField for the first that is wrong."""
    return Opportunity(**_read(value, _OPPORTUNITY, required="id"))


def candidate_from(value: Any) -> Candidate:
    """Return a candidate from an object of its fields; raise BadField for the first wrong one."""
    return Candidate(**_read(value, CANDIDATE_FIELDS, required="id"))


def _read(value: Any, readers: Mapping[str, Reader], *, required: str) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise BadField("line", "must be an object")
    if value.get(required) is None:
        raise BadField(required, "is missing")
    known: dict[str, Any] = {}
    for name, entry in value.items():
        if entry is None or name not in readers:
            continue
        try:
            known[name] = readers[name](entry)
        except BadField as error:
            path = f"{name}.{error.name}" if error.name else name
            raise BadField(path, error.reason) from error
    return known


def read_opportunities(lines: Iterable[bytes], problems: list[Problem]) -> Iterator[Opportunity]:
    """Yield the roles of NDJSON lines; what is wrong is appended to ``problems``."""
    return _records(lines, opportunity_from, _OPPORTUNITY, problems)


def read_candidates(lines: Iterable[bytes], problems: list[Problem]) -> Iterator[Candidate]:
    """Yield the candidates of NDJSON lines; what is wrong is appended to ``problems``."""
    return _records(lines, candidate_from, CANDIDATE_FIELDS, problems)


def _records[T: Opportunity | Candidate](
    lines: Iterable[bytes],
    convert: Callable[[Any], T],
    readers: Mapping[str, Reader],
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
            if name not in readers and name not in strangers:
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
