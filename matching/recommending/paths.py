"""Paths: one internship against a stack of short tasks, from roles that are open today.

Plans, their values and the tipping point are the engine's; here they get their roles and dates.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Final

from matching.engine import ASPECTS, POINT, SCORE, VALUE, Candidate, weights
from matching.engine.planning import Paths, Plan, TippingPoint, best_paths, tipping_weight
from matching.priors import PRIORS
from matching.store import live, read_roles
from matching.store.live import Ranking
from opportunities.roles.models import Opportunity

POOL: Final = 200
"""The best roles that the search looks at."""
KINDS: Final = ("one", "stack", "mix")


@dataclass(frozen=True, slots=True)
class Leg:
    """One role of a path, with its dates."""

    role: Opportunity
    starts: date
    ends: date


@dataclass(frozen=True)
class Path:
    """One plan with its roles, in the order in which they begin."""

    kind: str
    plan: Plan
    legs: tuple[Leg, ...]

    @property
    def score(self) -> int:
        """The fit of the whole plan in whole points."""
        return round(self.plan.score / POINT)

    @cached_property
    def value(self) -> dict[str, float]:
        """The value of every aspect, 0 to 1."""
        return {name: value / VALUE for name, value in zip(ASPECTS, self.plan.values, strict=True)}

    @property
    def first_result(self) -> date | None:
        """The day on which the first of the roles is finished."""
        return min((leg.ends for leg in self.legs), default=None)

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
    tipping: TippingPoint | None

    @property
    def is_whole(self) -> bool:
        """Whether there are an internship and a stack to compare."""
        return bool(self.one.legs and self.stack.legs)

    @property
    def leader(self) -> Path:
        """The better of the internship and the stack; the stack where they tie."""
        return self.one if self.one.plan.score > self.stack.plan.score else self.stack

    @cached_property
    def weight(self) -> float:
        """The weight that the person gives to the aspect now, 0 to 1."""
        return float(weights(self.person)[self.aspect])

    def score_at(self, path: Path, weight: float) -> float:
        """Return a path's fit if the aspect weighed so much, the others keeping their proportions.

        Linear in the weight: ``w v + (1 - w) rest``, rest being the mean of the other aspects.
        """
        value = path.value[self.aspect]
        fit = path.plan.score / SCORE
        rest = (fit - self.weight * value) / (1 - self.weight) if self.weight < 1 else 0.0
        return 100 * (weight * value + (1 - weight) * rest)


def compare_paths(found: Ranking, *, at: datetime, aspect: str = "mentorship") -> Comparison:
    """Return the best internship, stack and mix for this person among the best open roles."""
    plans = _plans(found, at=at)
    rows = _rows(plans, at=at)
    if rows is None:  # one of them has closed since
        plans = _search(found, at=at)
        rows = _rows(plans, at=at) or {}
    one, stack, mix = (_path(kind, plans[kind], rows) for kind in KINDS)
    tips = None
    if one.legs and stack.legs:
        tips = tipping_weight(found.person, aspect, one.plan, stack.plan)
    return Comparison(found.person, one, stack, mix, aspect, tips)


def _plans(found: Ranking, *, at: datetime) -> dict[str, Plan]:
    """Return the best plans: searched once for the same answers at one commit of the market."""
    person = f"{found.person!r}{at.date()}".encode()
    return live.cached(
        f"plans.{hashlib.sha256(person).hexdigest()}",
        live.columns_of([found.person], found.state),
        found.state,
        lambda: _search(found, at=at),
        cache="plans",
    )


def _search(found: Ranking, *, at: datetime) -> dict[str, Plan]:
    ids = found.ids[:POOL].tolist()
    facts = read_roles(ids, at=at)
    roles = [facts[role].opportunity for role in ids if role in facts]
    paths: Paths = best_paths(found.person, roles, priors=PRIORS, vocabulary=found.state.vocabulary)
    return {"one": paths.one, "stack": paths.stack, "mix": paths.mix}


def _rows(plans: dict[str, Plan], *, at: datetime) -> dict[int, Opportunity] | None:
    """Return the roles of the plans, or None if not all of them are listed any more."""
    used = {int(role) for plan in plans.values() for role in plan.opportunities}
    rows = Opportunity.objects.listed(at=at).select_related("employer").in_bulk(used)
    return rows if rows.keys() == used else None


def _path(kind: str, plan: Plan, rows: dict[int, Opportunity]) -> Path:
    legs = []
    for role_id, start in zip(plan.opportunities, plan.starts, strict=True):
        role = rows[int(role_id)]
        starts = date.fromisoformat(start)
        days = max(1, round((role.weeks or 1) * 7))
        legs.append(Leg(role, starts, starts + timedelta(days=days - 1)))
    return Path(kind, plan, tuple(sorted(legs, key=lambda leg: (leg.starts, leg.role.pk))))


def months(first: date, last: date) -> Sequence[date]:
    """Return the first days of the months from one date to another, at most 24."""
    found: list[date] = []
    month = first.replace(day=1)
    while month <= last and len(found) < 24:
        found.append(month)
        month = (month + timedelta(days=32)).replace(day=1)
    return found
