"""The six questions of the start, as data, and the one format in which answers are kept.

Answers live in the visitor's session as ``{question: [answer, …]}`` until a profile keeps them. An
answer to most questions is an option's value; to ``skills`` and ``targets``, which one page asks,
it is "slug:number", the level 1 to 4 or the priority 1 to 3. ``field-rule`` says how ``field`` is
meant.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from opportunities.candidates.fields import MAX_SKILLS, MAX_TARGETS
from opportunities.candidates.models import FieldRule
from opportunities.core.fields_of_work import Field
from opportunities.core.languages import money
from opportunities.core.models import Site
from opportunities.core.pay import to_minor

MONTH: Final = timedelta(days=30)
PAY_STEPS: Final = (12, 15, 18, 22)
"""Majors of the site's currency an hour, offered as the least to work for."""

HOURS: Final = (5, 10, 20, 40)
"""A week, offered as the most that somebody can give."""

FIRST: Final = "field"
"""The question that is asked first; the later ones count within its answer."""
SKILLS: Final = "skills"
"""The question that has a page of its own; what somebody wants to learn is kept beside it."""
TARGETS: Final = "targets"
PLACE: Final = "place"
"""The question that takes places beside those it offers."""
REMOTE: Final = "remote"
MOST_PLACES: Final = 40
"""As many as a profile holds."""
RULE: Final = "field-rule"
LEVELS: Final = range(1, 5)
SOON: Final = 2
"""The priority of a skill that somebody wants to learn, until they say more in their profile."""

type Answers = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Option:
    """One answer, and the fields of a candidate that it sets."""

    value: str
    label: str
    sets: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Question:
    """One page of the start."""

    slug: str
    title: str
    hint: str
    short: str
    """The name of the answer in the list of answers."""
    options: tuple[Option, ...]
    several: bool = False
    most: int = 5
    """How many of several may be chosen."""
    rule: "Question | None" = None
    """A second answer on the same page: how the first is meant."""

    def chosen(self, answers: Answers) -> list[Option]:
        """Return the options that were chosen, in the question's own order."""
        values = answers.get(self.slug, ())
        return [option for option in self.options if option.value in values]


def questions(
    *, today: date, site: Site, regions: Sequence[tuple[str, str]]
) -> tuple[Question, ...]:
    """Return the questions with their options as of today, in the site's currency.

    ``regions`` are places to choose from: what names each alone, and the words of its answer.
    """
    return (
        _fields(),
        Question(
            SKILLS,
            _("Which skills do you have, and which do you want to learn?"),
            "",
            _("Skills"),
            (),
            several=True,
        ),
        Question(
            "time",
            _("How many hours a week can you give?"),
            _("In a usual week. You can change this whenever you like."),
            _("Time"),
            tuple(
                Option(str(hours), label, {"hours_per_week": hours})
                for hours, label in zip(
                    HOURS,
                    (_("Up to 5"), _("Up to 10"), _("Up to 20"), _("Up to 40, full time")),
                    strict=True,
                )
            ),
        ),
        Question(
            "start-date",
            _("When could you start?"),
            _("Roles that must begin earlier are left out."),
            _("Start"),
            tuple(
                Option(value, label, {"available_from": (today + wait).isoformat()})
                for value, label, wait in (
                    ("now", _("Right away"), timedelta(0)),
                    ("month", _("In a month"), MONTH),
                    ("quarter", _("In three months"), 3 * MONTH),
                    ("half", _("In half a year"), 6 * MONTH),
                )
            ),
        ),
        Question(
            PLACE,
            _("Where can you work?"),
            _("Choose all that are possible."),
            _("Place"),
            (
                Option(REMOTE, _("From anywhere, remotely"), {"modes": ["remote"]}),
                *(
                    Option(
                        region,
                        label,
                        {"modes": ["hybrid", "onsite"], "regions": [region]},
                    )
                    for region, label in regions
                ),
            ),
            several=True,
            most=MOST_PLACES + 1,
        ),
        Question(
            "pay",
            _("What is the least you would work for?"),
            _("By the hour, whatever the way of paying. Lower ones are left out."),
            _("Pay"),
            (
                Option("any", _("I would look at anything"), {"rate_floor": 0}),
                *(
                    Option(
                        str(step),
                        _("%(pay)s an hour or more")
                        % {"pay": money(to_minor(Decimal(step), site.currency), site.currency)},
                        {"rate_floor": step},
                    )
                    for step in PAY_STEPS
                ),
            ),
        ),
    )


def _fields() -> Question:
    return Question(
        "field",
        _("Which fields interest you?"),
        _("Up to five. Each says how many roles it has for you."),
        pgettext("fields of work", "Fields"),
        tuple(
            Option(value, str(label), {"interests": {value: 1.0}}) for value, label in Field.choices
        ),
        several=True,
        rule=Question(
            RULE,
            _("How do they count?"),
            "",
            _("Other fields"),
            tuple(
                Option(rule.value, label, {"field_rule": rule.value})
                for rule, label in (
                    (FieldRule.ONLY, _("Only these")),
                    (FieldRule.FIRST, _("These first: they count most")),
                    (FieldRule.OPEN, _("Open: they are one wish among others")),
                )
            ),
        ),
    )


def candidate_fields(asked: Sequence[Question], answers: Answers) -> dict[str, Any]:
    """Return the facts of a profile that the answers state; what was skipped is left out.

    Names are those of ``candidates.fields``, with money in majors of the site's currency.
    """
    fields: dict[str, Any] = {}
    for question in asked:
        options = question.chosen(answers)
        if options and question.rule:
            options += question.rule.chosen(answers)
        for option in options:
            for name, value in option.sets.items():
                if isinstance(value, dict):
                    fields[name] = fields.get(name, {}) | value
                elif isinstance(value, list):
                    fields[name] = list(dict.fromkeys([*fields.get(name, []), *value]))
                else:
                    fields[name] = value
    for name in (SKILLS, TARGETS):
        if numbers := numbered(answers, name):
            fields[name] = numbers
    return fields


def numbered(answers: Answers, name: str) -> dict[str, int]:
    """Return the skills kept under ``SKILLS`` or ``TARGETS``: slug to level, or to priority."""
    highest = LEVELS[-1] if name == SKILLS else 3
    numbers: dict[str, int] = {}
    for answer in answers.get(name, ()):
        slug, _, number = answer.partition(":")
        if slug and number in {str(known) for known in range(1, highest + 1)}:
            numbers[slug] = int(number)
    most = MAX_SKILLS if name == SKILLS else MAX_TARGETS
    return dict(list(numbers.items())[:most])


def as_answers(numbers: Mapping[str, int]) -> list[str]:
    """Return skills with their numbers as ``numbered`` reads them."""
    return [f"{slug}:{number}" for slug, number in numbers.items()]
