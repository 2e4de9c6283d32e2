"""The facts of a profile, as a table: each name with the rule that its value must pass."""

from collections.abc import Callable, Mapping
from datetime import date
from itertools import pairwise
from typing import Any, Final

from opportunities.candidates.models import CandidateProfile, Visibility
from opportunities.candidates.models.profiles import ASPECTS, EVIDENCE, MODES, CreditWish
from opportunities.core.errors import Fault, Invalid
from opportunities.core.fields_of_work import Field
from opportunities.core.pay import CURRENCIES

MAX_SKILLS: Final = 60
MAX_TARGETS: Final = 20
FIRST_DAY: Final = date(2020, 1, 1)
LAST_DAY: Final = date(2100, 1, 1)


class BadFact(ValueError):
    """A value breaks the rule of its fact; the message is the rule."""

    def __init__(self, rule: str, code: str = "out_of_range") -> None:
        super().__init__(rule)
        self.code = code


type Rule = Callable[[Any], Any]


def _number(low: float, high: float) -> Rule:
    def rule(value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise BadFact("It is a number.", "type")
        if not low <= value <= high:  # neither NaN nor infinity lies between
            raise BadFact(f"It lies between {low:g} and {high:g}.")
        return float(value)

    return rule


def _integer(low: int, high: int) -> Rule:
    def rule(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise BadFact("It is a whole number.", "type")
        if not low <= value <= high:
            raise BadFact(f"It lies between {low} and {high}.")
        return value

    return rule


def _text(most: int) -> Rule:
    def rule(value: Any) -> str:
        if not isinstance(value, str) or not _is_storable(value):
            raise BadFact("It is a text.", "type")
        if len(value.strip()) > most:
            raise BadFact(f"It has at most {most} characters.", "length")
        return value.strip()

    return rule


def _is_storable(text: str) -> bool:
    """Say whether the database can keep it: no NUL and no lone surrogate."""
    return "\x00" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise BadFact("It is true or false.", "type")
    return value


def _day(value: Any) -> date:
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value)
        except ValueError as unreadable:
            raise BadFact("It is a date such as 2026-12-07.", "type") from unreadable
    if type(value) is not date:
        raise BadFact("It is a date such as 2026-12-07.", "type")
    if not FIRST_DAY <= value <= LAST_DAY:
        raise BadFact(f"It lies between {FIRST_DAY} and {LAST_DAY}.")
    return value


def _word(words: tuple[str, ...]) -> Rule:
    def rule(value: Any) -> str:
        if value not in words:
            raise BadFact(f"It is one of: {', '.join(words)}.", "unknown")
        return str(value)

    return rule


def _words(words: tuple[str, ...], *, least: int = 0, most: int | None = None) -> Rule:
    limit = len(words) if most is None else most

    def rule(value: Any) -> list[str]:
        if not isinstance(value, list | tuple | set | frozenset):
            raise BadFact("It is a list.", "type")
        if not all(isinstance(word, str) for word in value):
            raise BadFact(f"Each is one of: {', '.join(words)}.", "unknown")
        chosen = list(dict.fromkeys(value))
        if any(word not in words for word in chosen):
            raise BadFact(f"Each is one of: {', '.join(words)}.", "unknown")
        if not least <= len(chosen) <= limit:
            raise BadFact(f"Choose {least} to {limit}.", "count")
        return chosen

    return rule


def _texts(most: int, length: int) -> Rule:
    one = _text(length)

    def rule(value: Any) -> list[str]:
        if not isinstance(value, list | tuple) or len(value) > most:
            raise BadFact(f"It is a list of at most {most}.", "count")
        return [text for text in dict.fromkeys(map(one, value)) if text]

    return rule


def _countries(value: Any) -> list[str]:
    codes: list[str] = _texts(60, 2)(value)
    if any(len(code) != 2 or not code.isascii() or not code.isupper() for code in codes):
        raise BadFact("Each is a country's two capital letters, such as GB.", "unknown")
    return codes


def _numbers_of(words: tuple[str, ...], low: float, high: float) -> Rule:
    one = _number(low, high)

    def rule(value: Any) -> dict[str, float]:
        if not isinstance(value, Mapping):
            raise BadFact("It maps names to numbers.", "type")
        if any(name not in words for name in value):
            raise BadFact(f"Each name is one of: {', '.join(words)}.", "unknown")
        return {str(name): one(number) for name, number in value.items()}

    return rule


def _mondays(value: Any) -> list[date]:
    if not isinstance(value, list | tuple) or len(value) > 104:
        raise BadFact("It is a list of at most 104 weeks.", "count")
    return sorted({day for day in map(_day, value) if _is_monday(day)})


def _is_monday(day: date) -> bool:
    if day.weekday():
        raise BadFact("A week is named by its Monday.", "not_monday")
    return True


def _periods(value: Any) -> list[dict[str, Any]]:
    if not isinstance(value, list | tuple) or len(value) > 20:
        raise BadFact("It is a list of at most 20 periods.", "count")
    hours = _number(0, 80)
    periods = []
    for item in value:
        if not isinstance(item, Mapping) or set(item) != {"from", "until", "hours"}:
            raise BadFact("Each period has from, until and hours.", "type")
        first, last = _day(item["from"]), _day(item["until"])
        if last < first:
            raise BadFact("A period does not end before it begins.", "order")
        periods.append(
            {
                "from": first.isoformat(),
                "until": last.isoformat(),
                "hours": hours(item["hours"]),
            }
        )
    periods.sort(key=lambda period: str(period["from"]))
    if any(one["until"] >= two["from"] for one, two in pairwise(periods)):
        raise BadFact("Periods do not overlap.", "overlap")
    return periods


def _levels(low: int, high: int) -> Rule:
    one, slug = _integer(low, high), _text(160)

    def rule(value: Any) -> dict[str, int]:
        if not isinstance(value, Mapping) or len(value) > 200:
            raise BadFact("It maps skills to numbers.", "type")
        return {slug(name): one(number) for name, number in value.items()}

    return rule


def _or_none(rule: Rule) -> Rule:
    return lambda value: None if value is None else rule(value)


FACTS: Final[Mapping[str, Rule]] = {
    "headline": _text(120),
    "about": _text(2000),
    "school": _text(120),
    "visibility": _word(tuple(Visibility.values)),
    "portfolio_is_public": _flag,
    "goal": _number(0, 1),
    "explore": _number(0, 1),
    "scope_wish": _or_none(_number(0, 1)),
    "available_from": _day,
    "available_until": _or_none(_day),
    "hours_per_week": _number(1, 80),
    "weekly_hours": _periods,
    "blocked_weeks": _mondays,
    "interests": _numbers_of(tuple(Field.values), 0, 1),
    "fields_done": _words(tuple(Field.values)),
    "modes": _words(MODES, least=1),
    "regions": _texts(40, 60),
    "currency": _word(CURRENCIES),
    "rate_floor_minor": _integer(0, 100_000_000),
    "rate_target_minor": _or_none(_integer(1, 100_000_000)),
    "income_need_minor": _or_none(_integer(1, 2_000_000_000)),
    "credit": _word(tuple(CreditWish.values)),
    "evidence_wanted": _words(EVIDENCE),
    "importance": _numbers_of(ASPECTS, 0, 4),
    "top3": _words(ASPECTS, most=3),
    "enrolled": _flag,
    "age_ok": _integer(0, 99),
    "rights": _countries,
}
"""Name of a column to its rule; a fact that is not here cannot be set by a candidate."""

_SKILLS: Final[Mapping[str, Rule]] = {"skills": _levels(0, 4), "targets": _levels(1, 3)}


def checked(facts: Mapping[str, Any], profile: CandidateProfile | None = None) -> dict[str, Any]:
    """Return the facts with their values checked, or raise ``Invalid`` naming every fault.

    With a profile, dates are held against those that it keeps.
    """
    values, faults = {}, []
    for name, value in facts.items():
        rule = FACTS.get(name) or _SKILLS.get(name)
        if rule is None:
            faults.append(Fault(name, "unknown", f"A profile has no {name}."))
            continue
        try:
            values[name] = rule(value)
        except BadFact as bad:
            faults.append(Fault(name, bad.code, f"{name}: {bad}"))
    first = values.get("available_from", profile and profile.available_from)
    last = values.get("available_until", profile and profile.available_until)
    if first and last and last < first:
        rule_broken = "available_until is not before available_from."
        faults.append(Fault("available_until", "order", rule_broken))
    if faults:
        raise Invalid(*faults)
    return values
