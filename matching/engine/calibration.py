"""Whether chances that were told came true, and how to tell them so that they do.

In: chances that were told (n,) in [0, 1], and what happened (n,) as 0 or 1. Out: the Brier score
(Brier, "Verification of forecasts expressed in terms of probability", 1950), a table of reliability
(Murphy, "A new vector partition of the probability score", 1973), and the isotonic map from what
was told to what happened, by pooling adjacent violators (Ayer et al., "An empirical distribution
function for sampling with incomplete information", 1955).
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from matching.engine.columns import Floats

ENOUGH_OUTCOMES: Final = 1_000
"""Outcomes from which on chances are mapped by what happened (model, section 7)."""
TOGETHER: Final = 200
"""Neighbouring outcomes that are pooled before the map is fitted. Those of one role resemble each
other, and by fifty they bend it: on simulated terms the gap was up to twice as wide."""


@dataclass(frozen=True, slots=True)
class Bin:
    """One line of a table of reliability: mean of what was told, share that came true."""

    count: int
    told: float
    happened: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """How true chances were; smaller is better.

    ``brier`` is the mean squared error, ``base_brier`` that of telling everybody the share that
    came true; ``gap`` the mean distance of told and happened over the bins, by their counts.
    """

    count: int
    brier: float
    base_brier: float
    gap: float
    bins: list[Bin]


@dataclass(frozen=True, slots=True)
class IsotonicMap:
    """A map that never falls: straight lines between the knots, level beyond them.

    Without knots it is the identity.
    """

    told: Floats
    happened: Floats

    def __call__(self, chances: Floats) -> Floats:
        """Return mapped chances, same shape."""
        if not len(self.told):
            return chances
        return np.interp(chances, self.told, self.happened)


IDENTITY: Final = IsotonicMap(np.zeros(0), np.zeros(0))


def pool_adjacent_violators(values: Floats, weights: Floats) -> Floats:
    """Return the nearest values that never fall, by weighted least squares, same shape."""
    means: list[float] = []
    masses: list[float] = []
    lengths: list[int] = []
    for value, weight in zip(values.tolist(), weights.tolist(), strict=True):
        mean, mass, length = value, weight, 1
        while means and means[-1] >= mean:
            before = masses.pop()
            mean = (means.pop() * before + mean * mass) / (before + mass)
            mass, length = mass + before, length + lengths.pop()
        means.append(mean)
        masses.append(mass)
        lengths.append(length)
    return np.repeat(np.array(means, np.float64), lengths)


def fit_isotonic(told: Floats, happened: Floats) -> IsotonicMap:
    """Return the map from what was told to what happened; the identity if too few are known."""
    if len(told) < ENOUGH_OUTCOMES:
        return IDENTITY
    bins = _bins(told, happened, len(told) // TOGETHER)
    level = pool_adjacent_violators(
        np.array([line.happened for line in bins]),
        np.array([line.count for line in bins], np.float64),
    )
    return IsotonicMap(np.array([line.told for line in bins]), level)


def calibration(told: Floats, happened: Floats, *, bins: int = 10) -> Calibration | None:
    """Return how true these chances were, in so many bins of equal counts; None of none."""
    if not len(told):
        return None
    table = _bins(told, happened, min(bins, len(told)))
    base = float(happened.mean())
    return Calibration(
        count=len(told),
        brier=float(((told - happened) ** 2).mean()),
        base_brier=base * (1 - base),
        gap=sum(line.count * abs(line.told - line.happened) for line in table) / len(told),
        bins=table,
    )


def _bins(told: Floats, happened: Floats, count: int) -> list[Bin]:
    """Return bins of neighbouring chances; equal chances are never parted."""
    order = np.argsort(told, kind="stable")
    told, happened = told[order], happened[order]
    marks = np.arange(1, count) * len(told) // count
    marks = np.unique(np.searchsorted(told, told[marks]))
    edges = [0, *(mark for mark in marks.tolist() if mark), len(told)]
    return [
        Bin(last - first, float(told[first:last].mean()), float(happened[first:last].mean()))
        for first, last in pairwise(edges)
    ]
