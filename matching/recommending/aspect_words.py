"""The words for what a role is to somebody, aspect by aspect: a table.

For each aspect there are rows of a condition and a sentence, read from the top. A sentence rests
on stated facts and on wishes that were given; an aspect of which nothing true can be said stays
silent.
Texts that stand in the table are translated and filled when they are read: what a text names in
``%(…)s`` is a row of ``PHRASES``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from matching.recommending.reason_facts import EVEN_GOAL, MIDDLE, Pair, begun, span
from opportunities.core import languages
from opportunities.core.fields_of_work import Field
from opportunities.core.retelling import inside
from opportunities.roles import wording
from opportunities.roles.models import Schedule
from opportunities.roles.wording import STEP_WORDS, quantity

CLOSE: Final = 0.01
NEAR: Final = 0.12
"""Value of ``skills`` of a role whose best skill is half as good as one that was named."""

type Words = Any
"""A text, or one that is translated when it is read."""
type Choice = Callable[[Pair], Words]
"""Which text is said of a pair."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table: when it holds (always, without a condition), and what it says."""

    when: Callable[[Pair], object] | None
    headline: Words | Choice
    text: Words | Choice = ""


PHRASES: Final[Mapping[str, Callable[[Pair], object]]] = {
    "wanted": lambda p: languages.listed(p.wanted),
    "wanted_in_all": lambda p: len(p.person.targets),
    "wanted_here": lambda p: len(p.wanted),
    "used": lambda p: languages.listed(p.used),
    "first_used": lambda p: languages.listed(p.used[:4]),
    "used_here": lambda p: len(p.used),
    "held_in_all": lambda p: p.held,
    "named": lambda p: languages.listed([*p.wanted, *p.used][:2]),
    "taught": lambda p: languages.listed(p.taught[:3]),
    "hours": lambda p: quantity(p.hours, "hour"),
    "weekly": lambda p: quantity(p.hours / max(p.weeks, 1), "hour"),
    "hands_on": lambda p: languages.percent(p.role.hands_on or 0),
    "weeks": lambda p: span(p.weeks),
    "until_done": lambda p: span(p.until_done),
    "wait": lambda p: span(p.wait),
    "schedule": lambda p: wording.schedule_phrase(p.role),
    "areas": lambda p: p.role.task_areas,
    "minutes": lambda p: quantity(p.role.mentor_minutes_per_week or 0, "minute"),
    "people": lambda p: quantity(p.role.contacts or 0, "person"),
    "pay": lambda p: wording.pay_phrase(p.role).main,
    "pay_inside": lambda p: inside(wording.pay_phrase(p.role).main),
    "pay_note": lambda p: wording.pay_phrase(p.role).note,
    "hoped": lambda p: p.wish_for_pay,
    "need": lambda p: p.need,
    "steps": lambda p: wording.steps_phrase(p.role),
    "proofs": lambda p: languages.listed(p.proofs),
    "proofs_missed": lambda p: languages.listed(p.proofs_missed, alternatives=True),
    "employer": lambda p: p.role.employer.name,
    "field": lambda p: Field(p.role.field).label,
}
"""What a text may name of a pair."""


@dataclass(frozen=True, slots=True)
class _Filling:
    """The phrases of one pair, each made when a text names it."""

    pair: Pair

    def __getitem__(self, name: str) -> object:
        return PHRASES[name](self.pair)


def say(words: Words | Choice, pair: Pair) -> str:
    """Return a text of the table as it is said of a pair."""
    return str(words(pair) if callable(words) else words) % _Filling(pair)


def _areas(pair: Pair) -> Words:
    areas = pair.role.task_areas or 1
    if areas == 1:
        return _("One focused task.")
    return ngettext("%(areas)s area of work.", "%(areas)s areas of work.", areas)


def _pay_note(pair: Pair) -> Words:
    return _("That is %(pay_note)s.") if wording.pay_phrase(pair.role).note else ""


def _mentoring(pair: Pair) -> Words:
    if pair.weeks > 1:
        return _("%(minutes)s a week for %(weeks)s.")
    return _("%(minutes)s a week.")


def _hoped(pair: Pair) -> Words:
    return _("You hoped for %(hoped)s.") if pair.wish_for_pay else ""


