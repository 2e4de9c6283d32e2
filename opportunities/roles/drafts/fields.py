"""Every field that an employer may state of a role, and what reads it, as a table.

Lengths, choices and ranges are those of the model, so that a limit stands in one place.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import CheckConstraint

from opportunities.core import pay, readers
from opportunities.roles.models import Deliverable, Opportunity, OpportunitySkill, Question
from opportunities.roles.models.listings import EVIDENCE_OFFERED, STEPS

MAX_DELIVERABLES: Final = 20
MAX_QUESTIONS: Final = 6
MAX_QUESTIONS_MICRO: Final = 3
MAX_SKILLS: Final = 30
MAX_APPLY_DAYS: Final = 180
"""A role closes at most this many days after the day it is put up."""

TEXTS: Final = ("title", "summary", "description", "place", "region", "mentor_name")
NUMBERS: Final = (
    "hours_total", "weeks", "hours_per_week", "pay_days", "public_works", "task_areas", "hands_on",
    "mentor_minutes_per_week", "contacts", "capacity", "holistic", "min_age", "response_days",
)  # fmt: skip
CHOICES: Final = ("format", "field", "schedule", "mode", "pay_kind")
DATES: Final = ("start_earliest", "start_latest", "apply_by")
FLAGS: Final = ("credit", "requires_enrolment", "blind_review")
WORDS: Final[Mapping[str, tuple[str, ...]]] = {"steps": STEPS, "evidence": EVIDENCE_OFFERED}
MONEY: Final[Mapping[str, str]] = {"pay_amount": "pay_amount_minor", "pay_max": "pay_max_minor"}
"""Amounts in major units, and the columns that hold them in minor ones."""
DURATIONS: Final = ("hours_total", "weeks", "hours_per_week")
LANGUAGE: Final = re.compile(r"[a-z]{2}(-[A-Z]{2})?")
COUNTRY: Final = re.compile(r"[A-Z]{2}")
COUNTRY_CODE: Final = "A country is a code of two letters such as GB."


def ranges_of(model: type[models.Model]) -> dict[str, tuple[float, float]]:
    """Return the least and the greatest value of each number, as the model's constraints say."""
    found: dict[str, dict[str, float]] = {}
    for constraint in model._meta.constraints:
        if isinstance(constraint, CheckConstraint) and constraint.name.endswith("_in_range"):
            for condition, bound in getattr(constraint.condition, "children", ()):
                name, _, side = condition.rpartition("__")
                found.setdefault(name, {})[side] = bound
    return {name: (sides["gte"], sides["lte"]) for name, sides in found.items()}


RANGES: Final = ranges_of(Opportunity)
PART_RANGES: Final = {
    "skills": ranges_of(OpportunitySkill),
    "questions": ranges_of(Question),
}


def _reader_of(name: str) -> Callable[[object], Any]:
    """Return what reads a field, with the limits that its column states."""
    column: Any = Opportunity._meta.get_field(name)
    if name in NUMBERS:
        low, high = RANGES[name]
        reader = readers.number(low, high, whole=not isinstance(column, models.FloatField))
        if column.null:
            return reader
        return lambda raw: column.default if raw in (None, "") else reader(raw)
    if name in CHOICES:
        empty = None if column.null else (column.default if column.has_default() else "")
        return readers.choice([value for value, _ in column.choices], empty=empty)
    if isinstance(column, ArrayField):
        return readers.words(WORDS[name], column.size or len(WORDS[name]))
    return readers.text_of(column.max_length, lines=isinstance(column, models.TextField))


def _text_of(model: type[models.Model], name: str) -> Callable[[object], str]:
    column: Any = model._meta.get_field(name)
    return readers.text_of(column.max_length)


def _number_of(part: str, name: str, default: int) -> Callable[[object], Any]:
    low, high = PART_RANGES[part][name]
    reader = readers.number(low, high, whole=True)
    return lambda raw: default if raw in (None, "") else reader(raw)


READERS: Final[Mapping[str, Callable[[object], Any]]] = {
    **{name: _reader_of(name) for name in (*TEXTS, *NUMBERS, *CHOICES, *WORDS)},
    **dict.fromkeys(DATES, readers.day),
    **dict.fromkeys(FLAGS, readers.flag),
    **dict.fromkeys(MONEY, readers.decimal),
    "language": readers.matching(LANGUAGE, "A language is a code such as en or en-GB.", empty="en"),
    "country": readers.matching(COUNTRY, COUNTRY_CODE, empty=""),
    "work_rights": readers.matching(COUNTRY, COUNTRY_CODE, empty=""),
    "pay_currency": readers.choice(pay.CURRENCIES, empty=""),
    "apply_url": readers.address,
}
"""Every plain field that an employer may state, and what reads it."""

PART_READERS: Final[Mapping[str, tuple[Mapping[str, Callable[[object], Any]], str, int]]] = {
    "deliverables": (
        {
            "title": _text_of(Deliverable, "title"),
            "done_means": _text_of(Deliverable, "done_means"),
            "publishable": readers.flag,
        },
        "title",
        MAX_DELIVERABLES,
    ),
    "questions": (
        {"text": _text_of(Question, "text"), "minutes": _number_of("questions", "minutes", 5)},
        "text",
        MAX_QUESTIONS,
    ),
    "skills": (
        {
            "name": readers.text_of(240),
            "level": _number_of("skills", "level", 1),
            "importance": _number_of("skills", "importance", 1),
            "must": readers.flag,
        },
        "name",
        MAX_SKILLS,
    ),
}
"""The parts of a role: what reads each of their fields, the one that is required, how many."""
