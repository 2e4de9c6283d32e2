"""The fields of a role, one row each: what reads it, who sees it, where it is asked and shown.

Drafts, forms, API, filters, importer, exporter, pages, structured data and the engine's reading
are derived from ``FIELDS``. Lengths, choices and ranges are those of the model's columns, so that a
limit stands in one place. Durations are hours, weeks and hours a week; money is in major units of
``pay_currency``.
"""

from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass, field
from enum import Enum
from typing import Any, Final

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.text import capfirst

from opportunities.core import pay
from opportunities.core.ranges import ranges_of
from opportunities.core.validation import (
    COUNTRY,
    LANGUAGE,
    Address,
    Amount,
    Choice,
    Day,
    Flag,
    Kind,
    Number,
    Parts,
    Text,
    Words,
    labelled,
)
from opportunities.roles import wording
from opportunities.roles.models import Deliverable, Opportunity, OpportunitySkill, Question
from opportunities.roles.models.listings import EVIDENCE_OFFERED, STEPS
from opportunities.roles.wording import Phrase

MAX_APPLY_DAYS: Final = 180  # after the day on which a role is put up
MAX_QUESTIONS_MICRO: Final = 3
CURRENCY: Final = Choice(labelled(pay.CURRENCIES), empty="")


HANDS_ON: Final[Mapping[float, str]] = {
    0: "Watching only", 0.25: "Mostly watching", 0.5: "Half watching, half doing",
    0.75: "Mostly doing", 1: "All doing",
}  # fmt: skip
CHOSEN_BY: Final[Mapping[float, str]] = {
    0: "Skill at the task alone", 0.25: "Mostly skill at the task", 0.5: "Both alike",
    0.75: "Mostly the whole person", 1: "The whole person",
}  # fmt: skip
AREAS: Final[Mapping[float, str]] = {
    1: "One focused task", 2: "Two kinds of work", 3: "Three kinds of work",
    4: "Four kinds of work", 5: "Five kinds of work or more",
}  # fmt: skip

AS_IT_IS: Final = "as it is"
WORKED_OUT: Final = "worked out"
UNREAD: Final = "not at all"


class Seen(Enum):
    """Who may see what a field says, once the role itself may be seen."""

    IN_LISTS = "in lists and on the role"
    ON_ROLE = "on the role alone"


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the role's page: its label and what says it; several fields may share one."""

    label: str
    say: Callable[[Opportunity], Phrase]
    on_card: bool = False
    """It is one of the few facts that every card shows; the card's template lays them out."""


@dataclass(frozen=True, slots=True)
class Filter:
    """How the list of roles may be narrowed by a field; ``method`` names one of ``RoleFilters``."""

    lookup: str = "exact"
    low: float | None = None
    high: float | None = None
    most: int | None = None
    method: str = ""
    label: str = ""
    """What the page calls it; a choice is called as its field."""


@dataclass(frozen=True, slots=True)
class RoleField:
    """One field that an employer may state of a role."""

    name: str
    kind: Kind
    label: str
    _: KW_ONLY
    step: str
    """The section of the employer's form that asks for it."""
    is_needed: bool = False
    """Even a draft has it."""
    hint: str = ""
    rows: int = 0
    """Lines of the box in which a long text is written."""
    empty: str = ""
    """What a choice offers for no answer."""
    missing: str = ""
    """What is said where a role that goes to review does not state it."""
    scale: Mapping[float, str] = field(default_factory=dict)
    """The words that a page offers for a number, and the number that each stands for."""
    follows: bool = False
    """It follows from others: no page asks for it, though files and the API may state it."""
    is_material: bool = True
    """A change sends a role on the market back to review."""
    demand: Callable[[Opportunity], str] | None = None
    """What it demands of who applies, in words: a hard gate, shown before all other facts."""
    fact: Fact | None = None
    """The line of the page that says it; without one the page's template lays it out itself."""
    seen: Seen = Seen.IN_LISTS
    filters: Mapping[str, Filter] = field(default_factory=dict)
    """Parameters of the list of roles."""
    columns: str = ""
    """Names that boards give the column, between bars."""
    read_with: str = ""
    """The part of the importer that reads it with others; without one its kind reads it."""
    engine: str = AS_IT_IS
    """How matching reads it: as it is, worked out with others, or not at all."""

    @property
    def column(self) -> str:
        """Return the column of the table that holds it; parts have tables of their own."""
        return f"{self.name}_minor" if isinstance(self.kind, Amount) else self.name

    @property
    def is_part(self) -> bool:
        """Say whether it is a list of things with rows of their own."""
        return isinstance(self.kind, Parts)


