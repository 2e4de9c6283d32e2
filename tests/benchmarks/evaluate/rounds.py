"""Compare ways to allot the places of a cohort to its ranked wishes."""

from dataclasses import dataclass, replace
from time import process_time

import numpy as np

from tests.benchmarks.evaluate.deferred import Ballots, blocking_pairs, deferred_acceptance
from tests.benchmarks.evaluate.playing import GOOD_ESTEEM, GOOD_WISH
from tests.benchmarks.evaluate.policies import Scores, season_prices, top
from tests.benchmarks.evaluate.seasons import Season

RECOMMENDED, RANKED = 20, 10
DEFERRED = "deferred acceptance"


def compare_rounds(season: Season, scores: Scores, seed: int) -> dict[str, dict[str, float]]:
    """Return matches, good matches and pairs with justified envy of each mechanism."""
    ballots = _wishes(season, scores)
    lottery = np.random.default_rng(seed).permutation(len(season.candidates))
    matches = {
        DEFERRED: deferred_acceptance(ballots, season.places, lottery),
        "immediate acceptance": _immediate(ballots, season.places),
        "first come, first served": _first_come(ballots, season.places, lottery),
    }
    return {name: _count(season, ballots, match) for name, match in matches.items()}


def _wishes(season: Season, scores: Scores) -> Ballots:
    """Return true rankings of the best of twenty recommended roles, judged by true esteem."""
    prices = season_prices(scores.mutual, scores.eligible, 2 * season.places)
    lists = top(scores.mutual - prices, scores.eligible, RECOMMENDED)
    wish = np.take_along_axis(season.wish, np.maximum(lists, 0), axis=1)
    worth = np.take_along_axis(season.worth_applying, np.maximum(lists, 0), axis=1)
    wanted = (lists >= 0) & worth
    order = np.argsort(np.where(wanted, -wish, np.inf), axis=1)[:, :RANKED]
    kept = np.take_along_axis(wanted, order, axis=1)
    roles = np.take_along_axis(lists, order, axis=1)[kept]
    people = np.repeat(np.arange(len(lists)), kept.sum(axis=1))
    starts = np.concatenate(([0], np.cumsum(kept.sum(axis=1))))
    acceptable = season.worth_hiring[people, roles]
    return Ballots(starts, roles.astype(np.int32), season.esteem[people, roles], acceptable)


def _first_come(ballots: Ballots, places: np.ndarray, order: np.ndarray) -> np.ndarray:
    left, match = places.copy(), np.full(len(order), -1)
    for person in order:
        for edge in range(*ballots.starts[person : person + 2]):
            role = ballots.roles[edge]
            if ballots.acceptable[edge] and left[role]:
                left[role] -= 1
                match[person] = role
                break
    return match


def _immediate(ballots: Ballots, places: np.ndarray) -> np.ndarray:
    """Let roles fill for good with first choices, then with second ones, and so on."""
    people = ballots.candidates()
    choice = np.arange(len(people)) - ballots.starts[people]
    left, match = places.copy(), np.full(len(ballots.starts) - 1, -1)
    for rank in range(RANKED):
        edges = np.flatnonzero((choice == rank) & ballots.acceptable & (match[people] < 0))
        for edge in edges[np.argsort(-ballots.scores[edges])]:
            if left[ballots.roles[edge]]:
                left[ballots.roles[edge]] -= 1
                match[people[edge]] = ballots.roles[edge]
    return match


def _count(season: Season, ballots: Ballots, match: np.ndarray) -> dict[str, float]:
    person = np.flatnonzero(match >= 0)
    wish = season.wish_percentile[person, match[person]]
    esteem = season.esteem_percentile[person, match[person]]
    strict = replace(ballots, scores=np.where(ballots.acceptable, ballots.scores, -np.inf))
    return {
        "matches": float(len(person)),
        "good": float(((wish > GOOD_WISH) & (esteem > GOOD_ESTEEM)).sum()),
        "envious": float(len(blocking_pairs(strict, season.places, match))),
    }


@dataclass(frozen=True)
class Timing:
    """How much processor time a whole cohort takes, with the compiled kernel and without."""

    candidates: int
    roles: int
    matched: int
    compiled_seconds: float
    plain_seconds: float
    envious: int


def time_cohort(candidates: int, roles: int) -> Timing:
    """Run a round of ten wishes each, popular roles being wished for more, and time it."""
    draw = np.random.default_rng(1)
    popularity = np.cumsum(draw.pareto(1.2, roles) + 0.05)
    wished = np.searchsorted(popularity, draw.random((candidates, RANKED)) * popularity[-1])
    wished.sort(axis=1)
    repeated = np.diff(wished, axis=1, prepend=-1) == 0
    order = np.where(repeated, np.inf, draw.random(wished.shape)).argsort(axis=1)
    kept = ~np.take_along_axis(repeated, order, axis=1)
    chosen = np.take_along_axis(wished, order, axis=1)[kept].astype(np.int32)
    ballots = Ballots(
        np.concatenate(([0], np.cumsum(kept.sum(axis=1)))),
        chosen,
        draw.integers(0, 100, len(chosen)),
        draw.random(len(chosen)) < 0.95,
    )
    places, lottery = draw.integers(1, 12, roles), draw.permutation(candidates)
    small = Ballots(np.array([0, 1]), chosen[:1], ballots.scores[:1], ballots.acceptable[:1])
    deferred_acceptance(small, places, np.zeros(1, np.int64))  # compiles
    seconds, found = [], []
    for fast in (True, False):
        since = process_time()
        found.append(deferred_acceptance(ballots, places, lottery, fast=fast))
        seconds.append(process_time() - since)
    if not np.array_equal(*found):
        raise AssertionError("the compiled round differs from the plain one")
    match = found[0]
    envious = len(blocking_pairs(ballots, places, match))
    return Timing(candidates, roles, int((match >= 0).sum()), *seconds, envious)
