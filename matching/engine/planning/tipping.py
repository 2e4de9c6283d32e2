"""Find where one plan overtakes another, exactly, as a weight or the goal changes.

In: two plans of one candidate. Out: the weights or goals at which their scores are equal.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from typing import Final

from matching.engine.aspects import ASPECTS
from matching.engine.fixed_point import VALUE, WEIGHT
from matching.engine.packing import fixed_weights
from matching.engine.planning.pool import Plan
from matching.engine.records import Candidate
from matching.engine.scoring import ratings

SCOPE: Final = ASPECTS.index("scope")


@dataclass(frozen=True, slots=True)
class TippingPoint:
    """Where two plans are worth the same, and which of them is ahead beyond it."""

    at: Fraction
    """The weight of the aspect, or the goal, between 0 and 1."""
    first_wins_above: bool


def tipping_weight(
    candidate: Candidate, aspect: str, first: Plan, second: Plan
) -> TippingPoint | None:
    """Return the weight of one aspect at which two plans tie, the others keeping their proportions.

    Scores are linear in that weight, so there is one such point or none. None also if the aspect
    has all the weight already, because then the others have no proportions. Raise ``ValueError``
    for a name that is no aspect.
    """
    place = ASPECTS.index(aspect)
    weights = fixed_weights(candidate)
    gaps = _gaps(first, second)
    if weights[place] == WEIGHT:
        return None
    rest = Fraction(
        sum(weight * gap for weight, gap in zip(weights, gaps, strict=True))
        - weights[place] * gaps[place],
        WEIGHT - weights[place],
    )
    if rest == gaps[place]:
        return None
    at = rest / (rest - gaps[place])
    return TippingPoint(at, gaps[place] > rest) if 0 < at < 1 else None


def tipping_goals(candidate: Candidate, first: Plan, second: Plan) -> list[TippingPoint]:
    """Return the goals at which one plan overtakes the other, ascending; both stay as they are.

    Ratings are linear in the goal. Where the wanted breadth follows the goal, the value of
    ``scope`` bends at the breadth of each role, but both poles rate ``scope`` alike: so the
    difference of scores is linear between these breadths.
    """
    breadths = {
        Fraction(breadth, VALUE) for plan in (first, second) for _, breadth in plan.breadths
    }
    knots = sorted({Fraction(0), Fraction(1), *breadths})
    lead = _Lead(candidate, first, second)
    ties = sorted(
        {
            since + (until - since) * lead.at(since) / (lead.at(since) - lead.at(until))
            for since, until in pairwise(knots)
            if lead.at(since) * lead.at(until) <= 0 and lead.at(since) != lead.at(until)
        }
        - {Fraction(0), Fraction(1)}
    )
    between = [(low + high) / 2 for low, high in pairwise([Fraction(0), *ties, Fraction(1)])]
    ahead = [lead.at(goal) for goal in between]
    return [
        TippingPoint(tie, after > 0)
        for tie, (before, after) in zip(ties, pairwise(ahead), strict=True)
        if before * after < 0
    ]


class _Lead:
    """By how much the first plan leads at a goal, up to a positive factor."""

    def __init__(self, candidate: Candidate, first: Plan, second: Plan) -> None:
        self._quick = _exact(ratings(replace(candidate, goal=0.0)))
        self._deep = _exact(ratings(replace(candidate, goal=1.0)))
        self._follows = candidate.scope_wish is None
        self._plans = first, second
        self._gaps = [Fraction(gap) for gap in _gaps(first, second)]

    def at(self, goal: Fraction) -> Fraction:
        """Return the lead at one goal."""
        gaps = self._gaps.copy()
        if self._follows:
            gaps[SCOPE] = _scope(self._plans[0], goal) - _scope(self._plans[1], goal)
        return sum(
            (
                ((1 - goal) * quick + goal * deep) * gap
                for quick, deep, gap in zip(self._quick, self._deep, gaps, strict=True)
            ),
            Fraction(0),
        )


def _exact(importance: Mapping[str, float]) -> list[Fraction]:
    return [Fraction(importance[aspect]) for aspect in ASPECTS]


def _gaps(first: Plan, second: Plan) -> list[int]:
    return [one - other for one, other in zip(first.values, second.values, strict=True)]


def _scope(plan: Plan, wish: Fraction) -> Fraction:
    """Return the value of ``scope`` for a wanted breadth, before it is rounded."""
    hours = sum((Fraction(hours) for hours, _ in plan.breadths), Fraction(0))
    if not hours:
        return Fraction(0)
    near = (Fraction(hours) * (VALUE - abs(b - wish * VALUE)) for hours, b in plan.breadths)
    return sum(near, Fraction(0)) / hours