RANGES: Final = ranges_of(Opportunity)


def _text(name: str, model: type[models.Model] = Opportunity) -> Text:
    column: Any = model._meta.get_field(name)
    return Text(column.max_length, lines=isinstance(column, models.TextField))


def _number(name: str, model: type[models.Model] = Opportunity) -> Number:
    column: Any = model._meta.get_field(name)
    low, high = ranges_of(model)[name]
    empty = None if column.null else column.default
    return Number(low, high, whole=not isinstance(column, models.FloatField), empty=empty)


def _choice(name: str) -> Choice:
    column: Any = Opportunity._meta.get_field(name)
    empty = None if column.null else (column.default if column.has_default() else "")
    choices = [(str(value), str(label)) for value, label in column.choices]
    return Choice(tuple(choices), empty=empty)


def _words(name: str, words: tuple[str, ...], label: Callable[[str], str]) -> Words:
    column: Any = Opportunity._meta.get_field(name)
    most = column.size if isinstance(column, ArrayField) and column.size else len(words)
    return Words(labelled(words, label), most)


def stated(label: str, name: str) -> Fact:
    """Return the line that tells a text as it was written, where it is stated."""
    return Fact(label, lambda role: Phrase(str(getattr(role, name) or "")))


PAY: Final = Fact("Pay", wording.pay_phrase, on_card=True)
WORK: Final = Fact("Work", wording.work_phrase, on_card=True)
STARTS: Final = Fact("Starts", wording.start_phrase, on_card=True)
APPLY: Final = Fact("Apply by", wording.apply_phrase, on_card=True)
HOURS: Final = Fact("Hours", wording.hours_phrase)
PLACE: Final = Fact("Where", wording.where_phrase)
MENTORING: Final = Fact("Mentoring", wording.mentoring_phrase)
EVIDENCE: Final = Fact("To show afterwards", wording.evidence_lines)

