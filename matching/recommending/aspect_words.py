"""The words for what a role is to somebody, aspect by aspect: a table.

For each aspect there are rows of a condition and a sentence, read from the top. A sentence rests
on stated facts and on wishes that were given; an aspect of which nothing true can be said stays
silent.
Texts that stand in the table are translated when they are read.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from matching.recommending.reason_facts import EVEN_GOAL, MIDDLE, Pair, begun, span
from opportunities.core import languages
from opportunities.core.retelling import inside
from opportunities.roles import wording
from opportunities.roles.models import Schedule
from opportunities.roles.wording import STEP_WORDS, quantity

CLOSE: Final = 0.01
NEAR: Final = 0.12
"""Value of ``skills`` of a role whose best skill is half as good as one that was named."""

type Words = Any
"""A text, or one that is translated when it is read."""
type Says = Callable[[Pair], str]
type When = Callable[[Pair], bool]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table: when it holds, and what it says."""

    when: When
    headline: Says
    text: Says


def row(when: When | None, headline: Says | Words, text: Says | Words = "") -> Row:
    """Make a row; without a condition it always holds."""
    return Row(when or (lambda _pair: True), _saying(headline), _saying(text))


def _saying(words: Says | Words) -> Says:
    return words if callable(words) else lambda _pair: str(words)


def _sentence(phrase: str) -> str:
    return _("%(phrase)s.") % {"phrase": phrase}


def _steps(pair: Pair) -> str:
    return _sentence(wording.steps_phrase(pair.role))


def _people(pair: Pair) -> str:
    return quantity(pair.role.contacts or 0, "person")


def _areas(pair: Pair) -> str:
    areas = pair.role.task_areas or 1
    if areas == 1:
        return _("One focused task.")
    return ngettext("%(count)s area of work.", "%(count)s areas of work.", areas) % {"count": areas}


def _pay_main(pair: Pair) -> str:
    return wording.pay_phrase(pair.role).main


def _pay_note(pair: Pair) -> str:
    note = wording.pay_phrase(pair.role).note
    return _("That is %(pay)s.") % {"pay": note} if note else ""


def _schedule(pair: Pair) -> str:
    return _sentence(wording.schedule_phrase(pair.role))


def _mentoring(pair: Pair) -> str:
    minutes = quantity(pair.role.mentor_minutes_per_week or 0, "minute")
    if pair.weeks > 1:
        return _("%(minutes)s a week for %(weeks)s.") % {
            "minutes": minutes,
            "weeks": span(pair.weeks),
        }
    return _("%(minutes)s a week.") % {"minutes": minutes}


def _pay_gap(pair: Pair) -> str:
    return _("Pay: %(pay)s.") % {"pay": inside(_pay_main(pair))}


def _hoped(pair: Pair) -> str:
    wish = pair.wish_for_pay
    return _("You hoped for %(pay)s.") % {"pay": wish} if wish else ""


def _targets_share(pair: Pair) -> str:
    named, met = len(pair.person.targets), len(pair.wanted)
    if named == 1:
        return _("It is the skill you want to build.")
    if met == named:
        return _("Those are all the skills you want to build.")
    return ngettext(
        "That is %(met)s of the %(named)s skills you want to build.",
        "Those are %(met)s of the %(named)s skills you want to build.",
        met,
    ) % {"met": met, "named": named}


def _uses_no_skills(pair: Pair) -> bool:
    return not pair.used and not pair.wanted


def _used_share(pair: Pair) -> str:
    if pair.held == 1:
        return _("It is the skill you named.")
    met = len(pair.used)
    if met == pair.held:
        return _("Those are all the skills you said you have.")
    return ngettext(
        "That is %(met)s of the %(held)s skills you have.",
        "Those are %(met)s of the %(held)s skills you have.",
        met,
    ) % {"met": met, "held": pair.held}


def _uses(pair: Pair) -> str:
    if not pair.taught:
        return _("It names no skills.")
    return _("It uses %(skills)s.") % {"skills": languages.listed(pair.taught[:3])}


def _lasting(pair: Pair) -> str:
    return _("%(people)s for %(weeks)s.") % {"people": _people(pair), "weeks": span(pair.weeks)}


def _in_all(pair: Pair) -> str:
    return _("%(hours)s in all.") % {"hours": quantity(pair.hours, "hour")}


def _proofs(pair: Pair) -> str:
    return _("You leave with %(proofs)s.") % {"proofs": languages.listed(pair.proofs)}


