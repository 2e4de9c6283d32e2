"""The six questions of the start, as data: each option sets fields of the engine's candidate.

Answers live in the visitor's session as ``{question: [option, …]}`` until a profile keeps them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from opportunities.core.fields_of_work import Field
from opportunities.core.models import Site
from opportunities.core.pay import to_minor
from opportunities.roles.wording import money

MONTH: Final = timedelta(days=30)
PAY_STEPS: Final = (12, 15, 18, 22)
"""Majors of the site's currency an hour, offered as the least to work for."""

type Answers = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Option:
    """One answer, and the fields of a candidate that it sets."""

    value: str
    label: str
    sets: Mapping[str, Any] = field(default_factory=dict)
    hint: str = ""


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
    must: bool = False
    """Whether the answer filters roles rather than ranking them."""

    def chosen(self, answers: Answers) -> list[Option]:
        """Return the options that were chosen, in the question's own order."""
        values = answers.get(self.slug, ())
        return [option for option in self.options if option.value in values]


def questions(
    *, today: date, site: Site, regions: Sequence[tuple[str, str]]
) -> tuple[Question, ...]:
    """Return the questions with their options as of today, in the site's currency.

    ``regions`` are the cities with the most open roles: what names each alone, and its own name.
    """
    return (
        Question(
            "aim",
            "What should it do for you?",
            "Both are good. You can look at either kind whatever you answer.",
            "Aim",
            (
                Option("quick", "Prove or learn a skill, soon", {"goal": 0.1}),
                Option("both", "A bit of both", {"goal": 0.5}),
                Option("deep", "Find out in depth whether this work is for me", {"goal": 0.9}),
            ),
        ),
        Question(
            "time",
            "How many hours a week can you give?",
            "In a usual week. You can change this whenever you like.",
            "Time",
            tuple(
                Option(str(hours), label, {"hours_per_week": hours})
                for hours, label in (
                    (5, "Up to 5"),
                    (10, "Up to 10"),
                    (20, "Up to 20"),
                    (40, "Up to 40, full time"),
                )
            ),
            must=True,
        ),
        Question(
            "start-date",
            "When could you start?",
            "Roles that must begin earlier are left out.",
            "Start",
            tuple(
                Option(value, label, {"available_from": (today + wait).isoformat()})
                for value, label, wait in (
                    ("now", "Right away", timedelta(0)),
                    ("month", "In a month", MONTH),
                    ("quarter", "In three months", 3 * MONTH),
                    ("half", "In half a year", 6 * MONTH),
                )
            ),
            must=True,
        ),
        Question(
            "place",
            "Where can you work?",
            "Choose all that are possible.",
            "Place",
            (
                Option("remote", "From anywhere, remotely", {"modes": ["remote"]}),
                *(
                    Option(
                        region,
                        f"In or near {name}",
                        {"modes": ["hybrid", "onsite"], "regions": [region]},
                    )
                    for region, name in regions
                ),
            ),
            several=True,
            must=True,
        ),
        Question(
            "pay",
            "What is the least you would work for?",
            "By the hour, whatever the way of paying. Lower ones are left out.",
            "Pay",
            (
                Option("any", "I would look at anything", {"rate_floor": 0}),
                *(
                    Option(
                        str(step),
                        f"{money(to_minor(Decimal(step), site.currency), site.currency)}"
                        " an hour or more",
                        {"rate_floor": step, "rate_target": round(step * 1.25)},
                    )
                    for step in PAY_STEPS
                ),
            ),
            must=True,
        ),
        Question(
            "field",
            "Which fields interest you?",
            "Up to five. Related fields count half.",
            "Fields",
            tuple(
                Option(value, str(label), {"interests": {value: 1.0}})
                for value, label in Field.choices
            ),
            several=True,
        ),
    )


def candidate_fields(asked: Sequence[Question], answers: Answers) -> dict[str, Any]:
    """Return the candidate's fields that the answers set; what was skipped is left out."""
    fields: dict[str, Any] = {}
    for question in asked:
        for option in question.chosen(answers):
            for name, value in option.sets.items():
                if isinstance(value, dict):
                    fields[name] = fields.get(name, {}) | value
                elif isinstance(value, list):
                    fields[name] = [*fields.get(name, []), *value]
                else:
                    fields[name] = value
    return fields
