"""A round of deferred acceptance: one place for each candidate who ranks their wishes.

No page or program of the site fills places in rounds. The evaluation compares this mechanism with
others, and with what recommendations alone bring about. Nothing is random: the order of the
lottery is an argument.
"""

import heapq
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import cast

import numpy as np
from numpy.typing import NDArray

from matching.engine.columns import Floats, Longs


@dataclass(frozen=True, slots=True)
class Ballots:
    """Ranked wishes of candidates, and what employers think of each, as rows laid end to end.

    ``starts`` (candidates + 1), ``roles`` (edges) best first and without repetition, ``scores``
    (edges) of the employer, higher is better, ``acceptable`` (edges).
    """

    starts: Longs
    roles: NDArray[np.int32]
    scores: NDArray[np.int64] | Floats
    acceptable: NDArray[np.bool_]

    def candidates(self) -> Longs:
        """Return the candidate of every edge."""
        return np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts))


def deferred_acceptance(
    ballots: Ballots,
    places: NDArray[np.integer],
    lottery: NDArray[np.integer],
    *,
    fast: bool = True,
) -> Longs:
    """Return the role of every candidate, or -1, by candidate-proposing deferred acceptance.

    ``places`` has shape (roles,). ``lottery`` lists the candidates' positions in the order that
    was drawn; the earlier wins a tie, at every role. The result is stable, does not depend on who
    proposes first, and nobody gains by a false ranking.
    """
    ranks = _ranks(ballots, lottery)
    applicants = np.bincount(ballots.roles[ranks >= 0], minlength=len(places))
    room = np.minimum(places.astype(np.int64), applicants)
    if not (fast and find_spec("numba")):
        return _propose_in_python(ballots, ranks, room)
    offsets = np.concatenate(([0], np.cumsum(room))).astype(np.int64)
    held = np.empty(offsets[-1], dtype=np.int64)
    match = np.full(len(ballots.starts) - 1, -1, dtype=np.int64)
    edges = ballots.candidates()
    _compiled()(ballots.starts, ballots.roles, ranks, edges, offsets, held, match)
    return match


def blocking_pairs(
    ballots: Ballots, places: NDArray[np.integer], match: NDArray[np.integer]
) -> Longs:
    """Return the pairs, shape (pairs, 2), that would rather have each other than ``match``.

    Such a candidate prefers the role to the one held, and the role has a free place or holds
    somebody of a strictly lower score: a tie lost in the lottery gives no right.
    """
    candidates = ballots.candidates()
    edges = np.arange(len(candidates))
    chosen = match[candidates] == ballots.roles
    stop = ballots.starts[1:].copy()
    stop[candidates[chosen]] = edges[chosen]
    taken = np.bincount(ballots.roles[chosen], minlength=len(places))
    lowest = np.full(len(places), np.inf)
    np.minimum.at(lowest, ballots.roles[chosen], ballots.scores[chosen])
    envied = (taken < places)[ballots.roles] | (ballots.scores > lowest[ballots.roles])
    on_offer = ballots.acceptable & (places > 0)[ballots.roles]
    blocking = on_offer & (edges < stop[candidates]) & envied
    return np.column_stack((candidates[blocking], ballots.roles[blocking])).astype(np.int64)


def _ranks(ballots: Ballots, lottery: NDArray[np.integer]) -> Longs:
    """Return the place of every edge among those of its role, from 0; -1 if not acceptable."""
    drawn = np.empty(len(lottery), dtype=np.int64)
    drawn[lottery] = np.arange(len(lottery))
    edges = np.flatnonzero(ballots.acceptable)
    roles = ballots.roles[edges]
    order = np.lexsort((drawn[ballots.candidates()[edges]], -ballots.scores[edges], roles))
    first = np.concatenate(([0], np.cumsum(np.bincount(roles))))[roles[order]]
    ranks = np.full(len(ballots.roles), -1, dtype=np.int64)
    ranks[edges[order]] = np.arange(len(edges)) - first
    return ranks


def _propose_in_python(ballots: Ballots, ranks: Longs, room: Longs) -> Longs:
    starts, roles, rank_of = ballots.starts.tolist(), ballots.roles.tolist(), ranks.tolist()
    candidate_of, room_of = ballots.candidates().tolist(), room.tolist()
    upcoming, match = starts[:-1], [-1] * (len(starts) - 1)
    held: list[list[tuple[int, int]]] = [[] for _ in room_of]
    free = list(range(len(match)))
    while free:
        candidate = free.pop()
        for edge in range(upcoming[candidate], starts[candidate + 1]):
            role = roles[edge]
            if rank_of[edge] < 0 or not room_of[role]:
                continue
            proposal = (-rank_of[edge], edge)
            if len(held[role]) < room_of[role]:
                heapq.heappush(held[role], proposal)
            else:
                refused = heapq.heappushpop(held[role], proposal)
                if refused == proposal:
                    continue
                loser = candidate_of[refused[1]]
                match[loser] = -1
                free.append(loser)
            match[candidate] = role
            upcoming[candidate] = edge + 1
            break
        else:
            upcoming[candidate] = starts[candidate + 1]
    return np.array(match, dtype=np.int64)


def _propose_in_loops(  # noqa: C901
    starts: Longs,
    roles: NDArray[np.int32],
    ranks: Longs,
    candidate_of: Longs,
    offsets: Longs,
    held: Longs,
    match: Longs,
) -> None:
    """Hold each role's proposals in a heap of edges, the worst at its root."""
    upcoming = starts[:-1].copy()
    filled = np.zeros(len(offsets) - 1, dtype=np.int64)
    for newcomer in range(len(match)):
        candidate = newcomer
        while candidate >= 0:
            edge = upcoming[candidate]
            if edge == starts[candidate + 1]:
                break
            upcoming[candidate] += 1
            role = roles[edge]
            base = offsets[role]
            room = offsets[role + 1] - base
            if ranks[edge] < 0 or room == 0:
                continue
            loser = -1
            if filled[role] < room:
                node = filled[role]
                filled[role] += 1
                while node > 0:
                    parent = (node - 1) // 2
                    if ranks[held[base + parent]] > ranks[edge]:
                        break
                    held[base + node] = held[base + parent]
                    node = parent
            else:
                if ranks[edge] > ranks[held[base]]:
                    continue
                loser = candidate_of[held[base]]
                match[loser] = -1
                node = 0
                while 2 * node + 1 < room:
                    child = 2 * node + 1
                    if child + 1 < room and (
                        ranks[held[base + child + 1]] > ranks[held[base + child]]
                    ):
                        child += 1
                    if ranks[held[base + child]] < ranks[edge]:
                        break
                    held[base + node] = held[base + child]
                    node = child
            held[base + node] = edge
            match[candidate] = role
            candidate = loser


@cache
def _compiled() -> Callable[..., None]:
    compiled = import_module("numba").njit(nogil=True, cache=True)(_propose_in_loops)
    return cast("Callable[..., None]", compiled)
