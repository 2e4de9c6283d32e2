"""Let people read their lists, apply and be chosen, and count what comes of it."""

from dataclasses import dataclass

import numpy as np

from matching.engine.evaluation import exposure, gini, position_weights
from tests.benchmarks.evaluate.deferred import Ballots, blocking_pairs, deferred_acceptance
from tests.benchmarks.evaluate.seasons import Season

APPLICATIONS = 5
SCREENED_PER_PLACE = 6
GOOD_WISH, GOOD_ESTEEM = 0.8, 0.6
"""A match is good if both sides find it above these percentiles."""


@dataclass(frozen=True)
class Result:
    """What came of one season."""

    matches: float
    good: float
    welfare: float
    """Mean percentile of what a candidate got; 0 if nothing."""
    never: float
    """Share of candidates never matched over all repetitions."""
    two_applicants: float
    """Share of roles with at least two applicants per place."""
    exposure_gini: float
    mean_score: float
    """Mean mutual score of the lists."""
    envious: float
    """Pairs that would rather have each other; deferred acceptance leaves none."""


def play(
    season: Season,
    lists: np.ndarray,
    inbox: np.ndarray,
    mutual: np.ndarray,
    *,
    repetitions: int,
    seed: int,
) -> Result:
    """Return the mean result of some repetitions, in which attention is drawn by lot.

    ``lists`` has shape (candidates, k), padded with -1; ``inbox`` (candidates, roles) is what each
    role screens its applicants by.
    """
    wish, esteem = season.wish_percentile, season.esteem_percentile
    got = np.zeros((repetitions, len(lists)))
    rows = []
    for repetition in range(repetitions):
        draw = np.random.default_rng(1000 * seed + repetition)
        ballots, applicants = apply(season, lists, inbox, draw)
        lottery = np.arange(len(lists))
        match = deferred_acceptance(ballots, season.places, lottery)
        person = np.flatnonzero(match >= 0)
        role = match[person]
        got[repetition, person] = wish[person, role]
        good = (wish[person, role] > GOOD_WISH) & (esteem[person, role] > GOOD_ESTEEM)
        envious = len(blocking_pairs(ballots, season.places, match))
        enough = (applicants >= 2 * season.places).mean()
        rows.append((len(person), good.sum(), enough, envious))
    matches, good, enough, envious = np.mean(rows, axis=0).tolist()
    shown = np.where(lists >= 0, np.take_along_axis(mutual, np.maximum(lists, 0), axis=1), np.nan)
    return Result(
        matches=matches,
        good=good,
        welfare=float(got.mean()),
        never=float((got.max(axis=0) == 0).mean()),
        two_applicants=enough,
        exposure_gini=gini(exposure(lists, len(season.roles))),
        mean_score=float(np.nanmean(np.nanmean(shown[(lists >= 0).any(axis=1)], axis=1))),
        envious=envious,
    )


def apply(
    season: Season, lists: np.ndarray, inbox: np.ndarray, draw: np.random.Generator
) -> tuple[Ballots, np.ndarray]:
    """Return the wishes of those who applied, and the number of applicants of each role."""
    seen = (draw.random(lists.shape) < position_weights(lists.shape[1])) & (lists >= 0)
    wish = np.take_along_axis(season.wish, np.maximum(lists, 0), axis=1)
    seen &= np.take_along_axis(season.worth_applying, np.maximum(lists, 0), axis=1)
    order = np.argsort(np.where(seen, -wish, np.inf), axis=1)[:, :APPLICATIONS]
    applied = np.take_along_axis(seen, order, axis=1)
    roles = np.take_along_axis(lists, order, axis=1)[applied]
    people = np.repeat(np.arange(len(lists)), applied.sum(axis=1))
    return (
        ballots_of(people, roles, len(lists), season, inbox),
        np.bincount(roles, minlength=len(season.roles)),
    )


def ballots_of(
    people: np.ndarray, roles: np.ndarray, count: int, season: Season, inbox: np.ndarray
) -> Ballots:
    """Return applications as ballots: screened by ``inbox``, then judged by true esteem."""
    order = np.lexsort((-inbox[people, roles], roles))
    first = np.concatenate(([0], np.cumsum(np.bincount(roles, minlength=len(season.roles)))))
    place = np.empty(len(roles), np.int64)
    place[order] = np.arange(len(roles)) - first[roles[order]]
    screened = place < SCREENED_PER_PLACE * season.places[roles]
    starts = np.concatenate(([0], np.cumsum(np.bincount(people, minlength=count))))
    acceptable = screened & season.worth_hiring[people, roles]
    return Ballots(starts, roles.astype(np.int32), season.esteem[people, roles], acceptable)
