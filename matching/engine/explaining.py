"""Explain scores: points that add up, and a range for what is unstated.

In: one pair, or positions in columns. Out: an ``Explanation`` made of the same integers that ranked
the pair, so that score and explanation cannot disagree.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from matching.engine.aspects import ASPECTS
from matching.engine.candidate_view import view_candidates
from matching.engine.columns import (
    PAY_BY_HAND,
    Candidates,
    Flags,
    Floats,
    Ints,
    Longs,
    Opportunities,
)
from matching.engine.fixed_point import POINT, SCORE, VALUE, WEIGHT
from matching.engine.gates import gates
from matching.engine.packing import pack_candidates, pack_opportunities
from matching.engine.pairs import PairScores, score, score_pairs
from matching.engine.placing import place_pairs
from matching.engine.records import SUIT_PARTS, Candidate, Opportunity, Priors
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
    """Whether the value rests on stated facts only; a competence, whether skills are asked for."""

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
    by_hand: tuple[str, ...] = ()
    """The gates that nothing could be held against: they are open, and a person has to look."""


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
    scores = score_rows(
        candidates,
        opportunities,
        candidate_positions,
        opportunity_positions,
        vocabulary=vocabulary,
    )
    weights = candidates.weights[candidate_positions]
    known = known_flags(opportunities, opportunity_positions)
    low, high = ranges(scores, weights, known)
    points, whole = apportioned(weights, scores.values, scores.fit, ASPECTS)
    by_hand = (opportunities.known[opportunity_positions] & PAY_BY_HAND > 0) & (
        candidates.rate_floor[candidate_positions] > 0
    )
    certain = np.ones_like(scores.parts, np.bool_)
    asked = np.append(0, np.cumsum(opportunities.skill_level > 0))[opportunities.skill_at]
    certain[:, SUIT_PARTS.index("competence")] = np.diff(asked)[opportunity_positions] > 0
    part_points, whole_parts = apportioned(
        scores.part_weights, scores.parts, scores.suit, SUIT_PARTS
    )
    aspects = _lines(ASPECTS, weights, scores.values, points, whole, known)
    parts = _lines(SUIT_PARTS, scores.part_weights, scores.parts, part_points, whole_parts, certain)
    return [
        Explanation(
            fit=int(scores.fit[place]) / POINT,
            low=int(low[place]) / POINT,
            high=int(high[place]) / POINT,
            suit=int(scores.suit[place]) / POINT,
            mutual=int(scores.mutual[place]) / POINT,
            by_hand=("rate_floor",) if by_hand[place] else (),
            aspects=tuple(sorted(aspects[place], key=lambda line: (-line.points, line.name))),
            parts=tuple(parts[place]),
        )
        for place in range(len(scores.fit))
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
    people, person = np.unique(candidate_positions, return_inverse=True)
    jobs, job = np.unique(opportunity_positions, return_inverse=True)
    index = build_index(opportunities.take(jobs), vocabulary=vocabulary)
    view = view_candidates(candidates.take(people), index)
    place_of = np.empty(len(index), np.int64)
    place_of[index.position] = np.arange(len(index))
    order = np.argsort(person, kind="stable")
    pairs, _ = place_pairs(view, index, person[order], place_of[job[order]])
    return score_pairs(view, index, pairs).keep(np.argsort(order))


def known_flags(opportunities: Opportunities, positions: Longs) -> Flags:
    """Return, for roles (rows) and aspects, whether the value rests on stated facts only."""
    flags: Flags = (opportunities.known[positions, None] >> np.arange(len(ASPECTS)) & 1) > 0
    return flags


def ranges(scores: PairScores, weights: Ints, known: Flags) -> tuple[Longs, Longs]:
    """Return the fit with every unstated aspect at 0, and with every one at 1."""
    sure = (weights * scores.values * known).sum(axis=1)
    unstated = (weights * ~known).sum(axis=1, dtype=np.int64) * VALUE
    low, high = (score(total).astype(np.int64) for total in (sure, sure + unstated))
    return np.minimum(low, scores.fit), np.maximum(high, scores.fit)


def apportioned(
    weights: Any, values: Longs, totals: Longs, names: Sequence[str]
) -> tuple[Longs, Longs]:
    """Return the addends of each score, in its units and in whole points.

    Both are integers by largest remainder, ties by name: the former add up to the score, the
    latter to the score rounded to whole points.
    """
    exact = (weights * values) * (SCORE / (WEIGHT * VALUE))
    whole_totals = np.rint(totals / POINT).astype(np.int64)
    return _apportion(exact, totals, names), _apportion(exact / POINT, whole_totals, names)


def _apportion(exact: Floats, totals: Longs, names: Sequence[str]) -> Longs:
    floors = np.floor(exact).astype(np.int64)
    by_name = np.argsort(np.array(names))
    order = by_name[np.argsort((floors - exact)[:, by_name], axis=1, kind="stable")]
    turn = np.empty_like(order)
    np.put_along_axis(turn, order, np.arange(len(names))[None, :], axis=1)
    spare = (totals - floors.sum(axis=1))[:, None]
    last = len(names) - 1
    shares: Longs = floors + (turn < spare) - (last - turn < -spare)
    return shares


def _lines(
    names: Sequence[str], weights: Any, values: Longs, points: Longs, whole: Longs, known: Flags
) -> list[list[Line]]:
    return [
        [
            Line(
                name=name,
                weight=int(weights[place, column]) / WEIGHT,
                value=int(values[place, column]) / VALUE,
                points=int(points[place, column]) / POINT,
                whole_points=int(whole[place, column]),
                known=bool(known[place, column]),
            )
            for column, name in enumerate(names)
        ]
        for place in range(len(values))
    ]
