"""Weigh skills by their rarity and price roles in demand, for the life of a version."""

from dataclasses import replace
from datetime import datetime
from typing import Final

import numpy as np
from django.db import transaction

from matching.engine import POINT, Candidates, pack_candidates
from matching.engine.allocating import APPLIED, MARKET, congestion_prices
from matching.engine.allocating import Lists as Edges
from matching.engine.role_index import build_index
from matching.jobs.runs import cells
from matching.models import Price, Run, RunInput, RunPart, RunState
from matching.store import read_vocabulary
from matching.store.binary_cursor import binary_cursor
from matching.store.frozen import candidates_of_part, roles_of
from matching.store.vocabulary import freeze_vocabulary

SAMPLE: Final = 20_000
"""Candidates whose lists the prices follow from: a fifth of a market costs a hundredth."""
STORED_AT_ONCE: Final = 100_000
"""Prices stored by one statement."""
DUALS_KEPT: Final = 1_000
"""Candidates of the sample whose duals price later roles."""


def price(run_id: int, *, at: datetime) -> None:
    """Compute rarities and prices from what was frozen, and move on to ranking."""
    run = Run.objects.get(pk=run_id)
    if run.state != RunState.PRICING:
        return
    roles = roles_of(run_id)
    vocabulary = read_vocabulary().weigh(roles)
    sample = _sample(run_id, run.candidate_count)
    stretches = (
        roles.take(np.arange(some.begin, some.begin + some.count))
        for some in cells.stretches_of(run_id)
    )
    arranged = (build_index(some, vocabulary=vocabulary) for some in stretches)
    lists = cells.best_of(sample, arranged).listed(roles.ids)
    edges = Edges.from_padded(lists.positions, lists.scores / POINT)
    market = MARKET.shared_by(run.candidate_count, int(roles.capacity.sum()))
    share = len(sample) / max(1, run.candidate_count)
    prices = congestion_prices(
        edges,
        roles.capacity,
        replace(market, kappa=market.kappa * share),
    )
    kept = slice(None, None, max(1, -(-len(sample) // DUALS_KEPT)))
    with transaction.atomic():
        if Run.objects.select_for_update().get(pk=run_id).state != RunState.PRICING:
            return
        RunInput.objects.filter(run=run_id).update(
            vocabulary=freeze_vocabulary(vocabulary),
            dual_ids=sample.ids[kept].tobytes(),
            duals=prices.duals[kept].tobytes(),
        )
        points = np.rint(APPLIED * prices.points * POINT).astype(np.int32)
        for first in range(0, len(roles), STORED_AT_ONCE):
            some = slice(first, first + STORED_AT_ONCE)
            with binary_cursor() as cursor:
                cursor.execute(
                    f"INSERT INTO {Price._meta.db_table} (version, opportunity_id, price)"  # noqa: S608
                    " SELECT %s, role, price"
                    " FROM unnest(%s::bigint[], %s::integer[]) AS priced (role, price)",
                    [run_id, roles.ids[some], points[some]],
                )
        Run.objects.filter(pk=run_id).update(state=RunState.RANKING, priced_at=at, sent_at=None)


def _sample(run_id: int, total: int) -> Candidates:
    """Return every so-many-th candidate, over all parts."""
    step = max(1, -(-total // SAMPLE))
    taken, seen = [], 0
    parts = RunPart.objects.filter(run=run_id).order_by("number").values_list("pk", flat=True)
    for part in parts:
        candidates, _ = candidates_of_part(part)
        taken.append(candidates.take(np.arange(-seen % step, len(candidates), step)))
        seen += len(candidates)
    if not taken:
        return pack_candidates([])
    return Candidates.concatenate(taken)
