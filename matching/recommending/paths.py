"""Paths: one internship against a stack of short tasks, from roles that are open today.

Beside the stack stands a role that is likely to come, if there is one; no path counts on it.

Plans, their values and the tipping point are the engine's; here they get their roles and dates,
the days on which one can know of each, and how likely they are to come about.
"""

import hashlib
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from matching.engine import ASPECTS, POINT, VALUE, WEIGHT, Candidate, planning
from matching.engine.packing import fixed_weights
from matching.priors import PRIORS
from matching.recommending.accepted_work import Work, accepted_work, without_work
from matching.recommending.decision_days import (
    Timeline,
    last_day_of,
    last_day_to_apply,
    settled_roles,
    timelines,
    waiting_applications,
)
from matching.recommending.likely import Likely, likely_after
from matching.recommending.odds import Chance, chances_of, said_range
from matching.store import live, read_roles
from matching.store.live import Ranking
from opportunities.applications.models import Application
from opportunities.candidates.models import CandidateProfile
from opportunities.core import pay
from opportunities.core.models import Site
from opportunities.core.rates import Rates
from opportunities.roles.models import Opportunity

POOL: Final = 200
"""The best roles that the search looks at."""
RANKED: Final = 2_000
"""The best roles among which those of each family are found."""
KINDS: Final = ("one", "stack", "mix")
LIKELY: Final = 0.5
"""What comes about at least so often is called probable."""
RARE: Final = 0.1
"""What comes about at most so often hardly ever does."""


@dataclass(frozen=True, slots=True)
class Leg:
    """One role of a path with its dates, or one that is ready to take the place of another."""

    role: Opportunity
    starts: date
    ends: date
    timeline: Timeline
    apply_until: date | None
    """Last day on which an application leads to this start; None once it is sent."""
    chance: Chance
    fallback: "Leg | None" = None
    """What can take its place."""


@dataclass(frozen=True, slots=True)
class Likelihood:
    """How likely a path is to come about, fallbacks included: ends of a range, 0 to 1.

    All are None where too little is known of one of its roles; ``unknown`` says of how many.
    """

    low: float | None
    high: float | None
    any_low: float | None
    """That at least one leg comes about."""
    any_high: float | None
    unknown: int
    count: int
    """Of legs."""

    @property
    def sentence(self) -> str:
        """Say how likely it is: how it went for others, and no promise."""
        if self.low is None or self.high is None or self.any_low is None or self.any_high is None:
            return ngettext(
                "Too few people had an answer from one of its roles to say how likely the plan is.",
                "Too few people had an answer from %(count)s of its roles to say how likely the"
                " plan is.",
                self.unknown,
            ) % {"count": self.unknown}
        whole = said_range(self.low, self.high)
        if self.count == 1:
            words = _("Going by how it went for others, %(share)s of such plans come about.")
            return words % {"share": whole}
        told = {
            "count": self.count,
            "share": whole,
            "some": said_range(self.any_low, self.any_high),
        }
        numbers = _(
            "Going by how it went for others, at least one comes about in %(some)s of such plans,"
            " all of them in %(share)s."
        )
        return f"{self._expected()} {numbers}" % told

    def _expected(self) -> str:
        """Say in a sentence without numbers what to expect of several roles."""
        if self.low is not None and self.low >= LIKELY:
            return _("You will probably get all %(count)s of these.")
        some_are_likely = self.any_low is not None and self.any_low >= LIKELY
        if self.high is not None and self.high <= RARE:
            if some_are_likely:
                return _("You will probably get some of these, hardly ever all %(count)s.")
            return _("You may get some of these or none, hardly ever all %(count)s.")
        if some_are_likely:
            return _("You will probably get some of these, and perhaps all %(count)s.")
        return _("You may get some of these, all %(count)s or none.")