_ROWS: Final = (
    RoleField("title", _text("title"), "Title", step="kind", is_needed=True,
        hint="A job title: Survey analyst.",
        columns="job title|role|role title|role name|job role|vacancy|opportunity|position title"
        "|position|internship title|post|designation|profile"
        "|job|internship|task|task title", read_with="title", engine=UNREAD),
    RoleField("format", _choice("format"), "Format", step="kind", is_needed=True,
        filters={"format": Filter()}, read_with="format"),
    RoleField("field", _choice("field"), "Field of work", step="kind", empty="Choose a field",
        filters={"field": Filter()},
        columns="category|industry|function|department|sector|field of work|job category"),
    RoleField("summary", _text("summary"), "In a sentence", step="work", engine=UNREAD),
    RoleField("description", _text("description"), "What there is to do", step="work",
        hint="The task, who it is for, what a good result looks like.", rows=8,
        missing="Say what there is to do.", seen=Seen.ON_ROLE,
        columns="about|about the internship|about the role|details|job description"
        "|responsibilities|role description|about the work|what you will do|what you'll do",
        engine=UNREAD),
    RoleField("hours_total", _number("hours_total"), "Hours in all", step="time",
        hint="Two of the three durations suffice.", fact=WORK,
        missing="Say how many hours it takes in all, or the weeks and the hours a week.",
        filters={"hours_total_max": Filter("lte", 0, 10_000, label="Most hours in all")},
        read_with="time"),
    RoleField("weeks", _number("weeks"), "Over how many weeks", step="time", fact=WORK,
        missing="Say over how many weeks it runs, or the hours in all and the hours a week.",
        filters={"weeks_min": Filter("gte", 0, 520, label="At least weeks"),
            "weeks_max": Filter("lte", 0, 520, label="At most weeks")},
        read_with="time"),
    RoleField("hours_per_week", _number("hours_per_week"), "Hours a week", step="time", fact=HOURS,
        filters={"hours_week_max": Filter("lte", 0, 168, label="Most hours a week")},
        read_with="time"),
    RoleField("schedule", _choice("schedule"), "Who chooses the hours", step="time",
        empty="Not stated", fact=HOURS, filters={"schedule": Filter()},
        columns="working pattern|work schedule"),
    RoleField("concentrated", Flag(), "Done in one stretch", step="time",
        hint="Day after day until it is done, not an evening here and there.",
        fact=Fact("Pace", wording.pace_phrase),
        filters={"concentrated": Filter(label="In one stretch")}, engine=UNREAD),
    RoleField("repeatable", Flag(), "They may do it again", step="time",
        hint="More such tasks follow, and the same person may take them.",
        fact=Fact("Again", wording.again_phrase),
        filters={"repeatable": Filter(label="May be done again")}, engine=UNREAD),
    RoleField("start_earliest", Day(), "Earliest start", step="time",
        hint="Leave both empty if the start is free.", is_material=False, fact=STARTS,
        filters={"starts_to": Filter(method="starting_to", label="Can start by")},
        read_with="dates"),
    RoleField("start_latest", Day(), "Latest start", step="time", is_material=False, fact=STARTS,
        filters={"starts_from": Filter(method="starting_from", label="Can start on or after")},
        read_with="dates"),
    RoleField("apply_by", Day(), "Last day to apply", step="time", is_material=False, fact=APPLY,
        missing="Say by which day people apply.",
        hint="Until the end of that day where the work is done, else where you are.",
        filters={"apply_by_from": Filter("gte", label="Apply by, from"),
            "apply_by_to": Filter("lte", label="Apply by, until")},
        columns="deadline|apply before|application deadline|closing date|close date|closes"
        "|valid through|expiration date|expirationdate|closing|closing day|last date"
        "|last date to apply|last day to apply|expires|expiry date",
        read_with="dates", engine=UNREAD),
    RoleField("mode", _choice("mode"), "Where the work is done", step="place", fact=PLACE,
        missing="Say whether the work is done on site, from home or both.",
        filters={"mode": Filter()},
        columns="work mode|workplace type|workplace|work type|working mode|remote status",
        read_with="place"),
    RoleField("place", _text("place"), "Place", step="place",
        hint="Leeds, or several: Leeds; York.",
        missing="Say where the work is done.",
        fact=PLACE, filters={"place": Filter(method="at_place", most=120, label="Place"),
            "within": Filter(low=1, high=500, method="within_km",
                label="Kilometres around the place")},
        read_with="place",
        engine=WORKED_OUT),
    RoleField("region", _text("region"), "Region", step="place", fact=PLACE, follows=True,
        engine=WORKED_OUT),
    RoleField("country", COUNTRY, "Country", step="place",
        hint="Its pay floor holds.",
        missing="Say in which country the work is done.",
        fact=PLACE, filters={"country": Filter("iexact", most=2, label="Country (two letters)")},
        read_with="place",
        engine=WORKED_OUT),
    RoleField("language", LANGUAGE, "Working language", step="place",
        fact=Fact("Working language", wording.language_phrase),
        filters={"language": Filter("iexact", most=5, label="Working language (such as en)")},
        engine=UNREAD),
    RoleField("min_age", _number("min_age"), "Least age", step="place",
        hint="0 if the law sets none.", demand=wording.age_demand, columns="minimum age"),
    RoleField("requires_enrolment", Flag(), "Only for people enrolled in a course", step="place",
        demand=wording.enrolment_demand),
    RoleField("work_rights", COUNTRY, "Right to work needed in", step="place",
        hint="A country; empty if none.", demand=wording.work_rights_demand),
    RoleField("pay_kind", _choice("pay_kind"), "How is it paid", step="pay", empty="Choose",
        missing="Say how it is paid.",
        fact=PAY, filters={"pay_kind": Filter()},
        columns="pay type|salary type|stipend type|pay period|salary period|pay unit",
        read_with="pay", engine=WORKED_OUT),
    RoleField("pay_amount", Amount(), "Amount", step="pay",
        hint="An hour, for the whole task, or a month.", fact=PAY, missing="Say what it pays.",
        filters={"pay_hour_min": Filter(low=0, high=1_000_000, method="paid_at_least",
            label="Least pay an hour")},
        columns="salary min|min salary|minimum salary|pay min|stipend min|min pay", read_with="pay",
        engine=WORKED_OUT),
    RoleField("pay_max", Amount(), "Up to", step="pay", hint="Only for a range.", fact=PAY,
        columns="salary max|max salary|maximum salary|stipend max|max pay", read_with="pay",
        engine=UNREAD),
    RoleField("pay_currency", CURRENCY, "Currency", step="pay",
        empty="Choose", fact=PAY, missing="Say in which currency it pays.",
        columns="currency|salary currency|stipend currency",
        read_with="pay", engine=WORKED_OUT),
    RoleField("pay_days", _number("pay_days"), "Days from accepting the work to payment",
        step="pay", fact=Fact("Paid within", wording.pay_days_phrase), engine=UNREAD),
    RoleField("credit", Flag(), "Academic credit is given", step="pay",
        fact=Fact("Credit", wording.credit_phrase),
        filters={"credit": Filter(label="Academic credit")},
        columns="academic credit|college credit|credits"),
    RoleField("credit_possible", Flag(), "A school can count it for credit", step="pay",
        hint="You sign what the school asks for.",
        fact=Fact("Credit through a school", wording.credit_possible_phrase),
        filters={"credit_possible": Filter(label="Credit is possible")},
        columns="credit possible|credit available|eligible for credit", engine=UNREAD),
    RoleField("learning", _text("learning"), "What they learn", step="work",
        hint="What they can do afterwards that they could not do before.",
        fact=stated("What you learn", "learning"),
        columns="what you will learn|what you'll learn|learning outcomes|learning outcome"
        "|learning objectives", engine=UNREAD),
    RoleField("task_areas", _number("task_areas"), "Areas of work", step="work",
        is_material=False, scale=AREAS,
        fact=Fact("Areas of work", wording.task_areas_phrase),
        filters={"task_areas_max": Filter("lte", 1, 5, label="Most areas of work")}),
    RoleField("hands_on", _number("hands_on"), "Share of hands-on time", step="work",
        scale=HANDS_ON, fact=Fact("Hands-on", wording.hands_on_phrase),
        filters={"hands_on_min": Filter("gte", 0, 1, label="Least hands-on share, 0 to 1")}),
    RoleField("contacts", _number("contacts"), "People they work with regularly", step="work",
        is_material=False, fact=Fact("People you work with", wording.contacts_phrase),
        filters={"contacts_min": Filter("gte", 0, 500, label="Least people to work with")}),
    RoleField("mentor_name", _text("mentor_name"), "Mentor", step="work", fact=MENTORING,
        engine=UNREAD),
    RoleField("mentor_minutes_per_week", _number("mentor_minutes_per_week"),
        "Minutes with the mentor each week", step="work", fact=MENTORING,
        filters={"mentor": Filter(method="mentored", label="With a mentor"),
            "mentor_minutes_min": Filter("gte", 0, 2_400,
            label="Least minutes with the mentor a week")}),
    RoleField("public_works", _number("public_works"), "Pieces of work they may publish",
        step="work", fact=EVIDENCE, filters={"public_works_min": Filter("gte", 0, 50,
        label="Least pieces of work to publish")},
        engine=WORKED_OUT),
    RoleField("evidence", _words("evidence", EVIDENCE_OFFERED,
        lambda item: wording.EVIDENCE_WORDS[item].capitalize()), "What they leave with",
        step="work", fact=EVIDENCE, filters={"evidence": Filter(method="leaving_with",
        label="What they leave with")},
        columns="certificates"),
    RoleField("steps",
        _words("steps", STEPS, lambda step: capfirst(wording.STEP_WORDS[step][0])),
        "What applicants go through", step="questions", fact=APPLY,
        filters={"steps_max": Filter(low=0, high=12, method="steps_at_most",
            label="Most steps of selection"),
            "without_step": Filter(method="without_steps", label="Without the step")}),
    RoleField("capacity", _number("capacity"), "Places", step="questions", is_material=False,
        fact=Fact("Places", wording.capacity_phrase),
        columns="openings|number of openings|no. of openings|positions|vacancies|places|seats"
        "|spaces|number of places|total job openings|number of positions|no of openings"),
    RoleField("response_days", _number("response_days"), "Working days until you answer",
        step="questions", hint="Rule 6.1: you keep this promise.", seen=Seen.ON_ROLE,
        engine=UNREAD),
    RoleField("holistic", _number("holistic"), "What you choose by", step="questions",
        is_material=False, scale=CHOSEN_BY,
        fact=Fact("Chosen by", wording.holistic_phrase), seen=Seen.ON_ROLE),
    RoleField("blind_review", Flag(), "Hide name and school from us until we shortlist somebody",
        step="questions", fact=Fact("Read blind", wording.blind_phrase), seen=Seen.ON_ROLE,
        engine=UNREAD),
    RoleField("apply_url", Address(), "Your own application page", step="questions",
        hint="Only on your verified domain; empty keeps applications here.", seen=Seen.ON_ROLE,
        engine=UNREAD),
    RoleField("skills", Parts({"name": Text(240), "level": _number("level", OpportunitySkill),
        "importance": _number("importance", OpportunitySkill), "must": Flag()}, required="name",
        most=30), "Skills the role uses or teaches", step="skills",
        filters={"skill": Filter(method="using_skill", most=160, label="Skill, by slug or name")},
        columns="skills required|required skills|skill(s) required|key skills|skill|skill set"
        "|skills needed|tags", engine=WORKED_OUT),
    RoleField("deliverables", Parts({"title": _text("title", Deliverable),
        "done_means": _text("done_means", Deliverable), "publishable": Flag()}, required="title",
        most=20), "Results", step="work", columns="deliverable|outputs", engine=WORKED_OUT),
    RoleField("questions", Parts({"text": _text("text", Question), "minutes": _number("minutes",
        Question)}, required="text", most=6), "Questions to applicants", step="questions",
        seen=Seen.ON_ROLE, columns="screening questions|application questions", engine=UNREAD),
)  # fmt: skip
FIELDS: Final[Mapping[str, RoleField]] = {row.name: row for row in _ROWS}

