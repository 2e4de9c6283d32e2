"""Match plain records portion by portion, as rows ready to be written."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from matching import engine
from matching.engine.explaining import apportioned, known_flags, ranges
from matching.priors import PRIORS


def match(
    portions: Iterable[Sequence[engine.Candidate]],
    roles: Sequence[engine.Opportunity],
    *,
    top: int,
    vocabulary: engine.Vocabulary | None = None,
) -> Iterator[dict[str, Any]]:
    """Yield a row for each of the ``top`` matches of every candidate, best first.

    With a vocabulary, skills are weighed by their rarity among the roles given.
    """
    known = vocabulary or engine.IDENTITY
    opportunities = engine.pack_opportunities(roles, priors=PRIORS, vocabulary=known)
    if vocabulary is not None:
        known = vocabulary.weigh(opportunities)
    ranker = engine.Ranker(opportunities, k=min(top, len(roles)), vocabulary=known, one_sided=True)
    for people in portions:
        candidates = engine.pack_candidates(people, vocabulary=known)
        lists = ranker.rank(candidates)
        person, place = np.nonzero(lists.positions >= 0)
        job = lists.positions[person, place].astype(np.int64)
        scores = engine.score_rows(candidates, opportunities, person, job, vocabulary=known)
        weights = candidates.weights[person]
        stated = known_flags(opportunities, job)
        low, high = ranges(scores, weights, stated)
        points, _ = apportioned(weights, scores.values, scores.fit, engine.ASPECTS)
        for row in range(len(person)):
            yield {
                "candidate": people[person[row]].id,
                "opportunity": roles[job[row]].id,
                "rank": int(place[row]) + 1,
                "fit": int(scores.fit[row]) / engine.POINT,
                "suit": int(scores.suit[row]) / engine.POINT,
                "mutual": int(scores.mutual[row]) / engine.POINT,
                "low": int(low[row]) / engine.POINT,
                "high": int(high[row]) / engine.POINT,
                "aspects": {
                    name: {
                        "weight": round(int(weights[row, column]) / engine.WEIGHT, 6),
                        "value": round(int(scores.values[row, column]) / engine.VALUE, 6),
                        "points": int(points[row, column]) / engine.POINT,
                        "known": bool(stated[row, column]),
                    }
                    for column, name in enumerate(engine.ASPECTS)
                },
            }
