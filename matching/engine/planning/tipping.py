"""Find where one plan overtakes another, exactly, as the weight of an aspect changes.

In: two plans of one candidate. Out: the weight at which their scores are equal.
"""

from dataclasses import dataclass
from fractions import Fraction

from matching.engine.aspects import ASPECTS
from matching.engine.fixed_point import WEIGHT
from matching.engine.packing import fixed_weights
from matching.engine.planning.pool import Plan
from matching.engine.records import Candidate


@dataclass(frozen=True, slots=True)
class TippingPoint:
    """Where two plans are worth the same, and which of them is ahead beyond it."""

    at: Fraction
    """The weight of the aspect, between 0 and 1."""
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
    gaps = [one - other for one, other in zip(first.values, second.values, strict=True)]
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
