"""An explanation in words: why a role fits, what it trades off, what it does not say.

The words are a table: for each aspect rows of a condition and a sentence, read from the top. A
sentence rests on stated facts and on wishes that were given; an aspect of which nothing true can be
said stays silent. The figures are the engine's own.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from matching.engine import Candidate, Explanation, Line
from matching.recommending.reason_facts import EVEN_GOAL, MIDDLE, Pair, listed, span
from opportunities.roles import wording
from opportunities.roles.models import Opportunity, Schedule
from opportunities.roles.wording import STEP_WORDS, quantity

CLOSE: Final = 0.01


@dataclass(frozen=True, slots=True)
class Reason:
    """One sentence of an explanation: for, against, or not stated."""

    sign: Literal["+", "-", "?"]
    code: str
    headline: str
    text: str
    fields: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """Return both parts as one text."""
        return " ".join(filter(None, (self.headline, self.text)))


type Says = Callable[[Pair], str]
type When = Callable[[Pair], bool]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table: when it holds, and what it says."""

    when: When
    headline: Says
    text: Says


def row(when: When | None, headline: Says | str, text: Says | str = "") -> Row:
    """Make a row; without a condition it always holds."""
    return Row(when or _always, _saying(headline), _saying(text))


def reasons(
    explanation: Explanation,
    role: Opportunity,
    person: Candidate,
    *,
    currency: str = "GBP",
    most: int = 2,
    trade_offs: int = 1,
) -> list[Reason]:
    """Return the best reasons, the heaviest trade-offs and unknown, and what to check by hand."""
    told = [
        Pair(role, person, line, explanation, currency)
        for line in explanation.aspects
        if line.weight > 0 and is_wished(line.name, person)
    ]
    gains = sorted(
        (pair for pair in told if pair.line.known and pair.line.value > MIDDLE),
        key=lambda pair: (-pair.line.points, pair.line.name),
    )
    losses = sorted(
        (pair for pair in told if pair.line.known and pair.line.value < MIDDLE),
        key=lambda pair: (-pair.line.lost, pair.line.name),
    )
    unknown = sorted(
        (pair.line for pair in told if not pair.line.known),
        key=lambda line: (-line.weight, line.name),
    )
    found = [reason for pair in gains if (reason := _reason("+", pair))][:most]
    found += [reason for pair in losses if (reason := _reason("-", pair))][:trade_offs]
    found += [_unknown(line) for line in unknown[:1]]
    return found + [_by_hand(gate, role, person) for gate in explanation.by_hand]


def is_wished(aspect: str, person: Candidate) -> bool:
    """Say whether an aspect that follows from a list of wishes has any to follow from."""
    lists: Mapping[str, Any] = {
        "skills": person.targets or any(person.skills.values()),
        "field": person.interests,
        "evidence": person.evidence_wanted,
    }
    return bool(lists.get(aspect, True))


def unknowns(explanation: Explanation) -> list[str]:
    """Return the aspects that rest on a prior because the posting leaves a fact out."""
    return [line.name for line in explanation.aspects if not line.known]


def change_words(fields: Mapping[str, Any], *, symbol: str) -> str:
    """Say what a change of one fact of the posting would be."""
    if "pay_amount" in fields:
        return f"{symbol}{fields['pay_amount']:g} an hour"
    return " and ".join(CHANGE_WORDS[name](value) for name, value in fields.items())


def _always(_: Pair) -> bool:
    return True


def _saying(words: Says | str) -> Says:
    return (lambda _: words) if isinstance(words, str) else words


def _reason(sign: Literal["+", "-"], pair: Pair) -> Reason | None:
    aspect = ASPECT_WORDS[pair.line.name]
    for each in aspect.good if sign == "+" else aspect.poor:
        if each.when(pair):
            code = f"{pair.line.name}_{'good' if sign == '+' else 'poor'}"
            return Reason(sign, code, each.headline(pair), each.text(pair), aspect.facts)
    return None


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
    sides = [f"take {quantity(off, 'point')} off the fit"] if off else []
    sides += [f"add {quantity(more, 'point')}" + ("" if off else " to the fit")] if more else []
    is_told = sides and line.name != "trajectory"
    text = f"Knowing it could {' or '.join(sides)}." if is_told else ""
    return Reason("?", f"{line.name}_unstated", aspect.unstated, text, aspect.facts)


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]


def _steps(pair: Pair) -> str:
    return f"{wording.steps_phrase(pair.role)}."


