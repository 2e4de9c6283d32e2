"""Load the market into memory, and bring it up to date: the only way to a state."""

from typing import Final

import numpy as np
import structlog

from matching.engine import Candidates, Vocabulary, pack_candidates
from matching.engine.columns import Longs
from matching.models import Price, Run, RunInput, RunPart
from matching.store import market_file
from matching.store.frozen import candidates_of_part, roles_of
from matching.store.read import UNKNOWN, read_delta, read_everything
from matching.store.state import State, find, new_state
from matching.store.vocabulary import thaw_vocabulary

WORTH_A_FILE: Final = 20_000
"""Candidates from which on a file is quicker than the database, and its memory worth sharing."""

logger = structlog.get_logger(__name__)


def read_prices(version: int, *, between: tuple[int, int] | None = None) -> dict[int, int]:
    """Return the price of every role of a version, or of those from one id to another."""
    prices = Price.objects.filter(version=version)
    if between is not None:
        prices = prices.filter(opportunity_id__range=between)
    return dict(prices.values_list("opportunity_id", "price"))


def read_frozen_vocabulary(version: int) -> Vocabulary:
    """Return the neighbors and rarities of a version."""
    content = RunInput.objects.values_list("vocabulary", flat=True).get(run=version)
    return thaw_vocabulary(content)


def load_published(version: int, seq: int, *, with_candidates: bool = True) -> State:
    """Read the market of a version as of a commit: from this machine's file and what came later.

    Where there is no file, the packed rows are read.
    """
    run = Run.objects.values_list("public_id", flat=True).get(pk=version)
    known = market_file.newest(run, until=seq)
    if known is not None:
        return advance(_state_of(version, known), seq, with_candidates=with_candidates)
    everything = read_everything(with_candidates=with_candidates, frozen=frozen_at(version))
    thresholds = everything.thresholds
    if with_candidates:
        of_run = thresholds_of_run(version, everything.candidates.ids)
        thresholds = np.where(thresholds == UNKNOWN, of_run, thresholds)
    read = market_file.Kept(
        seq, everything.roles, everything.candidates, everything.shown, thresholds
    )
    return _state_of(version, read)


def _state_of(version: int, kept: market_file.Kept) -> State:
    return new_state(
        version=version,
        seq=kept.seq,
        vocabulary=read_frozen_vocabulary(version),
        roles=kept.roles,
        prices=read_prices(version),
        candidates=kept.candidates,
        shown=kept.shown,
        thresholds=kept.thresholds,
    )


def frozen_at(version: int) -> int:
    """Return the commit that a run was frozen at."""
    return Run.objects.values_list("seq", flat=True).get(pk=version) or 0


def thresholds_of_run(version: int, ids: Longs) -> Longs:
    """Return the thresholds that a run left these candidates; it may not have ranked them all."""
    ranked, left = [np.zeros(0, np.int64)], [np.zeros(0, np.int32)]
    parts = RunPart.objects.filter(run=version, thresholds__isnull=False).order_by("first_id")
    for content in parts.values_list("thresholds", flat=True).iterator(chunk_size=1):
        packed = bytes(content or b"")
        count = len(packed) // (8 + 4)
        ranked.append(np.frombuffer(packed, np.int64, count))
        left.append(np.frombuffer(packed, np.int32, count, 8 * count))
    places, here = find(np.concatenate(ranked), ids)
    found = np.full(len(ids), UNKNOWN, np.int64)
    found[here] = np.concatenate(left)[places[here]]
    return found


def share(state: State, *, after: int = -1) -> State:
    """Return the state on a file that other processes map too, written if there is none.

    ``after`` is the commit of the file left behind: a later one of another process will do.
    """
    if state.population < WORTH_A_FILE:
        return state
    run = Run.objects.values_list("public_id", flat=True).get(pk=state.version)
    if market_file.is_there(run, state.base):
        return state
    if (mapped := _on_file(run, state, after=after)) is not None:
        return mapped
    whole = state.compact()
    pool = whole.base_pool
    kept = market_file.Kept(
        state.seq, whole.base_roles.roles, pool.candidates, pool.shown, pool.thresholds
    )
    try:
        market_file.write(run, kept)
    except OSError as error:
        logger.warning("snapshot file cannot be written", reason=str(error))
        return state
    return _on_file(run, state, after=state.seq - 1) or state


def _on_file(run: str, state: State, *, after: int) -> State | None:
    """Return the state on a file that is not too far behind it."""
    known = market_file.newest(run, until=state.seq, after=after)
    if known is None:
        return None
    mapped = advance(_state_of(state.version, known), state.seq)
    return mapped if mapped.base == known.seq else None


def load_frozen(run_id: int, seq: int) -> State:
    """Read what a run froze: its roles and the candidates of all its parts."""
    parts = RunPart.objects.filter(run=run_id).order_by("number").values_list("pk", flat=True)
    people = [candidates_of_part(part) for part in parts]
    candidates = Candidates.concatenate([part for part, _ in people] or [pack_candidates([])])
    shown = np.concatenate([np.zeros(0, np.bool_), *(shown for _, shown in people)])
    thresholds = thresholds_of_run(run_id, candidates.ids)
    kept = market_file.Kept(seq, roles_of(run_id), candidates, shown, thresholds)
    return _state_of(run_id, kept)


def advance(state: State, seq: int, *, with_candidates: bool = True) -> State:
    """Return the state at a later commit of the same version."""
    if seq == state.seq:
        return state
    changes = read_delta(state.seq, with_candidates=with_candidates)
    new = Price.objects.filter(version=state.version, opportunity_id__in=changes.role_ids.tolist())
    prices = dict(new.values_list("opportunity_id", "price")) if len(changes.role_ids) else {}
    return state.apply_delta(
        changes, seq=seq, prices={**state.prices, **prices} if prices else state.prices
    )