def likelihood_of(legs: Sequence[Leg]) -> Likelihood:
    """Return how likely all legs are to come about, each by its role or else by its fallback."""

    def each(end: str) -> list[float | None]:
        return [
            planning.leg_chance(
                getattr(leg.chance, end),
                getattr(leg.fallback.chance, end) if leg.fallback else None,
            )
            for leg in legs
        ]

    lows, highs = each("low"), each("high")
    return Likelihood(
        low=planning.all_of(lows),
        high=planning.all_of(highs),
        any_low=planning.any_of(lows),
        any_high=planning.any_of(highs),
        unknown=sum(low is None for low in lows),
        count=len(legs),
    )


class Worth(NamedTuple):
    """What a plan is worth to somebody in whole points, and between what once all is known."""

    score: int
    low: int
    high: int

    @property
    def bounds(self) -> tuple[int, int]:
        """The least and the most."""
        return self.low, self.high


def worth_of(plan: planning.Plan, person: Candidate) -> Worth:
    """Return what a plan is worth by a person's own weights."""
    weights = fixed_weights(person)

    def points(values: Iterable[int]) -> int:
        total = sum(weight * value for weight, value in zip(weights, values, strict=True))
        return round(100 * total / (WEIGHT * VALUE))

    return Worth(round(plan.score / POINT), points(plan.lows), points(plan.highs))


@dataclass(frozen=True)
class Path:
    """One plan with its roles, in the order in which they begin."""

    kind: str
    plan: planning.Plan
    legs: tuple[Leg, ...]
    worth: Worth

    @property
    def score(self) -> int:
        """The fit of the whole plan in whole points."""
        return self.worth.score

    @cached_property
    def value(self) -> dict[str, float]:
        """The value of every aspect, 0 to 1."""
        return _by_aspect(self.plan.values)

    @cached_property
    def least(self) -> dict[str, float]:
        """The least that every aspect can be worth, whatever is true of what roles leave out."""
        return _by_aspect(self.plan.lows)

    @cached_property
    def most(self) -> dict[str, float]:
        """The most that every aspect can be worth."""
        return _by_aspect(self.plan.highs)

    @cached_property
    def unstated(self) -> dict[str, int]:
        """For every aspect, how many of the roles leave out what it rests on."""
        return dict(zip(ASPECTS, self.plan.unstated, strict=True))

    @property
    def first_result(self) -> date:
        """The day on which the first of the roles, of which there are some, is finished."""
        return min(leg.ends for leg in self.legs)

    @property
    def weeks(self) -> int:
        """From the first day of work to the last, in whole weeks; those between roles count."""
        if not self.legs:
            return 0
        first, last = min(leg.starts for leg in self.legs), max(leg.ends for leg in self.legs)
        return math.ceil(((last - first).days + 1) / 7)

    @cached_property
    def likelihood(self) -> Likelihood:
        """How likely it is to come about."""
        return likelihood_of(self.legs)

    @cached_property
    def key(self) -> str:
        """What the path consists of, in short: the same for the same roles."""
        return key_of(leg.role.public_id for leg in self.legs)

    @property
    def hourly(self) -> float:
        """Income an hour over the whole plan, in the site's currency."""
        hours = self.plan.outcomes.hours
        return self.plan.outcomes.income / hours if hours else 0.0


