"""The twelve formats of the founding document, as data: zones, priors and rules.

``basis`` names the place in the document that a format rests on: section, sentence; ``about`` says
it in our words. The priors stand in for facts that a posting leaves out when it is *scored*. They
are conservative (facts that are good to have take the lower quartile, selection steps the upper
one), so that hiding a fact never pays. A format's own *rules* judge what the posting states and
nothing else: no prior satisfies them. Zones resolve the document's overlapping durations
(model.md section 1).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import KW_ONLY, dataclass, replace
from typing import Any, Final

from django.db.models import TextChoices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from opportunities.core.languages import Translatable


class Kind(TextChoices):
    """The two families that the document compares."""

    INTERNSHIP = "internship", _("Internship")
    MICRO = "micro", _("Micro-internship")


class FormatName(TextChoices):
    INTERNSHIP = "internship", _("Internship")
    MICRO_INTERNSHIP = "micro_internship", _("Micro-internship")
    MICRO_APPRENTICESHIP = "micro_apprenticeship", _("Micro-apprenticeship")
    PROJECT_MICRO_INTERNSHIP = "project_micro_internship", _("Project-based micro-internship")
    SPRINT_INTERNSHIP = "sprint_internship", _("Sprint internship")
    VIRTUAL_JOB_SHADOWING = "virtual_job_shadowing", _("Virtual job shadowing")
    GIGTERNSHIP = "gigternship", _("Gigternship")
    EXPERIENTIAL_MICROLEARNING = "experiential_microlearning", _("Experiential microlearning")
    REMOTE_MICRO_COOP = "remote_micro_coop", _("Remote micro-coop")
    SHORT_BURST_INTERNSHIP = "short_burst_internship", _("Short-burst internship")
    INDUSTRY_MICRO_PLACEMENT = "industry_micro_placement", _("Industry-specific micro-placement")
    PORTFOLIO_MICRO_EXPERIENCE = (
        "portfolio_micro_experience",
        _("Portfolio-building micro-experience"),
    )


@dataclass(frozen=True, slots=True)
class Prior:
    """Values assumed for facts a posting leaves out: hours, weeks, minutes, pay per hour."""

    hours: float
    weeks: float
    mentor_minutes_per_week: float
    contacts: int
    task_areas: int
    hands_on: float
    schedule: str
    evidence: tuple[str, ...]
    public_works: int
    steps: tuple[str, ...]
    rate: float


_INTERNSHIP: Final = Prior(
    hours=400.0,
    weeks=10.0,
    mentor_minutes_per_week=30.0,
    contacts=4,
    task_areas=3,
    hands_on=0.8,
    schedule="fixed",
    evidence=("evaluation",),
    public_works=0,
    steps=("resume", "cover_letter", "phone_screen", "interview", "interview"),
    rate=0.0,
)
_MICRO: Final = Prior(
    hours=20.0,
    weeks=2.0,
    mentor_minutes_per_week=0.0,
    contacts=1,
    task_areas=1,
    hands_on=1.0,
    schedule="flexible",
    evidence=(),
    public_works=0,
    steps=("profile", "resume", "questions"),
    rate=15.0,
)

SPANS: Final[Mapping[str, Translatable]] = {
    "A": _("up to 80 hours within four weeks"),
    "B": _("up to 160 hours within four weeks"),
    "C": _("more than 80 hours over longer than four weeks, or more than 160 hours within them"),
    "D": _("up to 80 hours over longer than four weeks"),
}
"""The duration zones in words, as ``zone`` tells them apart."""


@dataclass(frozen=True, slots=True)
class Format:
    """One format: the duration zones its label may claim, those tolerated, and its own rules."""

    name: FormatName
    with_article: Translatable
    """Its name as a sentence begins with it."""
    basis: str
    about: Translatable
    _: KW_ONLY
    family: Kind = Kind.MICRO
    zones: str = "A"
    tolerated: str = "BD"
    rules: tuple[str, ...] = ()
    prior: Prior = _MICRO

    @property
    def slug(self) -> str:
        """Return its name as columns and the API have it."""
        return self.name.value

    @property
    def label(self) -> Translatable:
        """Return its name for people."""
        return self.name.label

    @property
    def path(self) -> str:
        """Return its name as addresses have it."""
        return self.slug.replace("_", "-")

    @property
    def how_long(self) -> str:
        """Say which durations its name may claim; a burst includes what is shorter."""
        one, *others = (SPANS[zone] for zone in self.zones.replace("AB", "B"))
        if others:
            return gettext("Usual: %(one)s, or %(other)s.") % {"one": one, "other": others[0]}
        return gettext("Usual: %(one)s.") % {"one": one}


FORMATS: Final[Mapping[str, Format]] = {
    entry.slug: entry
    for entry in (
        Format(FormatName.INTERNSHIP, _("An internship"),
            "Table of Comparison, row Duration; Understanding, sentence 1", _(
            "Weeks or months inside an organization, part-time or full-time: several kinds of"
            " work, people who guide you, and time enough to find out whether the field is for"
            " you."),
            family=Kind.INTERNSHIP, zones="C", prior=_INTERNSHIP),
        Format(FormatName.MICRO_INTERNSHIP, _("A micro-internship"),
            "Table of Comparison, row Duration; Key Differences, sentence 2", _(
            "One focused task, from a few hours to a couple of weeks, at your own pace: quick to"
            " apply for, and something real to show at the end.")),
        Format(FormatName.MICRO_APPRENTICESHIP, _("A micro-apprenticeship"),
            "Micro-apprenticeship, sentence 2: mentorship and targeted skill development", _(
            "A short piece of work beside somebody who teaches you one skill: the mentor is known"
            " by name, and so is the skill."),
            rules=("mentor_named", "mentor", "skill"),
            prior=replace(_MICRO, mentor_minutes_per_week=30.0)),
        Format(FormatName.PROJECT_MICRO_INTERNSHIP, _("A project-based micro-internship"),
            "Project-based micro-internship, sentence 2: targeted project completion", _(
            "A small project with a clear end. You know what you hand over before you start, and"
            " you finish it."),
            rules=("deliverable",)),
        Format(FormatName.SPRINT_INTERNSHIP, _("A sprint internship"),
            "Sprint internship, sentence 1: immersive, structured environment", _(
            "A few intense weeks in the middle of things: most of your week, a clear structure and"
            " a mentor at your side."),
            family=Kind.INTERNSHIP, zones="BC", tolerated="A",
            rules=("intensive", "short8", "mentor"),
            prior=replace(_INTERNSHIP, hours=160.0, weeks=4.0)),
        Format(FormatName.VIRTUAL_JOB_SHADOWING, _("A virtual job shadowing"),
            "Virtual job shadowing, sentence 1: exposure to tasks and workflows", _(
            "You watch people do their work, over a video call, and ask why. You see the tasks and"
            " how they hang together; you are not there to produce."),
            tolerated="D", rules=("remote", "observing"), prior=replace(_MICRO, hours=8.0,
            weeks=1.0, hands_on=0.1, schedule="core_hours", rate=0.0)),
        Format(FormatName.GIGTERNSHIP, _("A gigternship"),
            "Gigternship, sentence 1 (read as a format); Table, row Compensation: paid per task", _(
            "A short assignment for a fixed fee, which may come again: you pick up different tasks"
            " and build a portfolio out of them."),
            rules=("per_task", "repeatable")),
        Format(FormatName.EXPERIENTIAL_MICROLEARNING, _("An experiential microlearning"),
            "Experiential microlearning, sentence 2: focused, task-specific learning", _(
            "Learning by doing one real task. What you will be able to do afterwards is written"
            " down beforehand."),
            tolerated="D", rules=("skill", "learning"), prior=replace(_MICRO, hours=10.0)),
        Format(FormatName.REMOTE_MICRO_COOP, _("A remote micro-coop"),
            "Remote micro-coop, sentence 1: one to four weeks, remote", _(
            "One to four weeks of project work from wherever you are, which your school can count"
            " for credit."),
            zones="AB", tolerated="D", rules=("remote", "one_to_four", "credit"),
            prior=replace(_MICRO, hours=40.0, weeks=4.0, contacts=2)),
        Format(FormatName.SHORT_BURST_INTERNSHIP, _("A short-burst internship"),
            "Short-burst internship, sentence 1: concentrated, short", _(
            "An internship pressed into a few days or weeks: concentrated, one thing after the"
            " other, and then done."),
            zones="AB", tolerated="D", rules=("concentrated",),
            prior=replace(_MICRO, hours=80.0, weeks=2.0, contacts=2)),
        Format(FormatName.INDUSTRY_MICRO_PLACEMENT, _("An industry-specific micro-placement"),
            "Industry-specific micro-placement, sentence 1: within niche sectors", _(
            "A short placement in one particular industry, close enough to see how it differs from"
            " the others."),
            zones="AB", tolerated="D", rules=("field",),
            prior=replace(_MICRO, hours=40.0, contacts=2)),
        Format(FormatName.PORTFOLIO_MICRO_EXPERIENCE, _("A portfolio-building micro-experience"),
            "Portfolio-building micro-experience, sentence 1: demonstrable portfolio work", _(
            "Work made to be shown: at least one result is yours to publish."),
            rules=("public",), prior=replace(_MICRO, public_works=1)),
    )
}  # fmt: skip


def of_family(kind: Kind) -> list[Format]:
    """Return the formats of a family, in the order of the catalogue."""
    return [entry for entry in FORMATS.values() if entry.family == kind]


@dataclass(frozen=True, slots=True)
class Stated:
    """What a posting states of the facts that the rules of formats ask for; None: not stated."""

    weeks: float | None = None
    weekly: float | None = None
    """Hours a week: in all, over the weeks that it takes."""
    mentor_name: str = ""
    mentor_minutes_per_week: float | None = None
    hands_on: float | None = None
    deliverables: int = 0
    publishable: int = 0
    """Deliverables that may be published."""
    skills: int = 0
    learning: str = ""
    mode: str | None = None
    field: str = ""
    pay_kind: str | None = None
    credit: bool = False
    """Academic credit is given, or can be had."""
    repeatable: bool = False
    concentrated: bool = False


@dataclass(frozen=True, slots=True)
class OwnRule:
    """One rule of a format: the field where it is met, what it asks, and whether it holds."""

    field: str
    sentence: Translatable
    holds: Callable[[Stated], bool]


RULES: Final[Mapping[str, OwnRule]] = {
    "mentor_named": OwnRule("mentor_name", _("A mentor is named."),
        lambda of: bool(of.mentor_name.strip())),
    "mentor": OwnRule("mentor_minutes_per_week", _("A mentor gives time every week."),
        lambda of: (of.mentor_minutes_per_week or 0) > 0),
    "deliverable": OwnRule("deliverables", _("At least one deliverable is named."),
        lambda of: of.deliverables > 0),
    "remote": OwnRule("mode", _("The work is remote."), lambda of: of.mode == "remote"),
    "observing": OwnRule("hands_on", _("The share of hands-on time is stated, and at most half."),
        lambda of: of.hands_on is not None and of.hands_on <= MOST_OBSERVING),
    "per_task": OwnRule("pay_kind", _("Pay is a fixed fee for the task."),
        lambda of: of.pay_kind == "fixed_fee"),
    "repeatable": OwnRule("repeatable", _("The same person may come back for more."),
        lambda of: of.repeatable),
    "skill": OwnRule("skills", _("At least one skill is named."), lambda of: of.skills > 0),
    "learning": OwnRule("learning", _("It says what is learnt."),
        lambda of: bool(of.learning.strip())),
    "one_to_four": OwnRule("weeks", _("It lasts one to four weeks."),
        lambda of: of.weeks is not None and 1 <= of.weeks <= 4),
    "credit": OwnRule("credit_possible", _("Academic credit is given or possible."),
        lambda of: of.credit),
    "concentrated": OwnRule("concentrated", _("The work is done in one concentrated stretch."),
        lambda of: of.concentrated),
    "field": OwnRule("field", _("The field of work is given."), lambda of: bool(of.field)),
    "public": OwnRule("deliverables", _("At least one deliverable may be published."),
        lambda of: of.publishable > 0),
    "intensive": OwnRule("hours_per_week", _("It takes at least 20 hours a week."),
        lambda of: of.weekly is not None and of.weekly >= 20),
    "short8": OwnRule("weeks", _("It lasts at most eight weeks."),
        lambda of: of.weeks is not None and of.weeks <= 8),
}  # fmt: skip
"""What each rule of a format asks. It reads what is stated, never a prior."""

MOST_OBSERVING: Final = 0.5
"""Share of hands-on time up to which somebody observes."""


def stated_by(
    columns: Mapping[str, Any], parts: Mapping[str, Iterable[Mapping[str, Any]]]
) -> Stated:
    """Return what the columns and the parts of a role state of the facts that rules ask for."""
    deliverables = list(parts.get("deliverables", ()))
    durations_stated = [columns.get(name) for name in ("hours_total", "weeks", "hours_per_week")]
    return Stated(
        weeks=durations(*durations_stated)[1],
        weekly=weekly_hours(*durations_stated),
        mentor_name=columns.get("mentor_name") or "",
        mentor_minutes_per_week=columns.get("mentor_minutes_per_week"),
        hands_on=columns.get("hands_on"),
        deliverables=len(deliverables),
        publishable=sum(bool(part.get("publishable")) for part in deliverables),
        skills=len(list(parts.get("skills", ()))),
        learning=columns.get("learning") or "",
        mode=columns.get("mode"),
        field=columns.get("field") or "",
        pay_kind=columns.get("pay_kind"),
        credit=bool(columns.get("credit") or columns.get("credit_possible")),
        repeatable=bool(columns.get("repeatable")),
        concentrated=bool(columns.get("concentrated")),
    )


def broken(name: str, stated: Stated) -> list[str]:
    """Return the codes of the format's own rules that the stated facts do not meet."""
    return [code for code in FORMATS[name].rules if not RULES[code].holds(stated)]


