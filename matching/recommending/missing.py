"""What keeps a role from being open to somebody: a sentence for each gate that is shut."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from matching.engine import Candidate
from matching.recommending.nearness import km_away
from matching.recommending.reason_facts import field_phrase, listed
from opportunities.roles import wording
from opportunities.roles.models import Mode, Opportunity
from opportunities.roles.wording import LEVEL_WORDS, quantity


@dataclass(frozen=True, slots=True)
class _Pair:
    role: Opportunity
    person: Candidate
    currency: str


def missing(
    gates: Sequence[str], role: Opportunity, person: Candidate, *, currency: str
) -> list[str]:
    """Return what is missing for a role to be open to somebody, a sentence for each gate."""
    pair = _Pair(role, person, currency)
    return [MISSING_WORDS[gate](pair) for gate in gates]


def _starts(pair: _Pair) -> str:
    latest = pair.role.start_latest
    by = f"It starts by {wording.day(latest)}" if latest else "It starts"
    return f"{by}, before you can: you are free from {_day(pair.person.available_from)}."


def _ends(pair: _Pair) -> str:
    until = pair.person.available_until
    return f"It ends after {_day(until)}, your last day." if until else "It ends too late for you."


def _hours(pair: _Pair) -> str:
    role, yours = pair.role, quantity(pair.person.hours_per_week, "hour")
    weekly = role.hours_per_week
    if weekly is None and role.hours_total and role.weeks:
        weekly = role.hours_total / max(role.weeks, 1)
    if weekly is None or weekly <= pair.person.hours_per_week:
        return "It takes more hours in one of its weeks than you have then."
    return f"It takes {quantity(weekly, 'hour')} a week, and you have {yours}."


def _mode(pair: _Pair) -> str:
    wanted = [str(Mode(mode).label).lower() for mode in sorted(pair.person.modes)]
    chosen = f"you chose {listed(wanted)}" if wanted else "you chose no way of working"
    if pair.role.mode is None:
        return f"It does not say whether the work is remote or on site, and {chosen}."
    return f"The work is {str(Mode(pair.role.mode).label).lower()}, and {chosen}."


def _region(pair: _Pair) -> str:
    role = pair.role
    if not (role.place or role.region or role.cities):
        return "It does not say where the work is done."
    where = wording.said_place(role) or role.region or role.towns[0].name
    if (km := km_away(pair.person, role)) is not None:
        return f"It is in {where}, {wording.away_phrase(km)}: farther than you go."
    return f"It is in {where}, which is not among your places."


def _field(pair: _Pair) -> str:
    yours = listed([field_phrase(name) for name in sorted(pair.person.only_fields)])
    if not pair.role.field:
        return f"It does not say what field it is in, and you chose only {yours}."
    return f"It is in {field_phrase(pair.role.field)}, and you chose only {yours}."


def _pay(pair: _Pair) -> str:
    symbol = wording.SYMBOLS.get(pair.currency)
    floor = f"{pair.person.rate_floor:g}"
    least = f"{symbol}{floor}" if symbol else f"{floor} {pair.currency}"
    paid = wording.pay_phrase(pair.role)
    if paid.main == wording.NOT_STATED:
        return f"It does not state its pay, and you work for {least} an hour or more."
    what = paid.main[:1].lower() + paid.main[1:]
    note = f", {paid.note}" if "an hour" in paid.note else ""
    return f"Its pay is {what}{note}; you work for {least} an hour or more."


def _musts(pair: _Pair) -> str:
    lacked = [
        f"{used.skill.name} ({LEVEL_WORDS[used.level]})"
        for used in pair.role.skills.all()
        if used.must and pair.person.skills.get(used.skill.slug, 0) < used.level
    ]
    return f"It asks for {listed(lacked)}." if lacked else "It asks for a skill that you lack."


def _day(iso: str) -> str:
    return wording.day(date.fromisoformat(iso))


MISSING_WORDS: Final[Mapping[str, Callable[[_Pair], str]]] = {
    "starts_before_available": _starts,
    "ends_after_available": _ends,
    "weekly_hours": _hours,
    "blocked_weeks": lambda _: "It falls into weeks that you have blocked.",
    "mode": _mode,
    "region": _region,
    "field": _field,
    "rate_floor": _pay,
    "credit": lambda _: "It gives no academic credit, which you need.",
    "enrolment": lambda _: "It is for enrolled students.",
    "age": lambda pair: f"It is for people who are at least {pair.role.min_age}.",
    "work_rights": lambda pair: f"It needs the right to work in {pair.role.work_rights}.",
    "must_have_skill": _musts,
}
