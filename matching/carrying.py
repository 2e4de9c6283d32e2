"""Carry stored lists from one state of the market to the next, touching only what changes.

A stored list is the exact beginning of its owner's whole ranking: whatever it leaves out stands
behind its last entry. So entries that changed are taken out and the new ones put in; only where
something behind the last entry might have moved up is the owner ranked afresh. The result is
therefore equal, bit for bit, to a full computation of the new state.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray

from matching import list_rows
from matching.engine import Candidates
from matching.list_rows import CANDIDATES, ROLES, Rows, Table, best, enter
from matching.models.lists import KEPT
from matching.pairing import Scored, nobody
from matching.snapshot import State

type Longs = NDArray[np.int64]


WORTH_RANKING: Final = 200
"""Candidates from which on an index of all roles, built anew, repays itself."""


@dataclass(slots=True)
class Touched:
    """How many lists were written and dropped, and since when they were owed."""

    written: int = 0
    dropped: int = 0
    cut: list[int] = field(default_factory=list)
    """Roles whose stored lists are now cut: what stands behind their last entry is owed."""
    owed_since: list[datetime] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Meetings:
    """What changed others mean to owners who did not change: one entry for each pair."""

    owner: Longs
    other: Longs
    score: Longs


@dataclass(frozen=True, slots=True)
class Met:
    """The pairs of a state in which something changed takes part."""

    people: Candidates
    """The changed candidates that are in the market, by id."""
    of_people: Scored
    """They with all roles."""
    are_shown: NDArray[np.bool_]
    """Whether employers may be shown the candidate of each of these pairs."""
    of_roles: Scored
    """The changed roles with all candidates."""


def carry(
    before: State,
    after: State,
    *,
    candidate_ids: Iterable[int],
    role_ids: Iterable[int],
    of_roles: Scored,
    seq: int,
    may_cut: bool = False,
) -> Touched:
    """Write into the version's lists what the change of these candidates and roles means.

    ``before`` is the state that the stored lists follow from, ``of_roles`` the changed roles of
    ``after`` with all its candidates. The caller holds the market's lock. ``may_cut`` leaves
    roles' lists that lost an entry cut, for somebody else to mend.
    """
    people, jobs = (np.unique(np.fromiter(ids, np.int64)) for ids in (candidate_ids, role_ids))
    touched = Touched()
    if len(jobs):
        was = _meet(before, people, before.meet(before.pick_roles(jobs)))
        now = _meet(after, people, of_roles)
    else:
        was, now = _meet_twice(before, after, people)
    _candidate_lists(was, now, after, people, jobs, seq, touched)
    _role_lists(was, now, after, people, jobs, seq, touched, may_cut=may_cut)
    return touched


def mend(state: State, role_ids: Longs) -> int:
    """Rank afresh the roles whose lists are cut; the caller holds the market's lock."""
    if not len(role_ids):
        return 0
    again = state.pick_roles(role_ids.tolist())
    rows = _of_roles(state.meet(again, shown_only=True), again.ids)
    list_rows.write(ROLES, state.version, rows, seq=state.seq)
    return len(rows)


def _meet(state: State, people: Longs, of_roles: Scored) -> Met:
    candidates, shown = state.pick_candidates(people)
    of_people = state.score(candidates)
    places = np.searchsorted(candidates.ids, of_people.candidate)
    return Met(candidates, of_people, shown[places], of_roles)


def _meet_twice(before: State, after: State, people: Longs) -> tuple[Met, Met]:
    """Return what ``_meet`` does of both states, at once: their roles are the same."""
    was, was_shown = before.pick_candidates(people)
    now, now_shown = after.pick_candidates(people)
    # Below zero they stand as they were.
    both = after.score(Candidates.concatenate([replace(was, ids=~was.ids), now]))
    past = both.candidate < 0
    old, new = both.keep(past), both.keep(~past)
    old = replace(old, candidate=~old.candidate)
    return (
        Met(was, old, was_shown[np.searchsorted(was.ids, old.candidate)], nobody()),
        Met(now, new, now_shown[np.searchsorted(now.ids, new.candidate)], nobody()),
    )


def _candidate_lists(
    was: Met, now: Met, after: State, people: Longs, jobs: Longs, seq: int, touched: Touched
) -> None:
    fresh = [_of_candidates(now.of_people, now.people.ids)]
    if len(jobs):
        merged, unsure = _merge(
            CANDIDATES,
            after.version,
            _candidates_meetings(was.of_roles, without=people),
            _candidates_meetings(now.of_roles, without=people),
            jobs,
        )
        again, _ = after.pick_candidates(unsure)
        fresh += [merged, _afresh(after, again)]
    gone = np.setdiff1d(people, now.people.ids)
    _write(CANDIDATES, after.version, fresh, gone, seq, touched)


