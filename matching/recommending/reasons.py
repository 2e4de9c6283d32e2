"""An explanation in words: why a role fits, what it trades off, what it does not say.

Every sentence rests on stored facts, which it names; the figures are the engine's own.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from matching.engine import Candidate, Explanation, Line
from opportunities.core.fields_of_work import Field
from opportunities.roles import wording
from opportunities.roles.models import Opportunity, Schedule
from opportunities.roles.wording import STEP_WORDS, quantity

GOOD: Final = 0.55
"""An aspect from this value on may stand as a reason for a role."""
POOR: Final = 0.65
"""An aspect below this value may stand as a trade-off."""
STRONG, FAIR = 75.0, 60.0


@dataclass(frozen=True, slots=True)
class Reason:
    """One sentence of an explanation: for, against, or not stated."""

    sign: Literal["+", "-", "?"]
    code: str
    headline: str
    text: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Pair:
    """What a sentence may draw on."""

    role: Opportunity
    person: Candidate
    line: Line


type _Say = Callable[[_Pair], tuple[str, str]]


def band(fit: float) -> str:
    """Name a fit: strong, fair or partial."""
    return "strong" if fit >= STRONG else "fair" if fit >= FAIR else "partial"


def reasons(
    explanation: Explanation, role: Opportunity, person: Candidate, *, most: int = 2
) -> list[Reason]:
    """Return the best reasons, the heaviest trade-off and unknown, and what to check by hand."""
    known = [line for line in explanation.aspects if line.known and line.weight > 0]
    found = [
        _reason("+", line, role, person) for line in known if line.value >= GOOD and line.points > 0
    ][:most]
    losses = sorted(
        (line for line in known if line.value < POOR), key=lambda line: (-line.lost, line.name)
    )
    found += [_reason("-", line, role, person) for line in losses[:1]]
    unknown = sorted(
        (line for line in explanation.aspects if not line.known and line.weight > 0),
        key=lambda line: (-line.weight, line.name),
    )
    found += [_unknown(line) for line in unknown[:1]]
    return found + [_by_hand(gate, role, person) for gate in explanation.by_hand]


def unknowns(explanation: Explanation) -> list[str]:
    """Return the aspects that rest on a prior because the posting leaves a fact out."""
    return [line.name for line in explanation.aspects if not line.known]


def change_words(fields: Mapping[str, Any], *, symbol: str) -> str:
    """Say what a change of one fact of the posting would be."""
    if "pay_amount" in fields:
        return f"{symbol}{fields['pay_amount']:g} an hour"
    return " and ".join(CHANGE_WORDS[name](value) for name, value in fields.items())


def _reason(sign: Literal["+", "-"], line: Line, role: Opportunity, person: Candidate) -> Reason:
    aspect = ASPECT_WORDS[line.name]
    say = aspect.praise if sign == "+" else aspect.regret
    headline, text = say(_Pair(role, person, line))
    return Reason(
        sign, f"{line.name}_{'good' if sign == '+' else 'poor'}", headline, text, aspect.facts
    )


def _by_hand(gate: str, role: Opportunity, person: Candidate) -> Reason:
    return Reason(
        "?",
        f"{gate}_by_hand",
        "Check the pay by hand.",
        f"It is in {role.pay_currency}, for which this site has no rate, so nobody compared it"
        f" with the {person.rate_floor:g} an hour that you ask for.",
        (gate, "pay_amount", "pay_currency"),
    )


def _unknown(line: Line) -> Reason:
    aspect = ASPECT_WORDS[line.name]
    off, more = round(line.points), round(line.lost)
    text = f"Knowing it could take {off} off or add {more}." if off or more else ""
    return Reason(
        "?", f"{line.name}_unstated", f"Not stated: {aspect.unstated}.", text, aspect.facts
    )


def _targets(pair: _Pair) -> tuple[str, str]:
    taught = {used.skill.slug: used.skill.name for used in pair.role.skills.all()}
    wanted = [taught[slug] for slug in pair.person.targets if slug in taught]
    if wanted:
        return (
            f"Practises {_listed(wanted)}.",
            f"You named {quantity(len(pair.person.targets), 'skill')} that you want to build.",
        )
    return "Builds skills close to those you want.", "None by the same name, but near relatives."


def _no_targets(pair: _Pair) -> tuple[str, str]:
    used = [used.skill.name for used in pair.role.skills.all()]
    return (
        "Little of what you want to learn.",
        f"It uses {_listed(used[:3])}." if used else "It names no skills.",
    )


def _hours(pair: _Pair) -> str:
    return wording.work_phrase(pair.role).main


def _pay_good(pair: _Pair) -> tuple[str, str]:
    pay = wording.pay_phrase(pair.role)
    return f"{pay.main}.", f"That is {pay.note}." if "about" in pay.note else pay.note.capitalize()


def _pay_poor(pair: _Pair) -> tuple[str, str]:
    pay = wording.pay_phrase(pair.role)
    wish = f"{pair.person.rate_target:g} an hour"
    need = pair.person.income_need
    hoped = f"You hoped for {wish}" + (f" and {need:g} in all." if need else ".")
    return f"Pay: {pay.main[0].lower()}{pay.main[1:]}.", hoped


def _field_good(pair: _Pair) -> tuple[str, str]:
    name = str(Field(pair.role.field).label) if pair.role.field else "Its field"
    if pair.person.interests.get(pair.role.field, 0) >= 1:
        return f"{name}, a field you named.", ""
    return f"{name}: near what you named, or new to you.", "You said you are open to both."


def _field_poor(pair: _Pair) -> tuple[str, str]:
    name = str(Field(pair.role.field).label) if pair.role.field else "The field is not given"
    return f"{name}.", "That is not among the fields you named."


def _schedule_poor(pair: _Pair) -> tuple[str, str]:
    label = Schedule(pair.role.schedule).label if pair.role.schedule else "Set hours"
    free = quantity(pair.person.hours_per_week, "hour")
    return f"{label}.", f"They tie up a good part of the {free} a week you have."


def _evidence_good(pair: _Pair) -> tuple[str, str]:
    offered = wording.evidence_phrase(pair.role)
    return f"You leave with {offered[0].lower()}{offered[1:]}.", ""


def _trajectory_good(pair: _Pair) -> tuple[str, str]:
    return (
        "It often leads on.",
        f"{pair.role.employer.name} kept or recommended many who finished here.",
    )


def _scope_good(pair: _Pair) -> tuple[str, str]:
    areas = pair.role.task_areas or 1
    if areas == 1:
        return "One focused task.", "As narrow as you asked for."
    return f"{quantity(areas, 'area')} of work.", "As broad as you asked for."


def _scope_poor(pair: _Pair) -> tuple[str, str]:
    areas = pair.role.task_areas or 1
    wish = pair.person.goal if pair.person.scope_wish is None else pair.person.scope_wish
    narrow = (areas - 1) / 4 < wish
    return (
        f"{quantity(areas, 'area')} of work.",
        "Narrower than you would like." if narrow else "Broader than you would like.",
    )


def _listed(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]


@dataclass(frozen=True, slots=True)
class AspectWords:
    """How people are told of one aspect: its name, both sides' facts, and both sentences."""

    label: str
    want: str
    """The field of the candidate that wants it."""
    offer: str
    """What the role offers of it, as the API names that."""
    facts: tuple[str, ...]
    unstated: str
    praise: _Say
    regret: _Say