def _people(pair: Pair) -> str:
    return quantity(pair.role.contacts or 0, "person", "people")


def _areas(pair: Pair) -> str:
    areas = pair.role.task_areas or 1
    return "One focused task." if areas == 1 else f"{areas} areas of work."


def _pay_main(pair: Pair) -> str:
    return wording.pay_phrase(pair.role).main


def _pay_note(pair: Pair) -> str:
    note = wording.pay_phrase(pair.role).note
    return f"That is {note}." if note else ""


def _schedule(pair: Pair) -> str:
    return f"{wording.schedule_phrase(pair.role)}."


def _mentoring(pair: Pair) -> str:
    minutes = quantity(pair.role.mentor_minutes_per_week or 0, "minute")
    over = f" for {span(pair.weeks)}" if pair.weeks > 1 else ""
    return f"{minutes} a week{over}"


def _pay_gap(pair: Pair) -> str:
    return f"Pay: {_lower(_pay_main(pair))}."


def _hoped(pair: Pair) -> str:
    return f"You hoped for {pair.wish_for_pay}." if pair.wish_for_pay else ""


def _meets_targets(pair: Pair) -> bool:
    return bool(pair.wanted)


def _targets_share(pair: Pair) -> str:
    named, met = len(pair.person.targets), len(pair.wanted)
    if named == 1:
        return "It is the skill you want to build."
    return (
        f"{'That is' if met == 1 else 'Those are'} {met} of the {named} skills you want to build."
    )


def _meets_some_targets(pair: Pair) -> bool:
    return 0 < len(pair.wanted) < len(pair.person.targets)


def _names_targets(pair: Pair) -> bool:
    return bool(pair.person.targets)


def _uses_skills(pair: Pair) -> bool:
    return bool(pair.used)


def _uses_some_skills(pair: Pair) -> bool:
    return 0 < len(pair.used) < pair.held and not pair.person.targets


def _uses_no_skills(pair: Pair) -> bool:
    return not pair.used and not pair.wanted


def _used_share(pair: Pair) -> str:
    if pair.held == 1:
        return "It is the skill you named."
    met = len(pair.used)
    return f"{'That is' if met == 1 else 'Those are'} {met} of the {pair.held} skills you have."


def _uses(pair: Pair) -> str:
    return f"It uses {listed(pair.taught[:3])}." if pair.taught else "It names no skills."


@dataclass(frozen=True, slots=True)
class AspectWords:
    """How people are told of one aspect: its name, what it reads, and its rows of sentences."""

    label: str
    want: str
    """The field of the candidate that wants it."""
    offer: str
    """What the role offers of it, as the API names that."""
    facts: tuple[str, ...]
    reads: str
    unstated: str
    good: tuple[Row, ...]
    poor: tuple[Row, ...]


CHANGE_WORDS: Final[Mapping[str, Callable[[Any], str]]] = {
    "schedule": lambda value: str(Schedule(value).label),
    "mentor_minutes_per_week": lambda value: f"{quantity(value, 'minute')} of a mentor a week",
    "public_works": lambda value: f"{quantity(value, 'piece')} of work you may publish",
    "steps": lambda value: f"Applying with {listed([STEP_WORDS[step][0] for step in value])}",
    "contacts": lambda value: f"{quantity(value, 'person', 'people')} to work with",
    "evidence": lambda value: wording.EVIDENCE_WORDS[value[-1]].capitalize(),
}
"""How a change of one fact of the posting is told."""

