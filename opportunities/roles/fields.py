"""The fields of a role, one row each: what reads it, who sees it, where it is asked and shown.

Drafts, forms, API, filters, importer, exporter, pages, structured data and the engine's reading
are derived from ``FIELDS``. Lengths, choices and ranges are those of the model's columns, so that a
limit stands in one place. Durations are hours, weeks and hours a week; money is in major units of
``pay_currency``.
"""

from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass, field
from typing import Any, Final

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from opportunities.core import iso_names, languages, pay
from opportunities.core.iso_names import Names
from opportunities.core.languages import Translatable
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


AS_IT_IS: Final = "as it is"
WORKED_OUT: Final = "worked out"
UNREAD: Final = "not at all"


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the role's page: its label and what says it; several fields may share one."""

    label: Translatable
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
    names: Callable[[], Names] | None = None
    """The names by which a code is asked for."""
    label: Translatable = ""
    """What the page calls it; a choice is called as its field."""


@dataclass(frozen=True, slots=True)
class RoleField:
    """One field that an employer may state of a role."""

    name: str
    kind: Kind
    label: Translatable
    _: KW_ONLY
    step: str
    """The section of the employer's form that asks for it."""
    is_needed: bool = False
    """Even a draft has it."""
    hint: Translatable = ""
    rows: int = 0
    """Lines of the box in which a long text is written."""
    empty: Translatable = ""
    """What a choice offers for no answer."""
    missing: Translatable = ""
    """What is said where a role that goes to review does not state it."""
    scale: Mapping[float, Translatable] = field(default_factory=dict)
    """The words that a page offers for a number, and the number that each stands for."""
    follows: bool = False
    """It follows from others: no page asks for it, though files and the API may state it."""
    is_material: bool = True
    """A change sends a role on the market back to review."""
    demand: Callable[[Opportunity], str] | None = None
    """What it demands of who applies, in words: a hard gate, shown before all other facts."""
    fact: Fact | None = None
    """The line of the page that says it; without one the page's template lays it out itself."""
    in_lists: bool = True
    """Lists say it as well, not the role alone."""
    filters: Mapping[str, Filter] = field(default_factory=dict)
    """Parameters of the list of roles."""
    read_with: str = ""
    """The part of the importer that reads it with others; without one its kind reads it."""
    engine: str = AS_IT_IS
    """How matching reads it: as it is, worked out with others, or not at all."""

    @property
    def column(self) -> str:
        """Return the column of the table that holds it; parts have tables of their own."""
        return f"{self.name}_minor" if isinstance(self.kind, Amount) else self.name


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
    choices = [(str(value), label) for value, label in column.choices]
    return Choice(tuple(choices), empty=empty)


def _words(name: str, words: tuple[str, ...], label: Callable[[str], Translatable]) -> Words:
    column: Any = Opportunity._meta.get_field(name)
    return Words(labelled(words, label), column.size)


def yes(label: Translatable, name: str, main: Translatable, note: Translatable = "") -> Fact:
    """Return the line that says what a flag means, where it is set."""
    return Fact(
        label, lambda role: Phrase(str(main), str(note)) if getattr(role, name) else Phrase("")
    )


PAY: Final = Fact(_("Pay"), wording.pay_phrase, on_card=True)
WORK: Final = Fact(_("Work"), wording.work_phrase, on_card=True)
STARTS: Final = Fact(_("Starts"), wording.start_phrase, on_card=True)
APPLY: Final = Fact(_("Apply by"), wording.apply_phrase, on_card=True)
HOURS: Final = Fact(_("Hours"), wording.hours_phrase)
PLACE: Final = Fact(_("Where"), wording.where_phrase)
MENTORING: Final = Fact(_("Mentoring"), wording.mentoring_phrase)
EVIDENCE: Final = Fact(_("To show afterwards"), wording.evidence_phrase)

