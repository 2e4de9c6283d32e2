"""Share out scarce places: prices of crowded roles.

In: positions of candidates and roles (0, 1, 2 ...), mutual scores in points (0 to 100), places.
Out: one price in points per role and one dual per candidate.
Law: the same input gives the same bytes, because sums are added in the order of the edges.
"""

from dataclasses import dataclass, replace
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from matching.engine.columns import Floats, Longs

MIN_SAMPLE: Final = 200
"""Candidates whose stored duals price a new role: fewer make the price a guess."""
SHARE_OF_LOOKS: Final = 0.75
"""What a place may draw of its even share of all looks, without a price."""
APPLIED: Final = 0.7
"""Part of a price that lists take off: what keeps them relevant, at no cost in good matches."""


@dataclass(frozen=True, slots=True)
class Congestion:
    """The behavior of candidates that prices assume (model, section 8)."""

    slots: float = 10.0
    """List places that a candidate looks at."""
    kappa: float = 8.0
    """Recommended views per place on offer."""
    beta: float = 4.0
    """Noise of taste, in points."""
    reserve: float = 50.0
    """Score of doing something else, in points."""
    rounds: int = 50
    tolerance: float = 0.01
    """Stop when no price moves by more than this many points."""

    def shared_by(self, candidates: int, places: int) -> Self:
        """Return this market with views for each place that grow with the candidates.

        A place may draw three quarters of its even share of all looks, and at least ``kappa``.
        Where there are far more looks than that, prices that hold demand to ``kappa`` all rise
        alike: this changes no order, and leaves small numbers on everything.
        """
        share = SHARE_OF_LOOKS * self.slots * candidates / max(1, places)
        return replace(self, kappa=max(self.kappa, share))


MARKET: Final = Congestion()


@dataclass(frozen=True, slots=True)
class Lists:
    """The best roles of every candidate, as rows laid end to end.

    ``starts`` (candidates + 1), ``roles`` (edges) positions, ``mutual`` (edges) points. The row of
    candidate i is ``starts[i]`` up to ``starts[i + 1]``; rows may be empty.
    """

    starts: Longs
    roles: NDArray[np.int32]
    mutual: Floats

    @classmethod
    def from_padded(cls, roles: NDArray[np.integer], mutual: Floats) -> Self:
        """Build from arrays of shape (candidates, k) in which role -1 is padding."""
        kept = roles >= 0
        starts = np.concatenate(([0], np.cumsum(kept.sum(axis=1)))).astype(np.int64)
        return cls(starts, roles[kept].astype(np.int32), mutual[kept].astype(np.float64))


@dataclass(frozen=True, slots=True)
class Prices:
    """What crowding costs: ``points`` (roles) >= 0, ``duals`` (candidates) for later roles.

    ``rounds`` were needed, and the last of them moved a price by at most ``change`` points.
    """

    points: Floats
    duals: Floats
    rounds: int
    change: float


def congestion_prices(
    lists: Lists, places: NDArray[np.integer], market: Congestion = MARKET
) -> Prices:
    """Return the smallest handicaps for which expected demand fits the places.

    Every candidate spreads ``slots`` looks over a list by a logit in mutual score minus price,
    beside an outside option at ``reserve``. Demand for a role stays within ``kappa`` times its
    places, and a role has a price only where that binds: Sinkhorn's iteration with an inequality
    (model, section 8). A role without places has no price: it is not on offer.
    ``places`` has shape (roles,).
    """
    kernel = np.exp((lists.mutual - market.reserve) / market.beta)
    supply = market.kappa * places.astype(np.float64)
    openness = np.ones(len(places))
    candidates = len(lists.starts) - 1
    owner = np.repeat(np.arange(candidates), np.diff(lists.starts))
    duals = np.full(candidates, market.slots, np.float64)
    done, change = 0, np.inf
    while done < market.rounds and change >= market.tolerance:
        looked = np.bincount(owner, kernel * openness[lists.roles], minlength=candidates)
        duals = market.slots / (1.0 + looked)
        demand = np.bincount(lists.roles, kernel * duals[owner], minlength=len(places))
        bound = (demand > 0) & (supply > 0)
        fresh = np.minimum(1.0, np.divide(supply, demand, out=np.ones(len(demand)), where=bound))
        change = market.beta * float(np.abs(np.log(fresh / openness)).max(initial=0.0))
        openness = fresh
        done += 1
    return Prices(-market.beta * np.log(openness) + 0.0, duals, done, change)


def price_of_new_role(
    mutual: Floats, duals: Floats, *, population: int, places: int, market: Congestion = MARKET
) -> float:
    """Return the price at which a role opens, from the stored duals of a sample of candidates.

    ``mutual`` and ``duals`` have shape (sample,); a candidate who may not take the role has mutual
    score -inf and still counts. ``population`` is the number of candidates behind the sample.
    At price 0 a new role would be sent to everybody (model, section 8). Raise ``ValueError`` if
    the sample is smaller than 200 candidates, or than everybody.
    """
    sample = len(mutual)
    if len(duals) != sample or sample < min(MIN_SAMPLE, population) or sample > population:
        raise ValueError(
            f"A price needs {min(MIN_SAMPLE, population)} to {population} candidates, "
            f"each with a dual: got {sample} scores and {len(duals)} duals."
        )
    if not places or not sample:
        return 0.0
    demand = float(np.sum(duals * np.exp((mutual - market.reserve) / market.beta)))
    crowding = demand * population / sample / (market.kappa * places)
    return market.beta * float(np.log(max(1.0, crowding)))
