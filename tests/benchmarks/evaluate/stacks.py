"""Show who should plan what: one internship, a stack of short tasks, or both."""

from dataclasses import dataclass, replace
from time import process_time

import numpy as np

from matching.engine import POINT
from matching.engine.planning import best_paths
from matching.priors import PRIORS
from tests.benchmarks.evaluate.seasons import Season

GOALS = (0.0, 0.5, 1.0)
HOURS = (10.0, 20.0, 40.0)
ROLES = 200


@dataclass(frozen=True)
class Comparison:
    """Mean scores of the three kinds of path, for one goal and one number of hours a week."""

    goal: float
    hours: float
    one: float
    stack: float
    mix: float
    milliseconds: float
    """Median time for all three."""


def compare_paths(season: Season, people: int) -> list[Comparison]:
    """Return the comparison for every goal and number of hours."""
    return [_compare(season, people, goal, hours) for hours in HOURS for goal in GOALS]


def _compare(season: Season, people: int, goal: float, hours: float) -> Comparison:
    scores, times = [], []
    for person in season.candidates[:people]:
        wishes = replace(
            person,
            goal=goal,
            hours_per_week=hours,
            importance={},
            available_until="2027-05-30",
            income_need=4000.0,
        )
        since = process_time()
        found = best_paths(wishes, season.roles[:ROLES], priors=PRIORS)
        times.append(1000 * (process_time() - since))
        scores.append([plan.score / POINT for plan in (found.one, found.stack, found.mix)])
    return Comparison(goal, hours, *np.mean(scores, axis=0).tolist(), float(np.median(times)))