_ROWS: Final = (
    RoleField("title", _text("title"), _("Title"), step="kind", is_needed=True,
        hint=_("A job title: Survey analyst."), missing=_("Give the role a title."),
        read_with="title", engine=UNREAD),
    RoleField("format", _choice("format"), _("Format"), step="kind", is_needed=True,
        filters={"format": Filter()}, read_with="format"),
    RoleField("field", _choice("field"), _("Field of work"), step="kind", empty=_("Choose a field"),
        filters={"field": Filter()}),
    RoleField("summary", _text("summary"), _("In a sentence"), step="work", engine=UNREAD),
    RoleField("description", _text("description"), _("What there is to do"), step="work",
        hint=_("The task, who it is for, what a good result looks like."), rows=8,
        missing=_("Say what there is to do."), in_lists=False,
        engine=UNREAD),
    RoleField("hours_total", _number("hours_total"), _("Hours in all"), step="time",
        hint=_("Two of the three durations suffice."), fact=WORK,
        missing=_("Say how many hours it takes in all, or the weeks and the hours a week."),
        filters={"hours_total_max": Filter("lte", 0, 10_000, label=_("Hours in all, at most"))},
        read_with="time"),
    RoleField("weeks", _number("weeks"), _("Over how many weeks"), step="time", fact=WORK,
        missing=_("Say over how many weeks it runs, or the hours in all and the hours a week."),
        filters={"weeks_min": Filter("gte", 0, 520, label=_("Weeks, at least")),
            "weeks_max": Filter("lte", 0, 520, label=_("Weeks, at most"))},
        read_with="time"),
    RoleField("hours_per_week", _number("hours_per_week"), _("Hours a week"), step="time",
        fact=HOURS,
        filters={"hours_week_max": Filter("lte", 0, 168, label=_("Hours a week, at most"))},
        read_with="time"),
    RoleField("schedule", _choice("schedule"), _("Who chooses the hours"), step="time",
        empty=_("Not stated"), fact=HOURS, filters={"schedule": Filter()}),
    RoleField("concentrated", Flag(), _("Done in one stretch"), step="time",
        hint=_("Day after day until it is done, not an evening here and there."),
        fact=yes(_("Pace"), "concentrated", _("One concentrated stretch")),
        filters={"concentrated": Filter(label=_("In one stretch"))}, engine=UNREAD),
    RoleField("repeatable", Flag(), _("They may do it again"), step="time",
        hint=_("More such tasks follow, and the same person may take them."),
        fact=yes(_("Again"), "repeatable", _("You may come back for more")),
        filters={"repeatable": Filter(label=_("May be done again"))}, engine=UNREAD),
    RoleField("start_earliest", Day(), _("Earliest start"), step="time",
        hint=_("Leave both empty if the start is free."), is_material=False, fact=STARTS,
        filters={"starts_to": Filter(method="starting_to", label=_("Can start by"))},
        read_with="dates"),
    RoleField("start_latest", Day(), _("Latest start"), step="time", is_material=False, fact=STARTS,
        filters={"starts_from": Filter(method="starting_from", label=_("Can start on or after"))},
        read_with="dates"),
    RoleField("apply_by", Day(), _("Last day to apply"), step="time", is_material=False, fact=APPLY,
        missing=_("Say by which day people apply."),
        hint=_("Until the end of that day where the work is done, else where you are."),
        filters={"apply_by_from": Filter("gte", label=_("Apply by, from")),
            "apply_by_to": Filter("lte", label=_("Apply by, until"))},
        read_with="dates", engine=UNREAD),
    RoleField("mode", _choice("mode"), _("Where the work is done"), step="place", fact=PLACE,
        missing=_("Say whether the work is done on site, from home or both."),
        filters={"mode": Filter()},
        read_with="place"),
    RoleField("place", _text("place"), _("Place"), step="place",
        hint=_("Leeds, or several: Leeds; York."),
        missing=_("Say where the work is done."),
        fact=PLACE, filters={"place": Filter(method="at_place", most=120, label=_("Place")),
            "within": Filter(low=1, high=500, method="within_km",
                label=_("Kilometres around the place"))},
        read_with="place",
        engine=WORKED_OUT),
    RoleField("region", _text("region"), _("Region"), step="place", fact=PLACE, follows=True,
        engine=WORKED_OUT),
    RoleField("country", COUNTRY, _("Country"), step="place",
        hint=_("Its pay floor applies."),
        missing=_("Say in which country the work is done."),
        fact=PLACE, filters={"country": Filter("iexact", names=iso_names.countries,
            label=_("Country"))},
        read_with="place",
        engine=WORKED_OUT),
    RoleField("language", LANGUAGE, _("Working language"), step="place",
        fact=Fact(_("Working language"), wording.language_phrase),
        filters={"language": Filter("iexact", names=iso_names.languages,
            label=_("Working language"))},
        engine=UNREAD),
    RoleField("min_age", _number("min_age"), _("Minimum age"), step="place",
        hint=_("0 if the law sets none."), demand=wording.age_demand),
    RoleField("requires_enrolment", Flag(), _("Only for people enrolled in a course"), step="place",
        demand=wording.enrolment_demand),
    RoleField("work_rights", COUNTRY, _("Right to work needed in"), step="place",
        hint=_("A country; empty if none."), demand=wording.work_rights_demand),
    RoleField("pay_kind", _choice("pay_kind"), _("How is it paid"), step="pay", empty=_("Choose"),
        missing=_("Say how it is paid."),
        fact=PAY, filters={"pay_kind": Filter()},
        read_with="pay", engine=WORKED_OUT),
    RoleField("pay_amount", Amount(), _("Amount"), step="pay",
        hint=_("An hour, for the whole task, or a month."), fact=PAY,
        missing=_("Say what it pays."),
        filters={"pay_hour_min": Filter(low=0, high=1_000_000, method="paid_at_least",
            label=_("Pay an hour, at least"))}, read_with="pay", engine=WORKED_OUT),
    RoleField("pay_max", Amount(), _("Up to"), step="pay", hint=_("Only for a range."), fact=PAY,
        read_with="pay", engine=UNREAD),
    RoleField("pay_currency", CURRENCY, _("Currency"), step="pay",
        empty=_("Choose"), fact=PAY, missing=_("Say in which currency it pays."),
        read_with="pay", engine=WORKED_OUT),
    RoleField("pay_days", _number("pay_days"), _("Days from accepting the work to payment"),
        step="pay", fact=Fact(_("Paid within"), wording.pay_days_phrase), engine=UNREAD),
    RoleField("credit", Flag(), _("Academic credit is given"), step="pay",
        fact=yes(_("Credit"), "credit", _("Academic credit")),
        filters={"credit": Filter(label=_("Academic credit"))}),
    RoleField("credit_possible", Flag(), _("A school can count it for credit"), step="pay",
        hint=_("You sign what the school asks for."),
        fact=yes(_("Credit through a school"), "credit_possible", _("Possible"),
            _("if your school agrees")),
        filters={"credit_possible": Filter(label=_("Credit is possible"))}, engine=UNREAD),
    RoleField("learning", _text("learning"), _("What they learn"), step="work",
        hint=_("What they can do afterwards that they could not do before."),
        fact=Fact(_("What you learn"), lambda role: Phrase(role.learning)), engine=UNREAD),
    RoleField("task_areas", _number("task_areas"), _("Areas of work"), step="work",
        is_material=False, scale=wording.SCALES["task_areas"],
        fact=Fact(_("Areas of work"), wording.task_areas_phrase),
        filters={"task_areas_max": Filter("lte", 1, 5, label=_("Areas of work, at most"))}),
    RoleField("hands_on", _number("hands_on"), _("Share of hands-on time"), step="work",
        scale=wording.SCALES["hands_on"], fact=Fact(_("Hands-on"), wording.hands_on_phrase),
        filters={"hands_on_min": Filter("gte", 0, 1, label=_("Hands-on work, at least"))}),
    RoleField("contacts", _number("contacts"), _("People they work with regularly"), step="work",
        is_material=False, fact=Fact(_("People you work with"),
            lambda role: Phrase(wording.people_phrase(role))),
        filters={"contacts_min": Filter("gte", 0, 500, label=_("People to work with, at least"))}),
    RoleField("mentor_name", _text("mentor_name"), _("Mentor"), step="work", fact=MENTORING,
        engine=UNREAD),
    RoleField("mentor_minutes_per_week", _number("mentor_minutes_per_week"),
        _("Minutes with the mentor each week"), step="work", fact=MENTORING,
        filters={"mentor": Filter(method="mentored", label=_("With a mentor")),
            "mentor_minutes_min": Filter("gte", 0, 2_400,
            label=_("Minutes with the mentor a week, at least"))}),
    RoleField("public_works", _number("public_works"), _("Pieces of work they may publish"),
        step="work", fact=EVIDENCE, filters={"public_works_min": Filter("gte", 0, 50,
        label=_("Pieces of work to publish, at least"))},
        engine=WORKED_OUT),
    RoleField("evidence", _words("evidence", EVIDENCE_OFFERED,
        lambda item: capfirst(wording.EVIDENCE_WORDS[item])), _("What they leave with"),
        step="work", fact=EVIDENCE, filters={"evidence": Filter(method="leaving_with",
        label=_("What they leave with"))}),
    RoleField("steps",
        _words("steps", STEPS, lambda step: capfirst(wording.STEP_WORDS[step][0])),
        _("What applicants go through"), step="questions", fact=APPLY,
        filters={"steps_max": Filter("len__lte", 0, 12, label=_("Selection steps, at most")),
            "without_step": Filter(method="without_steps", label=_("Without this step"))}),
    RoleField("capacity", _number("capacity"), pgettext_lazy("seats", "Places"),
        step="questions", is_material=False,
        fact=Fact(pgettext_lazy("seats", "Places"),
            lambda role: Phrase(languages.number(role.capacity)))),
    RoleField("response_days", _number("response_days"), _("Working days until you answer"),
        step="questions", hint=_("Rule 6.1: you keep this promise."), in_lists=False,
        engine=UNREAD),
    RoleField("holistic", _number("holistic"), _("What you choose by"), step="questions",
        is_material=False, scale=wording.SCALES["holistic"],
        fact=Fact(_("Chosen by"), wording.holistic_phrase), in_lists=False),
    RoleField("blind_review", Flag(), _("Hide name and school from us until we shortlist somebody"),
        step="questions", in_lists=False, fact=yes(_("Read blind"), "blind_review",
            _("Name and school hidden"), _("until you are shortlisted")),
        engine=UNREAD),
    RoleField("apply_url", Address(), _("Your own application page"), step="questions",
        hint=_("Only on your verified domain; empty keeps applications here."), in_lists=False,
        engine=UNREAD),
    RoleField("skills", Parts({"name": Text(240), "level": _number("level", OpportunitySkill),
        "importance": _number("importance", OpportunitySkill), "must": Flag()}, required="name",
        most=30), _("Skills the role uses or teaches"), step="skills",
        filters={"skill": Filter(method="using_skill", most=160,
            label=_("Skill"))}, engine=WORKED_OUT),
    RoleField("deliverables", Parts({"title": _text("title", Deliverable),
        "done_means": _text("done_means", Deliverable), "publishable": Flag()}, required="title",
        most=20), _("Results"), step="work", engine=WORKED_OUT),
    RoleField("questions", Parts({"text": _text("text", Question), "minutes": _number("minutes",
        Question)}, required="text", most=6), _("Questions to applicants"), step="questions",
        in_lists=False, engine=UNREAD),
)  # fmt: skip
FIELDS: Final[Mapping[str, RoleField]] = {row.name: row for row in _ROWS}