def _targets_share(pair: Pair) -> Words:
    named, met = len(pair.person.targets), len(pair.wanted)
    if named == 1:
        return _("It is the skill you want to build.")
    if met == named:
        return _("Those are all the skills you want to build.")
    return ngettext(
        "That is %(wanted_here)s of the %(wanted_in_all)s skills you want to build.",
        "Those are %(wanted_here)s of the %(wanted_in_all)s skills you want to build.",
        met,
    )


def _uses_no_skills(pair: Pair) -> bool:
    return not pair.used and not pair.wanted


def _used_share(pair: Pair) -> Words:
    if pair.held == 1:
        return _("It is the skill you named.")
    met = len(pair.used)
    if met == pair.held:
        return _("Those are all the skills you said you have.")
    return ngettext(
        "That is %(used_here)s of the %(held_in_all)s skills you have.",
        "Those are %(used_here)s of the %(held_in_all)s skills you have.",
        met,
    )


def _uses(pair: Pair) -> Words:
    return _("It uses %(taught)s.") if pair.taught else _("It names no skills.")


def _some_proofs(pair: Pair) -> Words:
    if not pair.proofs_missed:
        return PROOFS
    return _("You leave with %(proofs)s, without %(proofs_missed)s.")


def _wait(pair: Pair) -> Words:
    if pair.line.value == 0:
        return _("It ends half a year or more after your first free day.")
    return _("It starts %(wait)s after your first free day.")


IN_ALL: Final = _("%(hours)s in all.")
LASTING: Final = _("%(people)s for %(weeks)s.")
PAY: Final = _("Pay: %(pay_inside)s.")
PROOFS: Final = _("You leave with %(proofs)s.")
BESIDE_A_FIELD: Final = _("%(field)s, next to a field you named.")


@dataclass(frozen=True, slots=True)
class AspectWords:
    """How people are told of one aspect: its name, what it reads, and its rows of sentences."""

    label: Words
    want: str
    """The field of the candidate that wants it."""
    offer: str
    """What the role offers of it, as the API names that."""
    facts: tuple[str, ...]
    reads: Words
    unstated: Words
    good: tuple[Row, ...]
    poor: tuple[Row, ...]
    asked: Words = ""
    """Its name in a form that asks how much it matters, where that is another."""


CHANGE_WORDS: Final[Mapping[str, Callable[[Any], str]]] = {
    "schedule": lambda value: str(Schedule(value).label),
    "mentor_minutes_per_week": lambda value: (
        _("%(minutes)s with a mentor a week") % {"minutes": quantity(value, "minute")}
    ),
    "public_works": lambda value: (
        ngettext(
            "%(count)s piece of work you may publish",
            "%(count)s pieces of work you may publish",
            value,
        )
        % {"count": value}
    ),
    "steps": lambda value: (
        _("Applying with %(steps)s")
        % {"steps": languages.listed([str(STEP_WORDS[step][0]) for step in value])}
    ),
    "contacts": lambda value: _("%(people)s to work with") % {"people": quantity(value, "person")},
    "evidence": lambda value: begun(str(wording.EVIDENCE_WORDS[value[-1]])),
}
"""How a change of one fact of the posting is told."""

