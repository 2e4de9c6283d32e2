"""The twelve formats of the founding document, as data: zones, priors and rules.

``basis`` names the place in the document that a format rests on: section, sentence. The priors
stand in for facts that a posting leaves out. They are conservative (facts that are good to have
take the lower quartile, selection steps the upper one), so that hiding a fact never pays. Zones
resolve the document's overlapping durations (model.md section 1).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from django.db.models import TextChoices


class Kind(TextChoices):
    """The two families that the document compares."""

    INTERNSHIP = "internship", "Internship"
    MICRO = "micro", "Micro-internship"


class FormatName(TextChoices):
    INTERNSHIP = "internship", "Internship"
    MICRO_INTERNSHIP = "micro_internship", "Micro-internship"
    MICRO_APPRENTICESHIP = "micro_apprenticeship", "Micro-apprenticeship"
    PROJECT_MICRO_INTERNSHIP = "project_micro_internship", "Project-based micro-internship"
    SPRINT_INTERNSHIP = "sprint_internship", "Sprint internship"
    VIRTUAL_JOB_SHADOWING = "virtual_job_shadowing", "Virtual job shadowing"
    GIGTERNSHIP = "gigternship", "Gigternship"
    EXPERIENTIAL_MICROLEARNING = "experiential_microlearning", "Experiential microlearning"
    REMOTE_MICRO_COOP = "remote_micro_coop", "Remote micro-coop"
    SHORT_BURST_INTERNSHIP = "short_burst_internship", "Short-burst internship"
    INDUSTRY_MICRO_PLACEMENT = "industry_micro_placement", "Industry-specific micro-placement"
    PORTFOLIO_MICRO_EXPERIENCE = (
        "portfolio_micro_experience",
        "Portfolio-building micro-experience",
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


@dataclass(frozen=True, slots=True)
class Format:
    """One format: the duration zones its label may claim, those tolerated, and its own rules."""

    slug: str
    label: str
    family: Kind
    zones: str
    tolerated: str
    rules: tuple[str, ...]
    prior: Prior
    basis: str


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


def _format(
    name: FormatName,
    basis: str,
    *,
    family: Kind = Kind.MICRO,
    zones: str = "A",
    tolerated: str = "BD",
    rules: tuple[str, ...] = (),
    prior: Prior = _MICRO,
) -> Format:
    return Format(
        slug=name.value,
        label=str(name.label),
        family=family,
        zones=zones,
        tolerated=tolerated,
        rules=rules,
        prior=prior,
        basis=basis,
    )


FORMATS: Final[Mapping[str, Format]] = {
    entry.slug: entry
    for entry in (
        _format(
            FormatName.INTERNSHIP,
            "Table of Comparison, row Duration; Understanding, sentence 1",
            family=Kind.INTERNSHIP,
            zones="C",
            prior=_INTERNSHIP,
        ),
        _format(
            FormatName.MICRO_INTERNSHIP,
            "Table of Comparison, row Duration; Key Differences, sentence 2",
        ),
        _format(
            FormatName.MICRO_APPRENTICESHIP,
            "Micro-apprenticeship, sentence 2: mentorship and targeted skill development",
            rules=("mentor",),
            prior=replace(_MICRO, mentor_minutes_per_week=30.0),
        ),
        _format(
            FormatName.PROJECT_MICRO_INTERNSHIP,
            "Project-based micro-internship, sentence 2: targeted project completion",
            rules=("deliverable",),
        ),
        _format(
            FormatName.SPRINT_INTERNSHIP,
            "Sprint internship, sentence 1: immersive, structured environment",
            family=Kind.INTERNSHIP,
            zones="BC",
            tolerated="A",
            rules=("intensive", "short8", "mentor"),
            prior=replace(_INTERNSHIP, hours=160.0, weeks=4.0),
        ),
        _format(
            FormatName.VIRTUAL_JOB_SHADOWING,
            "Virtual job shadowing, sentence 1: exposure to tasks and workflows",
            tolerated="D",
            rules=("remote", "observing"),
            prior=replace(
                _MICRO, hours=8.0, weeks=1.0, hands_on=0.1, schedule="core_hours", rate=0.0
            ),
        ),
        _format(
            FormatName.GIGTERNSHIP,
            "Gigternship, sentence 1 (read as a format); Table, row Compensation: paid per task",
            rules=("per_task",),
        ),
        _format(
            FormatName.EXPERIENTIAL_MICROLEARNING,
            "Experiential microlearning, sentence 2: focused, task-specific learning",
            tolerated="D",
            rules=("skill",),
            prior=replace(_MICRO, hours=10.0),
        ),
        _format(
            FormatName.REMOTE_MICRO_COOP,
            "Remote micro-coop, sentence 1: one to four weeks, remote",
            zones="AB",
            tolerated="D",
            rules=("remote", "one_to_four"),
            prior=replace(_MICRO, hours=40.0, weeks=4.0, contacts=2),
        ),
        _format(
            FormatName.SHORT_BURST_INTERNSHIP,
            "Short-burst internship, sentence 1: concentrated, short",
            zones="AB",
            tolerated="D",
            prior=replace(_MICRO, hours=80.0, weeks=2.0, contacts=2),
        ),
        _format(
            FormatName.INDUSTRY_MICRO_PLACEMENT,
            "Industry-specific micro-placement, sentence 1: within niche sectors",
            zones="AB",
            tolerated="D",
            rules=("field",),
            prior=replace(_MICRO, hours=40.0, contacts=2),
        ),
        _format(
            FormatName.PORTFOLIO_MICRO_EXPERIENCE,
            "Portfolio-building micro-experience, sentence 1: demonstrable portfolio work",
            rules=("public",),
            prior=replace(_MICRO, public_works=1),
        ),
    )
}

RULES: Final[Mapping[str, str]] = {
    "mentor": "A mentor gives time every week.",
    "deliverable": "At least one deliverable is named.",
    "remote": "The work is remote.",
    "observing": "At most half of the hours are hands-on work.",
    "per_task": "Pay is a fixed fee for the task.",
    "skill": "At least one skill is named.",
    "one_to_four": "It lasts one to four weeks.",
    "field": "The field of work is given.",
    "public": "At least one piece of work may be published.",
    "intensive": "It takes at least 20 hours a week.",
    "short8": "It lasts at most eight weeks.",
}
"""What each rule of a format asks, as a sentence."""


@dataclass(frozen=True, slots=True)
class FormatFacts:
    """What the format check reads; hours, weeks and mentor hours have their priors filled in."""

    hours: float
    weeks: float
    weekly: float
    mentor_hours: float
    hands_on_hours: float
    public_works: int
    deliverables: int
    skills: int
    remote: bool
    field: str
    pay_kind: str | None
    stated: tuple[float | None, float | None, float | None]
    """Total hours, weeks and hours a week as the posting states them."""


def zone(hours: float, weeks: float) -> str:
    """Return the one duration zone: A micro, B burst, C internship, D low intensity."""
    if weeks <= 4:
        return "A" if hours <= 80 else ("B" if hours <= 160 else "C")
    return "D" if hours <= 80 else "C"


def facts_of_format(  # noqa: PLR0913  (one keyword a fact)
    name: str,
    *,
    hours_total: float | None,
    weeks: float | None,
    hours_per_week: float | None,
    mentor_minutes_per_week: float | None = None,
    hands_on: float | None = None,
    public_works: int | None = None,
    deliverables: int = 0,
    skills: int = 0,
    mode: str = "remote",
    field: str = "",
    pay_kind: str | None = None,
) -> FormatFacts:
    """Fill what is left out from the format's prior: any two of the durations give the third."""
    prior = FORMATS[name].prior
    total, span = hours_total, weeks
    if total is None and span is not None and hours_per_week is not None:
        total = span * hours_per_week
    if span is None and total is not None and hours_per_week:
        span = total / hours_per_week
    total = prior.hours if total is None else total
    span = max(prior.weeks if span is None else span, 1 / 7)
    calendar_weeks = max(span, 1.0)
    minutes = (
        prior.mentor_minutes_per_week
        if mentor_minutes_per_week is None
        else mentor_minutes_per_week
    )
    return FormatFacts(
        hours=total,
        weeks=span,
        weekly=total / calendar_weeks,
        mentor_hours=minutes / 60 * calendar_weeks,
        hands_on_hours=(prior.hands_on if hands_on is None else hands_on) * total,
        public_works=prior.public_works if public_works is None else public_works,
        deliverables=deliverables,
        skills=skills,
        remote=mode == "remote",
        field=field,
        pay_kind=pay_kind,
        stated=(hours_total, weeks, hours_per_week),
    )


