"""Explain scores: points that add up, and a range for what is unstated.

In: one pair, or positions in columns. Out: an ``Explanation`` made of the same integers that ranked
the pair, so that score and explanation cannot disagree.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from matching.engine.candidate_view import view_candidates
from matching.engine.columns import Candidates, Longs, Opportunities
from matching.engine.fixed_point import POINT, SCORE, VALUE, WEIGHT
from matching.engine.gates import gates
from matching.engine.packing import pack_candidates, pack_opportunities
from matching.engine.pairs import PairScores, place_pairs, score_pairs
from matching.engine.records import ASPECTS, SUIT_PARTS, Candidate, Opportunity, Priors
from matching.engine.role_index import build_index
from matching.engine.skills import IDENTITY, Vocabulary


@dataclass(frozen=True, slots=True)
class Line:
    """One addend of a score."""

    name: str
    weight: float
    value: float
    points: float
    """100 * weight * value, in ten-thousandths; the lines add up to the score exactly."""
    whole_points: int
    """Whole points; the lines add up to the rounded score exactly."""
    known: bool
    """Whether the value rests on stated facts only."""

    @property
    def lost(self) -> float:
        """Return the points that a value of 1 would add."""
        return 100 * self.weight * (1 - self.value)


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a pair scores as it does, on both sides; scores are from 0 to 100."""

    fit: float
    low: float
    """The fit with every aspect that rests on a prior at 0."""
    high: float
    """The fit with every such aspect at 1."""
    suit: float
    mutual: float
    aspects: tuple[Line, ...]
    """The lines of the fit, the largest first."""
    parts: tuple[Line, ...]
    """The lines of the suit, in the order of ``SUIT_PARTS``."""
    gates: tuple[str, ...] = ()
    """The gates that are shut; such a pair is in no list."""

    @property
    def disclosed(self) -> float:
        """Return the weight of the aspects that rest on stated facts."""
        return math.fsum(line.weight for line in self.aspects if line.known)


def explain(
    candidate: Candidate,
    opportunity: Opportunity,
    *,
    priors: Priors,
    vocabulary: Vocabulary = IDENTITY,
) -> Explanation:
    """Return the explanation of one pair, with the gates that are shut."""
    only = np.zeros(1, np.int64)
    [explanation] = explain_rows(
        pack_candidates([candidate], vocabulary=vocabulary),
        pack_opportunities([opportunity], priors=priors, vocabulary=vocabulary),
        only,
        only,
        vocabulary=vocabulary,
    )
    shut = gates(candidate, opportunity, priors=priors, vocabulary=vocabulary)
    return replace(explanation, gates=tuple(shut))


def explain_rows(
    candidates: Candidates,
    opportunities: Opportunities,
    candidate_positions: Longs,
    opportunity_positions: Longs,
    *,
    vocabulary: Vocabulary = IDENTITY,
) -> list[Explanation]:
    """Return the explanations of pairs of positions, without looking at the gates.

    ``vocabulary`` must be the one that ranked them, rarities included.
    """
    people, person = np.unique(candidate_positions, return_inverse=True)
    jobs, job = np.unique(opportunity_positions, return_inverse=True)
    chosen, roles = candidates.take(people), opportunities.take(jobs)
    scores = score_rows(chosen, roles, person, job, vocabulary=vocabulary)
    return [
        _explanation(scores, place, chosen.weights[person[place]], int(roles.known[job[place]]))
        for place in range(len(person))
    ]


def score_rows(
    candidates: Candidates,
    opportunities: Opportunities,
    candidate_positions: Longs,
    opportunity_positions: Longs,
    *,
    vocabulary: Vocabulary = IDENTITY,
) -> PairScores:
    """Return values and scores of pairs of positions, in the order given."""
    index = build_index(opportunities, vocabulary=vocabulary)
    view = view_candidates(candidates, index)
    place_of = np.empty(len(index), np.int64)
    place_of[index.position] = np.arange(len(index))
    order = np.argsort(candidate_positions, kind="stable")
    pairs, _ = place_pairs(
        view, index, candidate_positions[order], place_of[opportunity_positions[order]]
    )
    return score_pairs(view, index, pairs).take(np.argsort(order))


def _explanation(scores: PairScores, place: int, weights: Any, known_bits: int) -> Explanation:
    values = scores.values[place]
    known = [bool(known_bits >> bit & 1) for bit in range(len(ASPECTS))]
    fit, suit = int(scores.fit[place]), int(scores.suit[place])
    sure = int(weights[known] @ values[known])
    open_weight = int(weights.sum() - weights[known].sum())
    lines = _lines(ASPECTS, weights, values, known, fit)
    all_known = [True] * len(SUIT_PARTS)
    return Explanation(
        fit=fit / POINT,
        low=min(fit, _scored(sure)) / POINT,
        high=max(fit, _scored(sure + open_weight * VALUE)) / POINT,
        suit=suit / POINT,
        mutual=int(scores.mutual[place]) / POINT,
        aspects=tuple(sorted(lines, key=lambda line: (-line.points, line.name))),
        parts=tuple(
            _lines(SUIT_PARTS, scores.part_weights[place], scores.parts[place], all_known, suit)
        ),
    )


def _scored(total: int) -> int:
    return round(total * SCORE / (WEIGHT * VALUE))


def _lines(
    names: Sequence[str], weights: Any, values: Any, known: Sequence[bool], score: int
) -> list[Line]:
    exact = [
        int(weight) * int(value) * SCORE / (WEIGHT * VALUE)
        for weight, value in zip(weights, values, strict=True)
    ]
    points = apportion(dict(zip(names, exact, strict=True)), score)
    whole = apportion(
        {name: part / POINT for name, part in zip(names, exact, strict=True)}, round(score / POINT)
    )
    return [
        Line(
            name=name,
            weight=int(weights[place]) / WEIGHT,
            value=int(values[place]) / VALUE,
            points=points[name] / POINT,
            whole_points=whole[name],
            known=known[place],
        )
        for place, name in enumerate(names)
    ]


def apportion(parts: Mapping[str, float], total: int) -> dict[str, int]:
    """Return integers near the parts that sum to the total: largest remainder, ties by name."""
    whole = {name: math.floor(part) for name, part in parts.items()}
    spare = total - sum(whole.values())
    for name in sorted(parts, key=lambda name: (whole[name] - parts[name], name))[: max(0, spare)]:
        whole[name] += 1
    for name in sorted(parts, key=lambda name: (parts[name] - whole[name], name))[: max(0, -spare)]:
        whole[name] -= 1
    return whole