@dataclass(frozen=True)
class Comparison:
    """The three paths of one person, and where the first two change places."""

    person: Candidate
    one: Path
    stack: Path
    mix: Path
    aspect: str
    tipping: planning.TippingPoint | None
    likely: Likely | None = None
    """A role that is likely to open in time for the stack, and that no path counts on."""
    held: tuple[Work, ...] = ()
    """Work for which the person holds a place, whose weeks the paths leave to it."""

    @property
    def is_whole(self) -> bool:
        """Whether there are an internship and a stack to compare."""
        return bool(self.one.legs and self.stack.legs)

    @property
    def with_likely(self) -> Worth | None:
        """What the stack would be worth with the role that is likely to come."""
        return worth_of(self.likely.with_it, self.person) if self.likely else None

    @property
    def leader(self) -> Path:
        """The better of the internship and the stack; the stack where they tie."""
        return self.one if self.one.plan.score > self.stack.plan.score else self.stack

    @cached_property
    def weights(self) -> dict[str, float]:
        """The weight that the person gives to every aspect now, 0 to 1, as scores count it."""
        shares = fixed_weights(self.person)
        return {name: share / WEIGHT for name, share in zip(ASPECTS, shares, strict=True)}

    @property
    def weight(self) -> float:
        """The weight that the person gives to the aspect now, 0 to 1."""
        return self.weights[self.aspect]

    def score_at(self, path: Path, weight: float) -> float:
        """Return a path's fit if the aspect weighed so much, the others keeping their proportions.

        Linear in the weight: ``w v + (1 - w) rest``, rest being the mean of the other aspects.
        """
        return self._score_of(path.value, weight)

    def range_at(self, path: Path, weight: float) -> tuple[int, int]:
        """Return between which whole scores the path's fit then lies, once all facts are known."""
        least, most = (self._score_of(values, weight) for values in (path.least, path.most))
        return round(least), round(most)

    def _score_of(self, values: Mapping[str, float], weight: float) -> float:
        value = values[self.aspect]
        fit = sum(self.weights[name] * values[name] for name in ASPECTS)
        rest = (fit - self.weight * value) / (1 - self.weight) if self.weight < 1 else 0.0
        return 100 * (weight * value + (1 - weight) * rest)


def _by_aspect(values: Iterable[int]) -> dict[str, float]:
    return {name: value / VALUE for name, value in zip(ASPECTS, values, strict=True)}


def key_of(public_ids: Iterable[str]) -> str:
    """Return what tells one set of roles from another."""
    return hashlib.sha256(" ".join(sorted(public_ids)).encode()).hexdigest()[:32]


@dataclass(frozen=True)
class _Situation:
    """What matters for plans besides the wishes: what is out, what waits, and the day."""

    out: frozenset[int]
    sent: Mapping[int, Application]
    at: datetime

    @property
    def name(self) -> str:
        """What tells it from others."""
        sent = sorted((role, row.status, row.answer_due_on) for role, row in self.sent.items())
        return f"{self.at.date()}{sorted(self.out)}{sent}"


def compare_paths(
    found: Ranking,
    *,
    at: datetime,
    aspect: str = "mentorship",
    hidden: frozenset[int] = frozenset(),
    profile: CandidateProfile | None = None,
) -> Comparison:
    """Return the best internship, stack and mix for this person among the best open roles.

    Roles that the person hid are left out, and those for which an application has ended or holds
    a place. Places that are held keep the weeks of their work.
    """
    held = accepted_work(profile.pk, at=at) if profile else ()
    found = replace(found, person=without_work(found.person, held))
    settled = settled_roles(profile.pk) if profile else set()
    situation = _Situation(
        out=hidden | settled, sent=waiting_applications(profile.pk) if profile else {}, at=at
    )
    searched = _searched(found, situation)
    rows = _rows(searched.plans, at=at)
    if rows is None:  # one of them has closed since
        searched = _search(found, situation)
        rows = _rows(searched.plans, at=at) or {}
    plans = searched.plans
    days = timelines(rows.values(), situation.sent, today=at.date())
    chances, site = chances_of(rows.values(), at=at), Site.load()

    def leg(role_id: int, start: str, fallback: Leg | None = None) -> Leg:
        role, line, starts = rows[role_id], days[role_id], date.fromisoformat(start)
        until = None
        if not line.is_sent:
            until = last_day_to_apply(role, site, starts=starts, today=at.date())
        ends = last_day_of(role, starts)
        return Leg(role, starts, ends, line, until, chances[role_id], fallback)

    def path(kind: str) -> Path:
        plan = plans[kind]
        legs = [
            leg(int(role), start, leg(int(spare.opportunity), spare.start) if spare else None)
            for role, start, spare in zip(
                plan.opportunities, plan.starts, plan.fallbacks, strict=True
            )
        ]
        legs.sort(key=lambda each: (each.starts, each.role.pk))
        return Path(kind, plan, tuple(legs), worth_of(plan, found.person))

    one, stack, mix = map(path, KINDS)
    tips = None
    if one.legs and stack.legs:
        tips = planning.tipping_weight(found.person, aspect, one.plan, stack.plan)
    return Comparison(found.person, one, stack, mix, aspect, tips, searched.likely, held)