def check_format(name: str, facts: FormatFacts) -> tuple[list[tuple[str, str]], str | None]:
    """Compare the label with the facts.

    Returns the messages as (severity, code), severity "flag" (a moderator must decide) or "warn",
    and the format to suggest where something is flagged.
    """
    spec = FORMATS[name]
    found = zone(facts.hours, facts.weeks)
    messages: list[tuple[str, str]] = []
    total, weeks, weekly = facts.stated
    if (
        total is not None
        and weeks is not None
        and weekly is not None
        and abs(total - weeks * weekly) > 0.1 * total
    ):
        messages.append(("warn", "hours_inconsistent"))
    if found not in spec.zones:
        severity = "warn" if found in spec.tolerated else "flag"
        messages.append((severity, f"duration_zone_{found}"))
    broken = {
        "mentor": facts.mentor_hours <= 0,
        "deliverable": facts.deliverables < 1,
        "remote": not facts.remote,
        "observing": facts.hands_on_hours > 0.5 * facts.hours,
        "per_task": facts.pay_kind != "fixed_fee",
        "skill": facts.skills == 0,
        "one_to_four": not 1 <= facts.weeks <= 4,
        "field": not facts.field,
        "public": facts.public_works < 1,
        "intensive": facts.weekly < 20,
        "short8": facts.weeks > 8,
    }
    messages += [("warn", rule) for rule in spec.rules if broken[rule]]
    if facts.pay_kind == "unpaid" and spec.family == Kind.MICRO and "observing" not in spec.rules:
        messages.append(("warn", "unpaid_micro"))
    flagged = any(severity == "flag" for severity, _ in messages)
    return messages, (_SUGGESTED[found] if flagged else None)


_SUGGESTED: Final[Mapping[str, str | None]] = {
    "A": "micro_internship",
    "B": "short_burst_internship",
    "C": "internship",
    "D": None,
}
