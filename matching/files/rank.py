"""Match plain records portion by portion, as rows ready to be written."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from matching.engine import (
    ASPECTS,
    IDENTITY,
    POINT,
    VALUE,
    WEIGHT,
    Candidate,
    Opportunity,
    Ranker,
    Vocabulary,
    pack_candidates,
    pack_opportunities,
    score_rows,
)
from matching.engine.explaining import apportioned, known_flags, ranges
from matching.priors import PRIORS


def match(
    portions: Iterable[Sequence[Candidate]],
    roles: Sequence[Opportunity],
    *,
    top: int,
    vocabulary: Vocabulary | None = None,
) -> Iterator[dict[str, Any]]:
    """Yield a row for each of the ``top`` matches of every candidate, best first.

    With a vocabulary, skills are weighed by their rarity among the roles given.
    """
    known = vocabulary or IDENTITY
    opportunities = pack_opportunities(roles, priors=PRIORS, vocabulary=known)
    if vocabulary is not None:
        known = vocabulary.weigh(opportunities)
    ranker = Ranker(opportunities, k=min(top, len(roles)), vocabulary=known, one_sided=True)
    for people in portions:
        candidates = pack_candidates(people, vocabulary=known)
        lists = ranker.rank(candidates)
        person, place = np.nonzero(lists.positions >= 0)
        job = lists.positions[person, place].astype(np.int64)
        scores = score_rows(candidates, opportunities, person, job, vocabulary=known)
        weights = candidates.weights[person]
        stated = known_flags(opportunities, job)
        low, high = ranges(scores, weights, stated)
        points, _ = apportioned(weights, scores.values, scores.fit, ASPECTS)
        for row in range(len(person)):
            yield {
                "candidate": people[person[row]].id,
                "opportunity": roles[job[row]].id,
                "rank": int(place[row]) + 1,
                "fit": int(scores.fit[row]) / POINT,
                "suit": int(scores.suit[row]) / POINT,
                "mutual": int(scores.mutual[row]) / POINT,
                "low": int(low[row]) / POINT,
                "high": int(high[row]) / POINT,
                "aspects": {
                    name: {
                        "weight": round(int(weights[row, column]) / WEIGHT, 6),
                        "value": round(int(scores.values[row, column]) / VALUE, 6),
                        "points": int(points[row, column]) / POINT,
                        "known": bool(stated[row, column]),
                    }
                    for column, name in enumerate(ASPECTS)
                },
            }
