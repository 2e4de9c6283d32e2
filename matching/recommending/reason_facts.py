"""What a sentence of an explanation may look at: one aspect of a role for a person, as facts.

Wishes that nobody gave are empty here, so that no sentence can quote them.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

from django.utils.translation import gettext as _

from matching.engine import EVIDENCE, Candidate, Explanation, Line
from matching.engine.facts import DOSES
from matching.engine.records import RATE_REFERENCE
from opportunities.core import languages, pay
from opportunities.core.fields_of_work import Field
from opportunities.core.pay import PayKind
from opportunities.core.retelling import inside
from opportunities.places.gazetteer import distance
from opportunities.roles import wording
from opportunities.roles.models import Mode, Opportunity
from opportunities.roles.wording import quantity

MIDDLE: Final = 0.5
"""Above it an aspect speaks for a role, below it against."""
EVEN_GOAL: Final = 0.5
"""The goal of somebody who leans neither way, or did not say."""
ROUGHLY: Final = 4
"""Weeks from which on nobody counts halves."""
LEADS_ON: Final = 0.6
"""The share of people who went on from which on a role leads on as well as can be."""


@dataclass(frozen=True)
class Pair:
    """What a row may look at: one aspect of a role for a person."""

    role: Opportunity
    person: Candidate
    line: Line
    explanation: Explanation
    currency: str

    @cached_property
    def hours(self) -> float:
        """Hours in all, as stated or as they follow from weeks and hours a week."""
        role = self.role
        return role.hours_total or (role.weeks or 0) * (role.hours_per_week or 0)

    @cached_property
    def weeks(self) -> float:
        """Length in weeks, as stated or as it follows from the hours; 0 where nobody says."""
        role = self.role
        if role.weeks or not (role.hours_total and role.hours_per_week):
            return role.weeks or 0
        return role.hours_total / role.hours_per_week

    @cached_property
    def until_done(self) -> float:
        """Weeks from the first free day to the end: what the value of ``speed`` says."""
        scale, full = DOSES["speed"]
        return float(scale * ((1 + full / scale) ** (1 - self.line.value) - 1))

    @property
    def wait(self) -> float:
        """Weeks between the first free day and the start."""
        return max(0.0, self.until_done - self.weeks)

    @cached_property
    def taught(self) -> list[str]:
        """The role's skills by name."""
        return [used.skill.name for used in self.role.skills.all()]

    @cached_property
    def wanted(self) -> list[str]:
        """The role's skills that the person wants to build, most wanted first."""
        names = {used.skill.slug: used.skill.name for used in self.role.skills.all()}
        targets = sorted(self.person.targets.items(), key=lambda each: -each[1])
        return [names[slug] for slug, _ in targets if slug in names]

    @cached_property
    def used(self) -> list[str]:
        """The role's skills that the person has, and has not named as a wish, in its order."""
        return [
            used.skill.name
            for used in self.role.skills.all()
            if self.person.skills.get(used.skill.slug)
            and used.skill.slug not in self.person.targets
        ]

    @property
    def held(self) -> int:
        """How many skills the person has that are no wishes of theirs."""
        named = {slug for slug, level in self.person.skills.items() if level}
        return len(named - self.person.targets.keys())

    @property
    def sign(self) -> Literal["+", "-", ""]:
        """Whether the aspect speaks for the role or against it: by its value.

        That of ``skills`` is not divided by how many somebody named, so that a role which uses both
        of two skills has less than half of it: a role that uses half of those named is for them.
        """
        if self.line.name == "skills":
            named = self.held + len(self.person.targets)
            used = len(self.used) + len(self.wanted)
            if named and used / named >= MIDDLE:
                return "+"
        return "+" if self.line.value > MIDDLE else "-" if self.line.value < MIDDLE else ""

    @property
    def interest(self) -> float:
        """How much of an interest in this field was named."""
        return self.person.interests.get(self.role.field, 0)

    @property
    def wish_for_pay(self) -> str:
        """The hourly pay hoped for, or nothing where none was named."""
        target = self.person.rate_target
        if target in {0, RATE_REFERENCE}:
            return ""
        return _("%(pay)s an hour") % {"pay": amount(target, self.currency)}

    @property
    def need(self) -> str:
        """The income needed in all, or nothing where none was named."""
        need = self.person.income_need
        return amount(need, self.currency) if need else ""

    @property
    def is_unpaid(self) -> bool:
        """Whether the role says that it does not pay."""
        return self.role.pay_kind == PayKind.UNPAID

    @property
    def rate_share(self) -> float:
        """How much of a fully adequate hourly pay there is."""
        rate = float(pay.to_major(self.role.hourly_minor or 0, self.currency))
        return rate / self.person.rate_target if self.person.rate_target > 0 else 1.0

    @property
    def proofs(self) -> list[str]:
        """What one leaves with of what is wanted, in words."""
        return self._wanted_proofs(offered=True)

    @property
    def proofs_missed(self) -> list[str]:
        """What is wanted and not offered."""
        return self._wanted_proofs(offered=False)

    @property
    def breadth(self) -> float:
        """How broad the work is, from 0 to 1."""
        return min(1.0, ((self.role.task_areas or 1) - 1) / 4)

    @property
    def wished_breadth(self) -> float:
        """How broad the person wants it: said outright, or following from the goal."""
        wish = self.person.scope_wish
        return self.person.goal if wish is None else wish

    @property
    def led_on(self) -> float:
        """The share of people who went on from here, leaning towards what is usual."""
        return self.line.value * LEADS_ON

    @property
    def usually_leads_on(self) -> float:
        """That share where nothing is known but the depth of the work."""
        depth = next(line.value for line in self.explanation.aspects if line.name == "depth")
        return 0.1 + 0.4 * depth

    def _wanted_proofs(self, *, offered: bool) -> list[str]:
        given = {*(self.role.evidence or ())} - {"public_work"}
        if self.role.public_works:
            given.add("public_work")
        wanted = self.person.evidence_wanted
        return [
            str(wording.EVIDENCE_WORDS[name])
            for name in EVIDENCE
            if name in wanted and (name in given) is offered
        ]