ASPECT_WORDS: Final[Mapping[str, AspectWords]] = {
    "skills": AspectWords(
        "Your skills",
        "targets",
        "skills",
        ("skills",),
        "the skills it uses, against those you have and those you want to build",
        "Not stated: its skills.",
        good=(
            row(_meets_targets, lambda p: f"Practises {listed(p.wanted)}.", _targets_share),
            row(_uses_skills, lambda p: f"Uses your {listed(p.used[:4])}.", _used_share),
            row(_names_targets, "Builds skills close to those you want.", _uses),
            row(None, "Uses skills close to yours.", _uses),
        ),
        poor=(
            row(
                _meets_some_targets,
                lambda p: f"Practises only {listed(p.wanted)} of what you want to learn.",
            ),
            row(
                _uses_some_skills,
                lambda p: f"Uses only {listed(p.used)} of the skills you have.",
            ),
            row(
                lambda p: _uses_no_skills(p) and _names_targets(p),
                "Little of what you want to learn.",
                _uses,
            ),
            row(_uses_no_skills, "Uses little of what you can do.", _uses),
        ),
    ),
    "depth": AspectWords(
        "Depth of experience",
        "goal",
        "hours_total",
        ("hours_total", "hands_on"),
        "hours of work that you do yourself",
        "Not stated: how much of it is hands-on.",
        good=(
            row(
                lambda p: (p.role.hands_on or 0) > MIDDLE,
                "Real depth.",
                lambda p: f"{quantity(p.hours, 'hour')}, most of it doing the work.",
            ),
            row(None, "Real depth.", lambda p: f"{quantity(p.hours, 'hour')} in all."),
        ),
        poor=(
            row(lambda p: p.role.hands_on == 0, "You watch rather than do."),
            row(
                lambda p: (p.role.hands_on or 0) < MIDDLE,
                "You mostly watch.",
                lambda p: f"{wording.hands_on_phrase(p.role).main} are hands-on.",
            ),
            row(
                None, "A taste rather than depth.",
                lambda p: f"{quantity(p.hours, 'hour')} in all.",
            ),
        ),
    ),
    "speed": AspectWords(
        "Soon finished",
        "available_from",
        "weeks",
        ("weeks", "start_earliest"),
        "weeks from your first free day to its end",
        "Not stated: how long it lasts.",
        good=(
            row(
                None, "Soon finished.",
                lambda p: f"It is over within {span(p.until_done)} of your first free day.",
            ),
        ),
        poor=(
            row(
                lambda p: p.wait > p.weeks,
                "You would wait for it.",
                lambda p: "It ends half a year or more after your first free day."
                if p.line.value == 0
                else f"It starts {span(p.wait)} after your first free day.",
            ),
            row(None, "It takes a while.", lambda p: f"It lasts {span(p.weeks)}."),
        ),
    ),
    "schedule": AspectWords(
        "Free choice of hours",
        "hours_per_week",
        "schedule",
        ("schedule", "hours_per_week"),
        "how much of your week it fixes",
        "Not stated: its working hours.",
        good=(
            row(
                lambda p: p.role.schedule in {Schedule.FLEXIBLE, Schedule.ASYNCHRONOUS},
                _schedule, "When you work is mostly up to you.",
            ),
            row(
                None, "It takes little of your week.",
                lambda p: f"{quantity(p.weekly, 'hour')} a week.",
            ),
        ),
        poor=(
            row(
                None, _schedule,
                lambda p: f"{quantity(p.weekly, 'hour')} a week, a good part of those you have.",
            ),
        ),
    ),
    "scope": AspectWords(
        "Breadth of the work",
        "scope_wish",
        "task_areas",
        ("task_areas",),
        "how many areas of work it spans, against how broad you want it",
        "Not stated: how many areas it spans.",
        good=(
            row(lambda p: p.person.scope_wish is not None, _areas, "Close to what you asked for."),
            row(
                lambda p: p.person.goal < EVEN_GOAL and p.breadth < EVEN_GOAL,
                _areas, "That suits practising one skill soon.",
            ),
            row(
                lambda p: p.person.goal > EVEN_GOAL and p.breadth > EVEN_GOAL,
                _areas, "That suits finding out in depth.",
            ),
            row(None, _areas),
        ),
        poor=(
            row(
                lambda p: p.person.scope_wish is not None,
                _areas,
                lambda p: f"{_broader(p)} than you asked for.",
            ),
            row(
                None, _areas,
                lambda p: f"{_broader(p)} than suits your aim.",
            ),
        ),
    ),
    "mentorship": AspectWords(
        "Mentoring",
        "goal",
        "mentor_minutes_per_week",
        ("mentor_minutes_per_week", "mentor_name", "weeks"),
        "hours with a mentor",
        "Not stated: mentor time.",
        good=(row(None, "A mentor for you.", lambda p: f"{_mentoring(p)}."),),
        poor=(
            row(
                lambda p: not p.role.mentor_minutes_per_week and bool(p.role.mentor_name),
                "A mentor without a fixed time.",
            ),
            row(lambda p: not p.role.mentor_minutes_per_week, "No mentor."),
            row(None, "Little mentoring.", lambda p: f"{_mentoring(p)}."),
        ),
    ),
    "network": AspectWords(
        "People to meet",
        "goal",
        "contacts",
        ("contacts", "mode", "weeks"),
        "people you work with, for how long, and where",
        "Not stated: whom you would work with.",
        good=(
            row(
                None,
                lambda p: f"{_people(p)} to work with.",
                lambda p: f"You would work with them for {span(p.weeks)}.",
            ),
        ),
        poor=(
            row(lambda p: not p.role.contacts, "You work on your own."),
            row(
                lambda p: (p.role.contacts or 0) > 3 and p.weeks < 6,
                "Too short to get to know many.",
                lambda p: f"{_people(p)} for {span(p.weeks)}.",
            ),
            row(
                lambda p: p.role.contacts == 1, "Few people to meet.",
                lambda p: f"One person for {span(p.weeks)}.",
            ),
            row(None, "Few people to meet.", lambda p: f"{_people(p)} for {span(p.weeks)}."),
        ),
    ),
    "pay": AspectWords(
        "Pay",
        "rate_target",
        "pay",
        ("pay_kind", "pay_amount", "hours_total"),
        "pay an hour and, if you need a sum, in all",
        "Not stated: its pay.",
        good=(
            row(
                lambda p: p.role.credit and p.person.credit != "none" and p.rate_share <= MIDDLE,
                "Academic credit.",
                lambda p: "" if p.is_unpaid else f"{_pay_main(p)} beside it.",
            ),
            row(lambda p: not p.is_unpaid, lambda p: f"{_pay_main(p)}.", _pay_note),
        ),
        poor=(
            row(lambda p: p.is_unpaid, "Unpaid.", _hoped),
            row(
                lambda p: bool(p.need) and p.rate_share > MIDDLE,
                _pay_gap, lambda p: f"You need {p.need} in all.",
            ),
            row(
                lambda p: bool(p.wish_for_pay) and p.rate_share < 1, _pay_gap, _hoped,
            ),
            row(lambda p: p.rate_share < 1, _pay_gap, "That is little for each hour."),
        ),
    ),
    "effort": AspectWords(
        "Easy to apply",
        "goal",
        "steps",
        ("steps",),
        "hours that applying takes",
        "Not stated: how one applies.",
        good=(row(None, "Quick to apply for.", _steps),),
        poor=(row(None, "Applying takes time.", _steps),),
    ),
    "evidence": AspectWords(
        "Something to show",
        "evidence_wanted",
        "evidence",
        ("evidence", "public_works"),
        "what you can show afterwards",
        "Not stated: what you can show afterwards.",
        good=(row(lambda p: bool(p.proofs), lambda p: f"You leave with {listed(p.proofs)}."),),
        poor=(
            row(
                lambda p: bool(p.proofs),
                "Less to show than there could be.",
                lambda p: f"You leave with {listed(p.proofs)}"
                + (f", without {listed(p.proofs_missed)}." if p.proofs_missed else "."),
            ),
            row(
                lambda p: not p.role.evidence and not p.role.public_works,
                "Nothing to show afterwards.",
            ),
            row(None, "Not the proof you asked for."),
        ),
    ),
    "trajectory": AspectWords(
        "Where it leads",
        "goal",
        "converted",
        ("completed", "converted"),
        "how many went on to more from earlier roles like it here",
        "No track record yet: nobody has finished a role like this here.",
        good=(
            row(
                lambda p: p.led_on > p.usually_leads_on + CLOSE,
                "It often leads on.",
                lambda p: f"{p.role.employer.name} kept or recommended more than three in ten who"
                " finished here.",
            ),
        ),
        poor=(
            row(
                lambda p: p.led_on < p.usually_leads_on - CLOSE,
                "It seldom leads on.",
                lambda p: f"{p.role.employer.name} kept or recommended fewer than three in ten who"
                " finished here.",
            ),
        ),
    ),
    "field": AspectWords(
        "Field of work",
        "interests",
        "field",
        ("field",),
        "the field, against those you named",
        "Not stated: its field.",
        good=(
            row(lambda p: p.interest >= 1, lambda p: f"{p.field_name}, a field you named."),
            row(
                lambda p: p.interest > 0,
                lambda p: f"{p.field_name}, next to a field you named.",
            ),
        ),
        poor=(
            row(lambda p: not p.role.field, "Its field is not given."),
            row(
                lambda p: p.interest > 0,
                lambda p: f"{p.field_name}.",
                "That is next to a field you named, not one of them.",
            ),
            row(None, lambda p: f"{p.field_name}.", "That is not among the fields you named."),
        ),
    ),
}  # fmt: skip


def _broader(pair: Pair) -> str:
    return "Broader" if pair.breadth > pair.wished_breadth else "Narrower"