PARTS: Final[Mapping[str, Parts]] = {
    row.name: row.kind for row in FIELDS.values() if isinstance(row.kind, Parts)
}
"""The fields that are lists of things with rows of their own."""
PLAIN: Final = tuple(row for row in FIELDS.values() if row.name not in PARTS)
"""The fields that stand in columns of the role itself."""
MONEY: Final = {row.name: row.column for row in PLAIN if isinstance(row.kind, Amount)}
"""Amounts in major units, and the columns that hold them in minor ones."""
COLUMNS: Final = tuple(row.column for row in PLAIN)
ENGINE_AS_IS: Final = tuple(row.name for row in PLAIN if row.engine == AS_IT_IS)
"""What matching reads of a role as it stands there; the engine's record has the same names."""
ENGINE_COLUMNS: Final = tuple(row.column for row in PLAIN if row.engine != UNREAD)


def asked_on(step: str) -> list[RoleField]:
    """Return the plain fields that a section of the employer's form asks for, in their order."""
    return [row for row in PLAIN if row.step == step and not row.follows]


def demands_of(role: Opportunity) -> list[str]:
    """Say what a role demands of who applies: the hard gates, in words."""
    said = (row.demand(role) for row in FIELDS.values() if row.demand)
    return [words for words in said if words]


def facts_of(role: Opportunity, *, on_cards: bool = False) -> list[tuple[str, Phrase]]:
    """Return the facts of a role with their labels: those of its page, or also those of cards."""
    lines = dict.fromkeys(row.fact for row in FIELDS.values() if row.fact)
    said = ((str(fact.label), fact.say(role)) for fact in lines if on_cards or not fact.on_card)
    return [(label, phrase) for label, phrase in said if phrase.main]