def weekly_hours(role: Opportunity) -> float | None:
    """Return the hours a week, as stated or as they follow from hours and weeks; None: unknown."""
    if role.hours_per_week is None and role.hours_total and role.weeks:
        return role.hours_total / max(role.weeks, 1)
    return role.hours_per_week


def km_away(person: Candidate, role: Opportunity) -> int | None:
    """Return the way from the nearest place that the person named, or None where nobody can say.

    A person who named whole counties or countries alone is nowhere in particular, and remote work
    is nowhere at all.
    """
    if role.mode == Mode.REMOTE:
        return None
    ways = [
        distance(town.latitude, town.longitude, area.latitude, area.longitude)
        for town in role.towns
        for area in person.areas
        if area.latitude is not None and area.longitude is not None
    ]
    return round(min(ways)) if ways else None


def span(weeks: float) -> str:
    """Write a length of time as people say it: 3 days, one week, 2.5 weeks, 11 weeks."""
    if weeks < 1:
        return quantity(max(1, round(weeks * 7)), "day")
    weeks = round(weeks) if weeks > ROUGHLY else round(weeks, 1)
    return _("one week") if weeks == 1 else quantity(weeks, "week")


def field_phrase(name: str) -> str:
    """Return the label of a field within a sentence; a field unknown here stands as it is."""
    return inside(Field(name).label) if name in Field.values else name


def begun(phrase: str) -> str:
    """Write a phrase as a sentence begins with it."""
    return phrase[:1].upper() + phrase[1:]


def amount(major: float, currency: str) -> str:
    """Write an amount in major units as money is written: £15, £15.50, 300 CHF."""
    return languages.money(round(major * 10 ** pay.EXPONENT.get(currency, 2)), currency)