def _some_proofs(pair: Pair) -> str:
    if not pair.proofs_missed:
        return _proofs(pair)
    return _("You leave with %(proofs)s, without %(missed)s.") % {
        "proofs": languages.listed(pair.proofs),
        "missed": languages.listed(pair.proofs_missed, alternatives=True),
    }


def _beside_a_field(pair: Pair) -> str:
    return _("%(field)s, next to a field you named.") % {"field": pair.field_name}


def _wait(pair: Pair) -> str:
    if pair.line.value == 0:
        return _("It ends half a year or more after your first free day.")
    return _("It starts %(weeks)s after your first free day.") % {"weeks": span(pair.wait)}


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
        gettext_lazy("Your skills"),
        "targets",
        "skills",
        ("skills",),
        gettext_lazy("the skills it uses, against those you have and those you want to build"),
        gettext_lazy("Not stated: its skills."),
        good=(
            row(
                lambda p: bool(p.wanted),
                lambda p: _("Practises %(skills)s.") % {"skills": languages.listed(p.wanted)},
                _targets_share,
            ),
            row(
                lambda p: bool(p.used),
                lambda p: _("Uses your %(skills)s.") % {"skills": languages.listed(p.used[:4])},
                _used_share,
            ),
            row(
                lambda p: bool(p.person.targets),
                gettext_lazy("Builds skills close to those you want."),
                _uses,
            ),
            row(None, gettext_lazy("Uses skills close to yours."), _uses),
        ),
        poor=(
            row(
                lambda p: 0 < len(p.wanted) < len(p.person.targets),
                lambda p: (
                    _("Practises only %(skills)s of what you want to learn.")
                    % {"skills": languages.listed(p.wanted)}
                ),
            ),
            row(
                lambda p: 0 < len(p.used) < p.held and not p.person.targets,
                lambda p: (
                    _("Uses only %(skills)s of the skills you have.")
                    % {"skills": languages.listed(p.used)}
                ),
            ),
            row(
                lambda p: _uses_no_skills(p) and p.line.value >= NEAR,
                lambda p: (
                    _("Builds none of the skills you want, but some close to them.")
                    if p.person.targets
                    else _("Uses none of your skills, but some close to them.")
                ),
                _uses,
            ),
            row(
                lambda p: _uses_no_skills(p) and bool(p.person.targets),
                gettext_lazy("Not one of the skills you want to learn."),
                _uses,
            ),
            row(_uses_no_skills, gettext_lazy("Uses none of the skills you said you have."), _uses),
        ),
        asked=gettext_lazy("Skills I want"),
    ),
    "depth": AspectWords(
        gettext_lazy("Depth of experience"),
        "goal",
        "hours_total",
        ("hours_total", "hands_on"),
        gettext_lazy("hours of work that you do yourself"),
        gettext_lazy("Not stated: how much of it is hands-on."),
        good=(
            row(
                lambda p: (p.role.hands_on or 0) > MIDDLE,
                gettext_lazy("Real depth."),
                lambda p: (
                    _("%(hours)s, most of it doing the work.")
                    % {"hours": quantity(p.hours, "hour")}
                ),
            ),
            row(None, gettext_lazy("Real depth."), _in_all),
        ),
        poor=(
            row(lambda p: p.role.hands_on == 0, gettext_lazy("You watch rather than do.")),
            row(
                lambda p: (p.role.hands_on or 0) < MIDDLE,
                gettext_lazy("You mostly watch."),
                lambda p: (
                    _("%(share)s of the hours are hands-on.")
                    % {"share": languages.percent(p.role.hands_on or 0)}
                ),
            ),
            row(None, gettext_lazy("A taste rather than depth."), _in_all),
        ),
        asked=gettext_lazy("Depth"),
    ),
    "speed": AspectWords(
        gettext_lazy("Soon finished"),
        "available_from",
        "weeks",
        ("weeks", "start_earliest"),
        gettext_lazy("weeks from your first free day to its end"),
        gettext_lazy("Not stated: how long it lasts."),
        good=(
            row(
                None,
                gettext_lazy("Soon finished."),
                lambda p: (
                    _("It is over within %(weeks)s of your first free day.")
                    % {"weeks": span(p.until_done)}
                ),
            ),
        ),
        poor=(
            row(lambda p: p.wait > p.weeks, gettext_lazy("You would wait for it."), _wait),
            row(
                None,
                gettext_lazy("It takes a while."),
                lambda p: _("It lasts %(weeks)s.") % {"weeks": span(p.weeks)},
            ),
        ),
    ),
    "schedule": AspectWords(
        gettext_lazy("Free choice of hours"),
        "hours_per_week",
        "schedule",
        ("schedule", "hours_per_week"),
        gettext_lazy("how much of your week it fixes"),
        gettext_lazy("Not stated: its working hours."),
        good=(
            row(
                lambda p: p.role.schedule in {Schedule.FLEXIBLE, Schedule.ASYNCHRONOUS},
                _schedule,
                gettext_lazy("When you work is mostly up to you."),
            ),
            row(
                None,
                gettext_lazy("It takes little of your week."),
                lambda p: _("%(hours)s a week.") % {"hours": quantity(p.weekly, "hour")},
            ),
        ),
        poor=(
            row(
                None,
                _schedule,
                lambda p: (
                    _("%(hours)s a week, a good part of those you have.")
                    % {"hours": quantity(p.weekly, "hour")}
                ),
            ),
        ),
    ),
    "scope": AspectWords(
        gettext_lazy("Breadth of the work"),
        "scope_wish",
        "task_areas",
        ("task_areas",),
        gettext_lazy("how many areas of work it spans, against how broad you want it"),
        gettext_lazy("Not stated: how many areas it spans."),
        good=(
            row(
                lambda p: p.person.scope_wish is not None,
                _areas,
                gettext_lazy("Close to what you asked for."),
            ),
            row(
                lambda p: p.person.goal < EVEN_GOAL and p.breadth < EVEN_GOAL,
                _areas,
                gettext_lazy("That suits practising one skill soon."),
            ),
            row(
                lambda p: p.person.goal > EVEN_GOAL and p.breadth > EVEN_GOAL,
                _areas,
                gettext_lazy("That suits finding out in depth."),
            ),
            row(
                lambda p: p.person.goal != EVEN_GOAL,
                _areas,
                gettext_lazy("About as broad as suits your aim."),
            ),
        ),
        poor=(
            row(
                lambda p: p.person.scope_wish is not None,
                _areas,
                lambda p: (
                    _("Broader than you asked for.")
                    if _is_broader(p)
                    else _("Narrower than you asked for.")
                ),
            ),
            row(
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
        gettext_lazy("Mentoring"),
        "goal",
        "mentor_minutes_per_week",
        ("mentor_minutes_per_week", "mentor_name", "weeks"),
        gettext_lazy("hours with a mentor"),
        gettext_lazy("Not stated: mentor time."),
        good=(row(None, gettext_lazy("A mentor for you."), _mentoring),),
        poor=(
            row(
                lambda p: not p.role.mentor_minutes_per_week and bool(p.role.mentor_name),
                gettext_lazy("A mentor without a fixed time."),
            ),
            row(lambda p: not p.role.mentor_minutes_per_week, gettext_lazy("No mentor.")),
            row(None, gettext_lazy("Little mentoring."), _mentoring),
        ),
    ),
    "network": AspectWords(
        gettext_lazy("People to meet"),
        "goal",
        "contacts",
        ("contacts", "mode", "weeks"),
        gettext_lazy("people you work with, for how long, and where"),
        gettext_lazy("Not stated: whom you would work with."),
        good=(
            row(
                None,
                lambda p: _("%(people)s to work with.") % {"people": _people(p)},
                lambda p: _("You would work with them for %(weeks)s.") % {"weeks": span(p.weeks)},
            ),
        ),
        poor=(
            row(lambda p: not p.role.contacts, gettext_lazy("You work on your own.")),
            row(
                lambda p: (p.role.contacts or 0) > 3 and p.weeks < 6,
                gettext_lazy("Too short to get to know many."),
                _lasting,
            ),
            row(
                lambda p: p.role.contacts == 1,
                gettext_lazy("Few people to meet."),
                lambda p: _("One person for %(weeks)s.") % {"weeks": span(p.weeks)},
            ),
            row(None, gettext_lazy("Few people to meet."), _lasting),
        ),
    ),
    "pay": AspectWords(
        gettext_lazy("Pay"),
        "rate_target",
        "pay",
        ("pay_kind", "pay_amount", "hours_total"),
        gettext_lazy("pay an hour and, if you need a sum, in all"),
        gettext_lazy("Not stated: its pay."),
        good=(
            row(
                lambda p: p.role.credit and p.person.credit != "none" and p.rate_share <= MIDDLE,
                gettext_lazy("Academic credit."),
                lambda p: "" if p.is_unpaid else _("%(pay)s beside it.") % {"pay": _pay_main(p)},
            ),
            row(lambda p: not p.is_unpaid, lambda p: _sentence(_pay_main(p)), _pay_note),
        ),
        poor=(
            row(lambda p: p.is_unpaid, gettext_lazy("Unpaid."), _hoped),
            row(
                lambda p: bool(p.need) and p.rate_share > MIDDLE,
                _pay_gap,
                lambda p: _("You need %(sum)s in all.") % {"sum": p.need},
            ),
            row(lambda p: bool(p.wish_for_pay) and p.rate_share < 1, _pay_gap, _hoped),
            row(
                lambda p: p.rate_share < 1, _pay_gap, gettext_lazy("That is little for each hour.")
            ),
        ),
    ),
    "effort": AspectWords(
        gettext_lazy("Easy to apply"),
        "goal",
        "steps",
        ("steps",),
        gettext_lazy("hours that applying takes"),
        gettext_lazy("Not stated: how one applies."),
        good=(row(None, gettext_lazy("Quick to apply for."), _steps),),
        poor=(row(None, gettext_lazy("Applying takes time."), _steps),),
    ),
    "evidence": AspectWords(
        gettext_lazy("Something to show"),
        "evidence_wanted",
        "evidence",
        ("evidence", "public_works"),
        gettext_lazy("what you can show afterwards"),
        gettext_lazy("Not stated: what you can show afterwards."),
        good=(row(lambda p: bool(p.proofs), _proofs),),
        poor=(
            row(
                lambda p: bool(p.proofs),
                gettext_lazy("Less to show than there could be."),
                _some_proofs,
            ),
            row(
                lambda p: not p.role.evidence and not p.role.public_works,
                gettext_lazy("Nothing to show afterwards."),
            ),
            row(None, gettext_lazy("Not the proof you asked for.")),
        ),
    ),
    "trajectory": AspectWords(
        gettext_lazy("Where it leads"),
        "goal",
        "converted",
        ("completed", "converted"),
        gettext_lazy("how many went on to more from earlier roles like it here"),
        gettext_lazy("No track record yet: nobody has finished a role like this here."),
        good=(
            row(
                lambda p: p.led_on > p.usually_leads_on + CLOSE,
                gettext_lazy("It often leads on."),
                lambda p: (
                    _("%(employer)s kept or recommended more than three in ten who finished here.")
                    % {"employer": p.role.employer.name}
                ),
            ),
        ),
        poor=(
            row(
                lambda p: p.led_on < p.usually_leads_on - CLOSE,
                gettext_lazy("It seldom leads on."),
                lambda p: (
                    _("%(employer)s kept or recommended fewer than three in ten who finished here.")
                    % {"employer": p.role.employer.name}
                ),
            ),
        ),
    ),
    "field": AspectWords(
        gettext_lazy("Field of work"),
        "interests",
        "field",
        ("field", "skills"),
        gettext_lazy("the field, against those you named, and whether it uses a skill you named"),
        gettext_lazy("Not stated: its field."),
        good=(
            row(
                lambda p: p.interest >= 1,
                lambda p: _("%(field)s, a field you named.") % {"field": p.field_name},
            ),
            row(lambda p: p.interest > 0, _beside_a_field),
        ),
        poor=(
            row(lambda p: not p.role.field, gettext_lazy("Its field is not given.")),
            row(lambda p: p.interest > 0, _beside_a_field),
            row(
                lambda p: bool(p.wanted or p.used),
                lambda p: (
                    _("%(field)s, not among the fields you named, but it uses %(skills)s.")
                    % {
                        "field": p.field_name,
                        "skills": languages.listed([*p.wanted, *p.used][:2]),
                    }
                ),
            ),
            row(
                None,
                lambda p: _("%(field)s, not among the fields you named.") % {"field": p.field_name},
            ),
        ),
    ),
}


def labels() -> dict[str, Words]:
    """Return the label of every aspect by its name, as a form asks for it."""
    return {name: words.asked or words.label for name, words in ASPECT_WORDS.items()}


def _is_broader(pair: Pair) -> bool:
    return pair.breadth > pair.wished_breadth