@dataclass(frozen=True, slots=True)
class _Searched:
    """The best plan of each kind, and what is likely to come for the stack."""

    plans: dict[str, planning.Plan]
    likely: Likely | None


def _searched(found: Ranking, situation: _Situation) -> _Searched:
    """Return the best plans: searched once for the same answers at one commit of the market."""
    person = f"{found.person!r}{situation.name}".encode()
    return live.cached(
        f"plans.{hashlib.sha256(person).hexdigest()}",
        live.columns_of([found.person], found.state),
        found.state,
        lambda: _search(found, situation),
        cache="plans",
    )


def _search(found: Ranking, situation: _Situation) -> _Searched:
    ids = _pool(found, situation.out)
    facts = read_roles(ids, at=situation.at)
    rows = Opportunity.objects.select_related("employer").defer("search").in_bulk(list(facts))
    days = timelines(rows.values(), situation.sent, today=situation.at.date())
    roles = {role: facts[role].opportunity for role in ids if role in rows}
    paths: planning.Paths = planning.best_paths(
        found.person,
        roles.values(),
        priors=PRIORS,
        vocabulary=found.state.vocabulary,
        begins={role: line.begins.isoformat() for role, line in days.items()},
    )
    likely = None
    if paths.stack.opportunities:
        likely = likely_after(
            paths.stack,
            [roles[int(role)] for role in paths.stack.opportunities],
            found.person,
            vocabulary=found.state.vocabulary,
            at=situation.at,
        )
    return _Searched({"one": paths.one, "stack": paths.stack, "mix": paths.mix}, likely)


def _pool(found: Ranking, out: frozenset[int]) -> list[int]:
    """Return the roles that the search looks at: the best of each family, in their order.

    Where one family has fewer than its half, the other fills the pool. So neither crowds the other
    out of the comparison.
    """
    ids = found.ids[: RANKED + len(out)]
    ids = ids[~np.isin(ids, list(out))]
    columns = found.state.pick_roles(ids)
    weeks = columns.days / 7
    hours = columns.weekly * np.maximum(weeks, 1.0)
    is_long = (hours > np.where(weeks <= 4, 160, 80))[np.searchsorted(columns.ids, ids)]
    place = np.where(is_long, np.cumsum(is_long), np.cumsum(~is_long))
    chosen = np.argsort(place > POOL // 2, kind="stable")[:POOL]
    return [int(role) for role in ids[np.sort(chosen)]]


def _rows(plans: dict[str, planning.Plan], *, at: datetime) -> dict[int, Opportunity] | None:
    """Return the roles of the plans, or None if not all of them are listed any more."""
    used = {int(role) for plan in plans.values() for role in plan.opportunities}
    used |= {int(spare.opportunity) for plan in plans.values() for spare in plan.fallbacks if spare}
    rows = Opportunity.objects.listed(at=at).select_related("employer").in_bulk(used)
    return rows if rows.keys() == used else None


def most_income(path: Path, rates: Rates) -> float:
    """Return what a path pays, in the site's currency, if each role pays the most that it states.

    The plan itself counts the least.
    """
    return path.plan.outcomes.income + sum(_more_income(leg.role, rates) for leg in path.legs)


def _more_income(role: Opportunity, rates: Rates) -> float:
    least, most = role.pay_amount_minor, role.pay_max_minor
    if role.pay_kind is None or least is None or most is None or not rates.known(role.pay_currency):
        return 0.0
    weeks = role.weeks or 0.0
    hours = role.hours_total or weeks * (role.hours_per_week or 0.0)
    more = pay.income(role.pay_kind, most - least, hours=hours, weeks=weeks)
    return rates.major(round(more), role.pay_currency)


def months(first: date, last: date) -> Sequence[date]:
    """Return the first days of the months from one date to another, at most 24."""
    found: list[date] = []
    month = first.replace(day=1)
    while month <= last and len(found) < 24:
        found.append(month)
        month = (month + timedelta(days=32)).replace(day=1)
    return found