ASPECT_WORDS: Final[Mapping[str, AspectWords]] = {
    "skills": AspectWords(
        _("Your skills"),
        "targets",
        "skills",
        ("skills",),
        _("the skills it uses, against those you have and those you want to build"),
        _("Not stated: its skills."),
        good=(
            Row(lambda p: p.wanted, _("Practises %(wanted)s."), _targets_share),
            Row(lambda p: p.used, _("Uses your %(first_used)s."), _used_share),
            Row(lambda p: p.person.targets, _("Builds skills close to those you want."), _uses),
            Row(None, _("Uses skills close to yours."), _uses),
        ),
        poor=(
            Row(
                lambda p: 0 < len(p.wanted) < len(p.person.targets),
                _("Practises only %(wanted)s of what you want to learn."),
            ),
            Row(
                lambda p: 0 < len(p.used) < p.held and not p.person.targets,
                _("Uses only %(used)s of the skills you have."),
            ),
            Row(
                lambda p: _uses_no_skills(p) and p.line.value >= NEAR,
                lambda p: (
                    _("Builds none of the skills you want, but some close to them.")
                    if p.person.targets
                    else _("Uses none of your skills, but some close to them.")
                ),
                _uses,
            ),
            Row(
                lambda p: _uses_no_skills(p) and p.person.targets,
                _("Not one of the skills you want to learn."),
                _uses,
            ),
            Row(_uses_no_skills, _("Uses none of the skills you said you have."), _uses),
        ),
        asked=_("Skills I want"),
    ),
    "depth": AspectWords(
        _("Depth of experience"),
        "goal",
        "hours_total",
        ("hours_total", "hands_on"),
        _("hours of work that you do yourself"),
        _("Not stated: how much of it is hands-on."),
        good=(
            Row(
                lambda p: (p.role.hands_on or 0) > MIDDLE,
                _("Real depth."),
                _("%(hours)s, most of it doing the work."),
            ),
            Row(None, _("Real depth."), IN_ALL),
        ),
        poor=(
            Row(lambda p: p.role.hands_on == 0, _("You watch rather than do.")),
            Row(
                lambda p: (p.role.hands_on or 0) < MIDDLE,
                _("You mostly watch."),
                _("%(hands_on)s of the hours are hands-on."),
            ),
            Row(None, _("A taste rather than depth."), IN_ALL),
        ),
        asked=_("Depth"),
    ),
    "speed": AspectWords(
        _("Soon finished"),
        "available_from",
        "weeks",
        ("weeks", "start_earliest"),
        _("weeks from your first free day to its end"),
        _("Not stated: how long it lasts."),
        good=(
            Row(
                None,
                _("Soon finished."),
                _("It is over within %(until_done)s of your first free day."),
            ),
        ),
        poor=(
            Row(lambda p: p.wait > p.weeks, _("You would wait for it."), _wait),
            Row(None, _("It takes a while."), _("It lasts %(weeks)s.")),
        ),
    ),
    "schedule": AspectWords(
        _("Free choice of hours"),
        "hours_per_week",
        "schedule",
        ("schedule", "hours_per_week"),
        _("how much of your week it fixes"),
        _("Not stated: its working hours."),
        good=(
            Row(
                lambda p: p.role.schedule in {Schedule.FLEXIBLE, Schedule.ASYNCHRONOUS},
                _("%(schedule)s."),
                _("When you work is mostly up to you."),
            ),
            Row(None, _("It takes little of your week."), _("%(weekly)s a week.")),
        ),
        poor=(
            Row(None, _("%(schedule)s."), _("%(weekly)s a week, a good part of those you have.")),
        ),
    ),
    "scope": AspectWords(
        _("Breadth of the work"),
        "scope_wish",
        "task_areas",
        ("task_areas",),
        _("how many areas of work it spans, against how broad you want it"),
        _("Not stated: how many areas it spans."),
        good=(
            Row(
                lambda p: p.person.scope_wish is not None, _areas, _("Close to what you asked for.")
            ),
            Row(
                lambda p: p.person.goal < EVEN_GOAL and p.breadth < EVEN_GOAL,
                _areas,
                _("That suits practising one skill soon."),
            ),
            Row(
                lambda p: p.person.goal > EVEN_GOAL and p.breadth > EVEN_GOAL,
                _areas,
                _("That suits finding out in depth."),
            ),
            Row(
                lambda p: p.person.goal != EVEN_GOAL, _areas, _("About as broad as suits your aim.")
            ),
        ),
        poor=(
            Row(
                lambda p: p.person.scope_wish is not None,
                _areas,
                lambda p: (
                    _("Broader than you asked for.")
                    if _is_broader(p)
                    else _("Narrower than you asked for.")
                ),
            ),
            Row(
                None,
                _areas,
                lambda p: (
                    _("Broader than suits your aim.")
                    if _is_broader(p)
                    else _("Narrower than suits your aim.")
                ),
            ),
        ),
    ),
    "mentorship": AspectWords(
        _("Mentoring"),
        "goal",
        "mentor_minutes_per_week",
        ("mentor_minutes_per_week", "mentor_name", "weeks"),
        _("hours with a mentor"),
        _("Not stated: mentor time."),
        good=(Row(None, _("A mentor for you."), _mentoring),),
        poor=(
            Row(
                lambda p: not p.role.mentor_minutes_per_week and p.role.mentor_name,
                _("A mentor without a fixed time."),
            ),
            Row(lambda p: not p.role.mentor_minutes_per_week, _("No mentor.")),
            Row(None, _("Little mentoring."), _mentoring),
        ),
    ),
    "network": AspectWords(
        _("People to meet"),
        "goal",
        "contacts",
        ("contacts", "mode", "weeks"),
        _("people you work with, for how long, and where"),
        _("Not stated: whom you would work with."),
        good=(
            Row(None, _("%(people)s to work with."), _("You would work with them for %(weeks)s.")),
        ),
        poor=(
            Row(lambda p: not p.role.contacts, _("You work on your own.")),
            Row(
                lambda p: (p.role.contacts or 0) > 3 and p.weeks < 6,
                _("Too short to get to know many."),
                LASTING,
            ),
            Row(
                lambda p: p.role.contacts == 1,
                _("Few people to meet."),
                _("One person for %(weeks)s."),
            ),
            Row(None, _("Few people to meet."), LASTING),
        ),
    ),
    "pay": AspectWords(
        _("Pay"),
        "rate_target",
        "pay",
        ("pay_kind", "pay_amount", "hours_total"),
        _("pay an hour and, if you need a sum, in all"),
        _("Not stated: its pay."),
        good=(
            Row(
                lambda p: p.role.credit and p.person.credit != "none" and p.rate_share <= MIDDLE,
                _("Academic credit."),
                lambda p: "" if p.is_unpaid else _("%(pay)s beside it."),
            ),
            Row(lambda p: not p.is_unpaid, _("%(pay)s."), _pay_note),
        ),
        poor=(
            Row(lambda p: p.is_unpaid, _("Unpaid."), _hoped),
            Row(lambda p: p.need and p.rate_share > MIDDLE, PAY, _("You need %(need)s in all.")),
            Row(lambda p: p.wish_for_pay and p.rate_share < 1, PAY, _hoped),
            Row(lambda p: p.rate_share < 1, PAY, _("That is little for each hour.")),
        ),
    ),
    "effort": AspectWords(
        _("Easy to apply"),
        "goal",
        "steps",
        ("steps",),
        _("hours that applying takes"),
        _("Not stated: how one applies."),
        good=(Row(None, _("Quick to apply for."), _("%(steps)s.")),),
        poor=(Row(None, _("Applying takes time."), _("%(steps)s.")),),
    ),
    "evidence": AspectWords(
        _("Something to show"),
        "evidence_wanted",
        "evidence",
        ("evidence", "public_works"),
        _("what you can show afterwards"),
        _("Not stated: what you can show afterwards."),
        good=(Row(lambda p: p.proofs, PROOFS),),
        poor=(
            Row(lambda p: p.proofs, _("Less to show than there could be."), _some_proofs),
            Row(
                lambda p: not p.role.evidence and not p.role.public_works,
                _("Nothing to show afterwards."),
            ),
            Row(None, _("Not the proof you asked for.")),
        ),
    ),
    "trajectory": AspectWords(
        _("Where it leads"),
        "goal",
        "converted",
        ("completed", "converted"),
        _("how many went on to more from earlier roles like it here"),
        _("No track record yet: nobody has finished a role like this here."),
        good=(
            Row(
                lambda p: p.led_on > p.usually_leads_on + CLOSE,
                _("It often leads on."),
                _("%(employer)s kept or recommended more than three in ten who finished here."),
            ),
        ),
        poor=(
            Row(
                lambda p: p.led_on < p.usually_leads_on - CLOSE,
                _("It seldom leads on."),
                _("%(employer)s kept or recommended fewer than three in ten who finished here."),
            ),
        ),
    ),
    "field": AspectWords(
        _("Field of work"),
        "interests",
        "field",
        ("field", "skills"),
        _("the field, against those you named, and whether it uses a skill you named"),
        _("Not stated: its field."),
        good=(
            Row(lambda p: p.interest >= 1, _("%(field)s, a field you named.")),
            Row(lambda p: p.interest > 0, BESIDE_A_FIELD),
        ),
        poor=(
            Row(lambda p: not p.role.field, _("Its field is not given.")),
            Row(lambda p: p.interest > 0, BESIDE_A_FIELD),
            Row(
                lambda p: p.wanted or p.used,
                _("%(field)s, not among the fields you named, but it uses %(named)s."),
            ),
            Row(None, _("%(field)s, not among the fields you named.")),
        ),
    ),
}


def labels() -> dict[str, Words]:
    """Return the label of every aspect by its name, as a form asks for it."""
    return {name: words.asked or words.label for name, words in ASPECT_WORDS.items()}


def _is_broader(pair: Pair) -> bool:
    return pair.breadth > pair.wished_breadth
