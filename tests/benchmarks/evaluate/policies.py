"""Rank one season's roles for its candidates, in different ways."""

from dataclasses import dataclass

import numpy as np

from matching.engine import IDENTITY, POINT, pack_candidates, pack_opportunities
from matching.engine.allocating import APPLIED, Congestion, Lists, congestion_prices
from matching.engine.candidate_view import view_candidates
from matching.engine.pairs import score_pairs
from matching.engine.placing import place_pairs
from matching.engine.role_index import build_index
from matching.priors import PRIORS
from tests.benchmarks.evaluate.seasons import Season

LIST_LENGTH = 10
KEPT = 60
"""Roles of each candidate that take part in the prices."""
MARKET = Congestion(rounds=20)
PRODUCT, PRICED = "product", "product - price"


@dataclass(frozen=True)
class Scores:
    """What the engine makes of every pair, shape (candidates, roles), in points."""

    fit: np.ndarray
    suit: np.ndarray
    mutual: np.ndarray
    eligible: np.ndarray


def score_season(season: Season) -> Scores:
    """Score every pair of a season with the engine; its only gate is weekly hours."""
    index = build_index(pack_opportunities(season.roles, priors=PRIORS), vocabulary=IDENTITY)
    view = view_candidates(pack_candidates(season.candidates), index)
    shape = len(season.candidates), len(season.roles)
    candidate, role = (grid.ravel() for grid in np.indices(shape))
    pairs, fits = place_pairs(view, index, candidate, role)
    scores = score_pairs(view, index, pairs)
    back = np.argsort(index.position)
    columns = (scores.fit / POINT, scores.suit / POINT, scores.mutual / POINT, fits)
    return Scores(*(column.reshape(shape)[:, back] for column in columns))


def rank_season(season: Season, scores: Scores) -> dict[str, np.ndarray]:
    """Return what each policy ranks by, shape (candidates, roles), higher first."""
    draw = np.random.default_rng(5)
    chance = draw.random(scores.fit.shape)
    prices = season_prices(scores.mutual, scores.eligible, season.places)
    ideal = 100 * np.sqrt(season.wish_percentile * season.esteem_percentile)
    return {
        "random": chance,
        "skill overlap": _overlap(season) + 1e-6 * draw.random(scores.fit.shape),
        "fit, one-sided": scores.fit,
        PRODUCT: scores.mutual,
        "harmonic mean": 2 * scores.fit * scores.suit / (scores.fit + scores.suit),
        PRICED: scores.mutual - APPLIED * prices,
        "product - whole price": scores.mutual - prices,
        "true wishes - price": ideal - season_prices(ideal, scores.eligible, season.places),
    }


def season_prices(mutual: np.ndarray, eligible: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Return the congestion price of every role, from the candidates' best ones."""
    kept = top(mutual, eligible, KEPT)
    best = np.take_along_axis(mutual, np.maximum(kept, 0), axis=1)
    market = MARKET.shared_by(len(mutual), int(places.sum()))
    return congestion_prices(Lists.from_padded(kept, best), places, market).points


def top(ranking: np.ndarray, eligible: np.ndarray, k: int) -> np.ndarray:
    """Return the best eligible roles of every candidate, padded with -1."""
    hidden = np.where(eligible, -ranking, np.inf)
    best = np.sort(np.argpartition(hidden, k, axis=1)[:, :k], axis=1)
    order = np.take_along_axis(
        best, np.argsort(np.take_along_axis(hidden, best, axis=1), axis=1, kind="stable"), axis=1
    )
    return np.where(np.take_along_axis(eligible, order, axis=1), order, -1)


def _overlap(season: Season) -> np.ndarray:
    """Return the share of a role's skills that a candidate has."""
    names = sorted({skill.name for role in season.roles for skill in role.skills})
    held = np.array([[name in person.skills for name in names] for person in season.candidates])
    taught = [{skill.name for skill in role.skills} for role in season.roles]
    asked = np.array([[name in skills for name in names] for skills in taught])
    return held.astype(float) @ asked.T / asked.sum(axis=1)