PLAIN: Final = tuple(row for row in FIELDS.values() if not row.is_part)
"""The fields that stand in columns of the role itself."""
MONEY: Final = {row.name: row.column for row in PLAIN if isinstance(row.kind, Amount)}
"""Amounts in major units, and the columns that hold them in minor ones."""
COLUMNS: Final = tuple(row.column for row in PLAIN)
PARTS: Final[Mapping[str, Parts]] = {
    row.name: row.kind for row in FIELDS.values() if isinstance(row.kind, Parts)
}
ENGINE_AS_IS: Final = tuple(row.name for row in PLAIN if row.engine == AS_IT_IS)
"""What matching reads of a role as it stands there; the engine's record has the same names."""
ENGINE_COLUMNS: Final = tuple(row.column for row in PLAIN if row.engine != UNREAD)
DURATIONS: Final = ("hours_total", "weeks", "hours_per_week")


def asked_on(step: str) -> list[RoleField]:
    """Return the plain fields that a section of the employer's form asks for, in their order."""
    return [row for row in PLAIN if row.step == step and not row.follows]


def seen_in(seen: Seen) -> list[RoleField]:
    """Return the fields that are seen there, in their order."""
    return [row for row in FIELDS.values() if row.seen == seen]


def demands_of(role: Opportunity) -> list[str]:
    """Say what a role demands of who applies: the hard gates, in words."""
    said = (row.demand(role) for row in FIELDS.values() if row.demand)
    return [words for words in said if words]


def facts_of(role: Opportunity, *, on_cards: bool = False) -> list[tuple[str, Phrase]]:
    """Return the facts of a role with their labels: those of its page, or also those of cards."""
    lines = dict.fromkeys(row.fact for row in FIELDS.values() if row.fact)
    said = ((fact.label, fact.say(role)) for fact in lines if on_cards or not fact.on_card)
    return [(label, phrase) for label, phrase in said if phrase.main]