def says(name: str, code: str) -> str:
    """Return what a format asks by one of its rules, with the format's name before it."""
    return gettext("%(label)s keeps this rule: %(rule)s") % {
        "label": FORMATS[name].with_article,
        "rule": RULES[code].sentence,
    }


@dataclass(frozen=True, slots=True)
class FormatFacts:
    """The durations that a format's name is compared with, with its priors filled in."""

    hours: float
    weeks: float
    mentor_hours: float


def zone(hours: float, weeks: float) -> str:
    """Return the one duration zone: A micro, B burst, C internship, D low intensity."""
    if weeks <= 4:
        return "A" if hours <= 80 else ("B" if hours <= 160 else "C")
    return "D" if hours <= 80 else "C"


def facts_of_format(
    name: str,
    *,
    hours_total: float | None,
    weeks: float | None,
    hours_per_week: float | None,
    mentor_minutes_per_week: float | None = None,
) -> FormatFacts:
    """Fill what is left out from the format's prior: any two of the durations give the third."""
    prior = FORMATS[name].prior
    total, span = durations(hours_total, weeks, hours_per_week)
    total = prior.hours if total is None else total
    span = max(prior.weeks if span is None else span, 1 / 7)
    minutes = (
        prior.mentor_minutes_per_week
        if mentor_minutes_per_week is None
        else mentor_minutes_per_week
    )
    return FormatFacts(hours=total, weeks=span, mentor_hours=minutes / 60 * max(span, 1.0))


def durations(
    total: float | None, weeks: float | None, weekly: float | None
) -> tuple[float | None, float | None]:
    """Return hours in all and weeks, each from the two others where it is not stated."""
    if total is None and weeks is not None and weekly is not None:
        return weeks * weekly, weeks
    if weeks is None and total is not None and weekly:
        return total, total / weekly
    return total, weeks


def weekly_hours(total: float | None, weeks: float | None, weekly: float | None) -> float | None:
    """Return the hours a week that the durations state; less than a week counts as one."""
    hours, span = durations(total, weeks, weekly)
    return weekly if hours is None or span is None else hours / max(span, 1.0)


def check_format(name: str, facts: FormatFacts) -> tuple[str, str | None] | None:
    """Compare the label with the durations; None where they agree.

    Else the severity, "flag" (a moderator must decide) or "warn", and for a flag the format that
    the durations suggest.
    """
    found = zone(facts.hours, facts.weeks)
    if found in FORMATS[name].zones:
        return None
    return ("warn", None) if found in FORMATS[name].tolerated else ("flag", _SUGGESTED[found])


_SUGGESTED: Final[Mapping[str, str | None]] = {
    "A": "micro_internship",
    "B": "short_burst_internship",
    "C": "internship",
    "D": None,
}
