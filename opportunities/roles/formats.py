"""The twelve formats of the founding document: zones, priors and rules, from ``formats.toml``.

A format's own *rules* judge what the posting states and nothing else: no prior satisfies them.
Zones resolve the document's overlapping durations (model.md section 1).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import inf
from typing import Any, Final

from django.db.models import TextChoices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from opportunities.core.data import read_beside
from opportunities.core.languages import Translatable

DURATIONS: Final = ("hours_total", "weeks", "hours_per_week")


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


@dataclass(frozen=True, slots=True)
class Format:
    """One format: the duration zones its label may claim, those tolerated, and its own rules."""

    name: FormatName
    with_article: Translatable
    """Its name as a sentence begins with it."""
    about: Translatable
    family: Kind
    prior: Prior
    rules: tuple[str, ...] = ()
    zones: str = "A"
    tolerated: str = "BD"

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


def _format(name: str, *, family: str = Kind.MICRO, **said: Any) -> Format:
    prior = Prior(**_SAID["priors"][family] | said.pop("prior", {}))
    return Format(FormatName(name), family=Kind(family), prior=prior, **said)


_SAID: Final = read_beside(__file__)
SPANS: Final[Mapping[str, Translatable]] = _SAID["spans"]
"""The duration zones in words, as ``zone`` tells them apart."""

FORMATS: Final[Mapping[str, Format]] = {
    name: _format(name, **said) for name, said in _SAID["formats"].items()
}


def of_family(kind: Kind) -> list[Format]:
    """Return the formats of a family, in the order of the catalogue."""
    return [entry for entry in FORMATS.values() if entry.family == kind]


@dataclass(frozen=True, slots=True)
class OwnRule:
    """One rule of a format: the field where it is met, what it asks, and of which fact.

    The fact is a word, or lies in a range, or is there at all.
    """

    field: str
    sentence: Translatable
    fact: str = ""
    """One that ``stated_by`` knows, where that is not called as the field."""
    word: str = ""
    least: float | None = None
    most: float = inf

    def holds(self, stated: Mapping[str, Any]) -> bool:
        """Say whether what is stated meets the rule."""
        value = stated.get(self.fact or self.field)
        if self.word:
            return bool(value == self.word)
        if self.least is not None:
            return value is not None and self.least <= value <= self.most
        return bool(value.strip() if isinstance(value, str) else value)


RULES: Final = {code: OwnRule(**said) for code, said in _SAID["rules"].items()}
"""What each rule of a format asks. It reads what is stated, never a prior."""

MOST_OBSERVING: Final = RULES["observing"].most
"""Share of hands-on time up to which somebody observes."""


def stated_by(
    columns: Mapping[str, Any], parts: Mapping[str, Iterable[Mapping[str, Any]]]
) -> dict[str, Any]:
    """Return what the columns and the parts of a role state of the facts that rules ask for.

    Parts are counted, and those that may be published; hours a week are those in all over the
    weeks that it takes; credit is given, or can be had.
    """
    deliverables = list(parts.get("deliverables", ()))
    durations_stated = [columns.get(name) for name in DURATIONS]
    return {
        **columns,
        "weeks": durations(*durations_stated)[1],
        "weekly": weekly_hours(*durations_stated),
        "deliverables": len(deliverables),
        "publishable": sum(bool(part.get("publishable")) for part in deliverables),
        "skills": len(list(parts.get("skills", ()))),
        "credit": columns.get("credit") or columns.get("credit_possible"),
    }


def broken(name: str, stated: Mapping[str, Any]) -> list[str]:
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


def facts_of_format(columns: Mapping[str, Any]) -> FormatFacts:
    """Fill what is left out from the format's prior: any two of the durations give the third."""
    prior = FORMATS[columns["format"]].prior
    total, span = durations(*(columns.get(name) for name in DURATIONS))
    total = prior.hours if total is None else total
    span = max(prior.weeks if span is None else span, 1 / 7)
    minutes = columns.get("mentor_minutes_per_week")
    minutes = prior.mentor_minutes_per_week if minutes is None else minutes
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
    return ("warn", None) if found in FORMATS[name].tolerated else ("flag", _SUGGESTED.get(found))


_SUGGESTED: Final[Mapping[str, str]] = {
    "A": "micro_internship",
    "B": "short_burst_internship",
    "C": "internship",
}
