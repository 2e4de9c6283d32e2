"""Try every policy on some seasons of one kind of market."""

from collections.abc import Iterable
from dataclasses import astuple

import numpy as np

from tests.benchmarks.evaluate.playing import Result, play
from tests.benchmarks.evaluate.policies import LIST_LENGTH, rank_season, score_season, top
from tests.benchmarks.evaluate.seasons import Kind, draw_season

REPETITIONS = 4


def try_policies(kind: Kind, seeds: Iterable[int]) -> dict[str, Result]:
    """Return the mean result of every policy over the seasons of these seeds."""
    results: dict[str, list[Result]] = {}
    for number, seed in enumerate(seeds):
        season = draw_season(seed, kind)
        scores = score_season(season)
        inboxes = {"true wishes - price": season.esteem}
        for policy, ranking in rank_season(season, scores).items():
            lists = top(ranking, scores.eligible, LIST_LENGTH)
            inbox = inboxes.get(policy, ranking if policy == "skill overlap" else scores.suit)
            result = play(season, lists, inbox, scores.mutual, repetitions=REPETITIONS, seed=number)
            results.setdefault(policy, []).append(result)
    return {
        policy: Result(*np.mean([astuple(row) for row in rows], axis=0).tolist())
        for policy, rows in results.items()
    }
