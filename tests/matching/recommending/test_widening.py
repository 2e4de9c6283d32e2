"""What would widen a list: counted beyond the list, and the same as counting everything twice."""

import random
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

from matching.engine import IDENTITY, pack_opportunities
from matching.priors import PRIORS
from matching.recommending import widening
from matching.store import live, new_state
from matching.store.live import Ranking, count_beyond, count_open
from tests.matching.engine import markets

AT = datetime(2026, 1, 1, 9, tzinfo=UTC)


def test_no_usual_change_takes_away_a_role_and_each_is_counted_whole():
    draw = random.Random(11)
    roles = [markets.opportunity(draw, number) for number in range(400)]
    state = new_state(
        version=live.UNRUN,
        seq=0,
        vocabulary=IDENTITY,
        prices={},
        roles=pack_opportunities(roles, priors=PRIORS, vocabulary=IDENTITY),
    )
    gains = Counter()

    for number in range(120):
        person = replace(markets.busy(draw), id=number)
        scored = state.score_candidates(live.columns_of([person], state))
        found = Ranking(state, person, np.sort(scored.role), np.zeros(len(scored), np.int64))
        changes = widening._usual(person, at=AT, currency="GBP")
        people = [change.applied_to(person) for change in changes]

        more = count_beyond(found, people)

        whole = count_open(people, at=AT, state=state)
        assert more == [count - len(found) for count in whole]
        gains.update({change.field: add for change, add in zip(changes, more, strict=True)})

    assert {field for field, add in gains.items() if add} >= {
        "rate_floor", "hours_per_week", "available_from", "remote", "hybrid", "only_fields",
    }  # fmt: skip
