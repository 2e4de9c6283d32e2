"""Play terms of one market and hold what applicants would have been told against what happened.

The same employers open the same kinds of roles term after term; who reads, applies and is chosen
follows wishes and esteem that no formula of the odds knows.
"""

import numpy as np

from matching.engine.hindsight import Histories, JudgedChances, judge_chances
from tests.benchmarks.evaluate import playing, policies
from tests.benchmarks.evaluate.deferred import deferred_acceptance
from tests.benchmarks.evaluate.seasons import Season

TERM_DAYS, APPLYING_DAYS = 120, 30
OFFERS, REFUSALS = (35, 50), (35, 60)
"""Days of a term in which employers decide."""


def play_terms(season: Season, *, terms: int, seed: int) -> Histories:
    """Return the applications of some terms, each role of a term being one of its own."""
    scores = policies.score_season(season)
    prices = policies.season_prices(scores.mutual, scores.eligible, season.places)
    lists = policies.top(scores.mutual - prices, scores.eligible, policies.LIST_LENGTH)
    count = len(season.roles)
    owners = [(role.org, role.format) for role in season.roles]
    formats = sorted({kind for _, kind in owners})
    known = {owner: place for place, owner in enumerate(sorted(set(owners)))}
    columns = []
    for term in range(terms):
        draw = np.random.default_rng(100 * seed + term)
        ballots, _ = playing.apply(season, lists, scores.suit, draw)
        match = deferred_acceptance(ballots, season.places, draw.permutation(len(lists)))
        offered = match[ballots.candidates()] == ballots.roles
        sent = draw.uniform(0, APPLYING_DAYS, len(offered))
        decided = np.where(
            offered, draw.uniform(*OFFERS, len(sent)), draw.uniform(*REFUSALS, len(sent))
        )
        start = term * TERM_DAYS
        columns.append((ballots.roles + term * count, start + sent, start + decided, offered))
    role, sent, decided, offered = map(np.concatenate, zip(*columns, strict=True))
    return Histories(
        role=role.astype(np.int64),
        sent=sent,
        known=decided,
        waits_until=decided,
        held_from=np.where(offered, decided, np.inf),
        held_until=np.full(len(role), np.inf),
        offered=offered,
        capacity=np.tile(season.places, terms),
        employer=np.tile([known[owner] for owner in owners], terms),
        format_of=np.array([formats.index(kind) for _, kind in sorted(known)]),
        formats=len(formats),
    )


def judge_terms(histories: Histories) -> JudgedChances:
    """Return how true the later half of the terms was; only the earlier half corrects it."""
    found = judge_chances(histories, split=TERM_DAYS * (histories.sent.max() // TERM_DAYS + 1) / 2)
    if found is None:
        raise AssertionError("nobody would have been told anything")
    return found