def _role_lists(
    was: Met,
    now: Met,
    after: State,
    people: Longs,
    jobs: Longs,
    seq: int,
    touched: Touched,
    *,
    may_cut: bool,
) -> None:
    changed = after.pick_roles(jobs).ids if len(jobs) else jobs
    met = now.of_roles.keep(after.is_shown(now.of_roles.candidate))
    fresh = [_of_roles(met, changed)]
    if len(people):
        merged, unsure = _merge(
            ROLES,
            after.version,
            _roles_meetings(was, without=jobs),
            _roles_meetings(now, without=jobs),
            people,
            may_cut=may_cut,
        )
        touched.cut = merged.owners[merged.cut].tolist()
        fresh.append(merged)
        if len(unsure):
            again = after.pick_roles(unsure)
            fresh.append(_of_roles(after.meet(again, shown_only=True), again.ids))
    gone = np.setdiff1d(jobs, changed)
    _write(ROLES, after.version, fresh, gone, seq, touched)


def _candidates_meetings(scored: Scored, *, without: Longs) -> Meetings:
    others = scored.keep(~np.isin(scored.candidate, without))
    return Meetings(others.candidate, others.role, others.rank)


def _roles_meetings(met: Met, *, without: Longs) -> Meetings:
    others = met.of_people.keep(met.are_shown & ~np.isin(met.of_people.role, without))
    return Meetings(others.role, others.candidate, others.mutual)


def _afresh(state: State, candidates: Candidates) -> Rows:
    """Return the whole list of each of these candidates, who stand by id."""
    if len(candidates) < WORTH_RANKING:
        return _of_candidates(state.score(candidates), candidates.ids)
    lists = state.rank(candidates, k=KEPT)
    filled = lists.ids >= 0
    return Rows(
        candidates.ids,
        filled.sum(axis=1),
        lists.ids[filled],
        lists.scores[filled].astype(np.int64),
        np.zeros(len(candidates), np.bool_),
    )


def _of_candidates(scored: Scored, owners: Longs) -> Rows:
    """Return the whole list of each of these candidates, empty ones included."""
    return best(scored.candidate, scored.role, scored.rank, k=KEPT, everyone=owners)


def _of_roles(scored: Scored, owners: Longs) -> Rows:
    """Return the whole list of each of these roles, empty ones included."""
    return best(scored.role, scored.candidate, scored.mutual, k=KEPT, everyone=owners)


def _merge(
    table: Table,
    version: int,
    was: Meetings,
    now: Meetings,
    changed: Longs,
    *,
    may_cut: bool = False,
) -> tuple[Rows, Longs]:
    """Return the lists that follow from the stored ones, and the owners to rank afresh.

    With ``may_cut`` nobody is: lists of which the end is not known are cut there.
    """
    stored = list_rows.read_reached(table, version, *_stakes(was, now))
    place = np.searchsorted(stored.owners, now.owner)
    entrants = np.flatnonzero(place < len(stored))
    entrants = entrants[stored.owners[place[entrants]] == now.owner[entrants]]
    place, other, score = place[entrants], now.other[entrants], now.score[entrants]

    # Nothing is known of what stands behind the last entry of such a list, but that it may.
    open_ended = (stored.lengths == KEPT) | stored.cut
    last_id = np.full(len(stored), -1, np.int64)
    last_score = np.full(len(stored), np.iinfo(np.int64).max)
    some = stored.lengths > 0
    last_id[some], last_score[some] = (
        stored.ids[stored.ends[some] - 1],
        stored.scores[stored.ends[some] - 1],
    )
    known = (score > last_score[place]) | ((score == last_score[place]) & (other <= last_id[place]))
    known |= ~open_ended[place]
    place, other, score = place[known], other[known], score[known]
    stay = stored.without(changed)
    if len(changed) == 1:
        merged = enter(stay, place, other, score)
    else:
        merged = best(
            np.concatenate([stay.places, place]),
            np.concatenate([stay.ids, other]),
            np.concatenate([stay.scores, score]),
            k=KEPT,
            everyone=np.arange(len(stored)),
        )
    unsure = open_ended & (merged.lengths < KEPT)
    merged = Rows(stored.owners, merged.lengths, merged.ids, merged.scores, unsure)
    differ = _differ(stored, merged)
    if may_cut:
        return merged.keep(differ), np.zeros(0, np.int64)
    return merged.keep(~unsure & differ), stored.owners[unsure]


def _stakes(was: Meetings, now: Meetings) -> tuple[Longs, Longs]:
    """Return the owners for whom something is at stake, and the highest score that is."""
    owner = np.concatenate([was.owner, now.owner])
    score = np.concatenate([was.score, now.score])
    order = np.lexsort((-score, owner))
    owners, first = np.unique(owner[order], return_index=True)
    return owners, score[order][first]


def _differ(left: Rows, right: Rows) -> NDArray[np.bool_]:
    """Return whether the two lists of each of the same owners differ."""
    differ: NDArray[np.bool_] = (left.lengths != right.lengths) | (left.cut != right.cut)
    same_left, same_right = left.keep(~differ), right.keep(~differ)
    unequal = (same_left.ids != same_right.ids) | (same_left.scores != same_right.scores)
    differ[np.flatnonzero(~differ)[same_left.places[unequal]]] = True
    return differ


def _write(
    table: Table, version: int, fresh: list[Rows], gone: Longs, seq: int, touched: Touched
) -> None:
    rows = list_rows.together(fresh)
    touched.dropped += list_rows.drop(table, version, gone)
    list_rows.write(table, version, rows, seq=seq)
    touched.written += len(rows)