CHANGE_WORDS: Final[Mapping[str, Callable[[Any], str]]] = {
    "schedule": lambda value: str(Schedule(value).label),
    "mentor_minutes_per_week": lambda value: f"{quantity(value, 'minute')} of a mentor a week",
    "public_works": lambda value: f"{quantity(value, 'piece')} of work you may publish",
    "steps": lambda value: f"Applying with {_listed([STEP_WORDS[step][0] for step in value])}",
    "contacts": lambda value: f"{quantity(value, 'person', 'people')} to work with",
    "evidence": lambda value: wording.EVIDENCE_WORDS[value[-1]].capitalize(),
}
"""How a change of one fact of the posting is told."""

ASPECT_WORDS: Final[Mapping[str, AspectWords]] = {
    "skills": AspectWords(
        "Skills you want", "targets", "skills", ("skills",), "its skills", _targets, _no_targets
    ),
    "depth": AspectWords(
        "Depth of experience",
        "goal",
        "hours_total",
        ("hours_total", "hands_on"),
        "how much of it is hands-on",
        lambda p: ("Real depth.", f"{_hours(p)}, most of it doing the work."),
        lambda p: ("A taste rather than depth.", f"{_hours(p)} is soon over."),
    ),
    "speed": AspectWords(
        "Soon finished",
        "available_from",
        "weeks",
        ("weeks", "start_earliest"),
        "how long it lasts",
        lambda p: ("Soon finished.", f"{_hours(p)}, and you have something to show."),
        lambda p: ("It takes a while.", f"{wording.work_phrase(p.role).note or _hours(p)}."),
    ),
    "schedule": AspectWords(
        "Free choice of hours",
        "hours_per_week",
        "schedule",
        ("schedule", "hours_per_week"),
        "its working hours",
        lambda p: (
            f"{wording.schedule_phrase(p.role)}.",
            "It leaves your week mostly as you plan it.",
        ),
        _schedule_poor,
    ),
    "scope": AspectWords(
        "Breadth of the work",
        "scope_wish",
        "task_areas",
        ("task_areas",),
        "how many areas it spans",
        _scope_good,
        _scope_poor,
    ),
    "mentorship": AspectWords(
        "Mentoring",
        "goal",
        "mentor_minutes_per_week",
        ("mentor_minutes_per_week", "mentor_name", "weeks"),
        "mentor time",
        lambda p: (f"A mentor: {wording.mentoring_phrase(p.role).main}.", ""),
        lambda p: ("Little mentoring.", f"{wording.mentoring_phrase(p.role).main}."),
    ),
    "network": AspectWords(
        "People to meet",
        "goal",
        "contacts",
        ("contacts", "mode", "weeks"),
        "whom you would work with",
        lambda p: (f"{wording.people_phrase(p.role)} to work with.", ""),
        lambda p: ("Few people to meet.", f"{wording.people_phrase(p.role)}."),
    ),
    "pay": AspectWords(
        "Pay",
        "rate_target",
        "pay",
        ("pay_kind", "pay_amount", "hours_total"),
        "its pay",
        _pay_good,
        _pay_poor,
    ),
    "effort": AspectWords(
        "Easy to apply",
        "goal",
        "steps",
        ("steps",),
        "how one applies",
        lambda p: ("Quick to apply for.", f"{wording.steps_phrase(p.role)}."),
        lambda p: ("Applying takes time.", f"{wording.steps_phrase(p.role)}."),
    ),
    "evidence": AspectWords(
        "Something to show",
        "evidence_wanted",
        "evidence",
        ("evidence", "public_works"),
        "what you can show afterwards",
        _evidence_good,
        lambda p: ("Little to show afterwards.", f"{wording.evidence_phrase(p.role)}."),
    ),
    "trajectory": AspectWords(
        "Where it leads",
        "goal",
        "converted",
        ("completed", "converted"),
        "where people went from here",
        _trajectory_good,
        lambda p: (
            "It seldom leads on.",
            f"{p.role.employer.name} kept few of those who finished here.",
        ),
    ),
    "field": AspectWords(
        "Field of work", "interests", "field", ("field",), "its field", _field_good, _field_poor
    ),
}
