"""Score pairs of candidates and roles, many at once, with NumPy.

In: a ``CandidateView``, a ``RoleIndex`` and the positions of the pairs. Out: the values of all
aspects and of the employer's parts, and the three scores. What a list shows and what an explanation
says both come from here.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.engine import aspects
from matching.engine.aspects import ASPECTS
from matching.engine.candidate_view import CandidateView
from matching.engine.columns import Flags, Floats, Ints, Longs, Table, slices
from matching.engine.fixed_point import LEVELS, RELATED, SCORE, VALUE, WEIGHT
from matching.engine.placing import Pairs
from matching.engine.records import SUIT_PARTS
from matching.engine.role_index import Cover, RoleIndex

TRACK_WEIGHT: Final = round(WEIGHT * 0.2)
"""Employer weight of the track record."""

TABLE_ROWS: Final = 64
"""Candidates whose dense tables are held at once."""


@dataclass(frozen=True, slots=True, eq=False)
class Scores(Table):
    """What pairs are worth, on the scale ``SCORE``."""

    fit: Longs
    suit: Longs
    mutual: Longs


@dataclass(frozen=True, slots=True, eq=False)
class PairScores(Scores):
    """What pairs are worth, and why: values on the scale ``VALUE``."""

    values: Longs
    """Shape (p, aspects): the value of every aspect."""
    parts: Longs
    """Shape (p, 5): the value of every part of the employer's view."""
    part_weights: Longs
    """Shape (p, 5), each row summing to ``WEIGHT``."""


class _Valued(NamedTuple):
    """The values of pairs and what weighs them, by aspect and by part."""

    values: dict[str, NDArray[Any]]
    parts: dict[str, NDArray[Any]]
    weights: dict[str, NDArray[Any]]
    part_weights: dict[str, NDArray[Any]]


@dataclass(frozen=True, slots=True, eq=False)
class _Tables:
    """Dense tables of some candidates (rows) over the local skills or fields."""

    first: int
    level: NDArray[np.int16]
    """Shape (4, cells): best stand-in times credited level, the level being at most 1 … 4."""
    stated: NDArray[np.uint8]
    """Level stated for the very skill."""
    learning: NDArray[np.int16]
    """Best relatedness to a wanted skill."""
    named: Flags
    """Whether the skill itself is a wish: wanted, or held and to be used."""
    met: Flags
    """Whether the candidate has or wants anything of the skill; few are."""
    hit_at: Longs
    """Where the hits of each cell begin: the wishes that its skill practises."""
    hit_wish: Longs
    hit_relatedness: Longs
    wish_weight: Longs
    """Shape (rows, wishes): weights of the wanted skills, then of those held; 0 beyond the last."""
    field: Longs
    interest: Longs


def _tables(view: CandidateView, index: RoleIndex, first: int, last: int) -> _Tables:
    rows, skills = last - first, len(index.skill_codes)
    cells = rows * skills
    row, skill, relatedness, entry = _expand(index.holds, view.held_at, view.held, first, last)
    cell = row * skills + skill
    level = np.zeros((LEVELS, cells), np.int16)
    credited = view.held_credited[entry].astype(np.int16)
    stand_in = aspects.standing_in(relatedness)
    for asked in range(1, LEVELS + 1):
        np.maximum.at(level[asked - 1], cell, stand_in * np.minimum(credited, asked))
    stated = _stated(view, cells, cell, relatedness, entry)
    met = np.zeros(cells, np.bool_)
    met[cell] = True
    targets = np.diff(view.wanted_at[first : last + 1])
    use = np.flatnonzero(view.held_weight[entry])
    used = cell[use], (entry - view.held_at[first:last][row] + targets[row])[use], relatedness[use]
    row, skill, relatedness, entry = _expand(index.learns, view.wanted_at, view.wanted, first, last)
    cell = row * skills + skill
    learning = np.zeros(cells, np.int16)
    np.maximum.at(learning, cell, relatedness)
    met[cell] = True
    wanted = cell, entry - view.wanted_at[first:last][row], relatedness
    hit, wish, nearness = (np.concatenate(columns) for columns in zip(wanted, used, strict=True))
    named = np.zeros(cells, np.bool_)
    named[hit[nearness == RELATED]] = True
    order = np.argsort(hit, kind="stable")
    interest, field = _fields(view, index, first, last)
    return _Tables(
        first=first,
        level=level,
        stated=stated,
        learning=learning,
        named=named,
        met=met,
        hit_at=np.append(0, np.cumsum(np.bincount(hit, minlength=cells))),
        hit_wish=wish[order],
        hit_relatedness=nearness[order].astype(np.int64),
        wish_weight=_wish_weights(view, first, last),
        field=field,
        interest=interest,
    )


def _wish_weights(view: CandidateView, first: int, last: int) -> Longs:
    targets, held = (np.diff(at[first : last + 1]) for at in (view.wanted_at, view.held_at))
    weights = np.zeros((last - first, max(1, (targets + held).max(initial=0))), np.int64)
    for at, column, before in (
        (view.wanted_at, view.wanted_weight, np.zeros_like(targets)),
        (view.held_at, view.held_weight, targets),
    ):
        entries = np.arange(at[first], at[last])
        owner = np.repeat(np.arange(last - first), np.diff(at[first : last + 1]))
        weights[owner, entries - at[first:last][owner] + before[owner]] = column[entries]
    return weights


def _expand(
    cover: Cover, at: Longs, held: Ints, first: int, last: int
) -> tuple[Longs, Longs, NDArray[np.int16], Longs]:
    """Return row, local skill, relatedness and source entry of everything the entries cover."""
    entries = np.arange(at[first], at[last])
    row = np.repeat(np.arange(last - first), np.diff(at[first : last + 1]))
    starts = cover.at[held[entries]]
    counts = cover.at[held[entries] + 1] - starts
    positions = slices(starts, counts)
    return (
        np.repeat(row, counts),
        cover.skill[positions].astype(np.int64),
        cover.relatedness[positions],
        np.repeat(entries, counts),
    )


def _fields(view: CandidateView, index: RoleIndex, first: int, last: int) -> tuple[Longs, Longs]:
    """Return the value of every field as an interest, and as the aspect ``field``."""
    rows, count = last - first, len(index.fields)
    interest = np.zeros((rows, count), np.int64)
    owner = np.repeat(np.arange(rows), np.diff(view.interest_at[first : last + 1]))
    entries = slice(view.interest_at[first], view.interest_at[last])
    interest[owner, view.interest[entries]] = view.interest_value[entries]
    is_new = np.ones((rows, count), np.int64)
    is_new[:, index.fields == 0] = 0
    owner = np.repeat(np.arange(rows), np.diff(view.done_at[first : last + 1]))
    is_new[owner, view.done[view.done_at[first] : view.done_at[last]]] = 0
    explore = view.candidates.explore[first:last, None].astype(np.int64)
    value: Longs = aspects.field(interest, is_new, explore)
    return interest, value


def _sums(values: Longs, counts: Longs) -> Longs:
    """Return the sum of each group of consecutive values."""
    running = np.append(0, np.cumsum(values, dtype=np.int64))
    ends = np.cumsum(counts)
    sums: Longs = running[ends] - running[ends - counts]
    return sums


def holds_musts(view: CandidateView, index: RoleIndex, pairs: Pairs) -> Flags:
    """Return whether the candidate of each pair has every skill that the role must have."""
    return np.concatenate(
        [np.zeros(0, np.bool_)]
        + [_held(_table_of(view, index, part), index, part) for part in _portions(pairs)]
    )


def _held(tables: _Tables, index: RoleIndex, pairs: Pairs) -> Flags:
    return _holds_musts(tables.stated, index, pairs.candidate - tables.first, pairs.role)


def holding(view: CandidateView, index: RoleIndex, person: int, roles: Longs) -> Flags:
    """Return for which of these roles one candidate has every skill that they must have."""
    _, skill, relatedness, entry = _expand(index.holds, view.held_at, view.held, person, person + 1)
    stated = _stated(view, len(index.skill_codes), skill, relatedness, entry)
    return _holds_musts(stated, index, np.zeros_like(roles), roles)


def _stated(
    view: CandidateView, cells: int, cell: Longs, relatedness: NDArray[np.int16], entry: Longs
) -> NDArray[np.uint8]:
    """Return the level stated for the very skill of each cell, from what ``_expand`` found."""
    stated = np.zeros(cells, np.uint8)
    same = relatedness == RELATED
    np.maximum.at(stated, cell[same], view.held_level[entry][same])
    return stated


def _holds_musts(stated: NDArray[np.uint8], index: RoleIndex, row: Longs, role: Longs) -> Flags:
    starts = index.must_at[role]
    counts = index.must_at[role + 1] - starts
    asking = np.flatnonzero(counts)
    counts = counts[asking]
    positions = slices(starts[asking], counts)
    cell = np.repeat(row[asking], counts) * len(index.skill_codes) + index.must[positions]
    held = np.ones(len(role), np.bool_)
    held[asking] = _sums(stated[cell] < index.must_level[positions], counts) == 0
    return held


def score_pairs(view: CandidateView, index: RoleIndex, pairs: Pairs) -> PairScores:
    """Return values and scores of pairs, whether or not they are eligible."""
    scored = [
        _explained(_valued(view, _table_of(view, index, part), index, part))
        for part in _portions(pairs)
    ] or [_nothing()]
    return PairScores.concatenate(scored)


def eligible_scores(
    view: CandidateView, index: RoleIndex, pairs: Pairs
) -> Iterator[tuple[Pairs, Scores]]:
    """Yield, by portions, the pairs whose musts are held, of those given, and their scores."""
    for part in _portions(pairs):
        tables = _table_of(view, index, part)
        held = part.keep(_held(tables, index, part))
        yield held, _scores(_valued(view, tables, index, held))


def _nothing() -> PairScores:
    empty = np.zeros(0, np.int64)
    parts = np.zeros((0, len(SUIT_PARTS)), np.int64)
    return PairScores(empty, empty, empty, np.zeros((0, len(ASPECTS)), np.int64), parts, parts)


def _portions(pairs: Pairs) -> list[Pairs]:
    """Cut pairs where a new group of candidates begins, so that dense tables stay small."""
    if not len(pairs):
        return []
    group = pairs.candidate // TABLE_ROWS
    cuts = [0, *(np.flatnonzero(np.diff(group)) + 1), len(pairs)]
    return [pairs.keep(slice(start, end)) for start, end in pairwise(cuts)]


def _table_of(view: CandidateView, index: RoleIndex, pairs: Pairs) -> _Tables:
    return _tables(view, index, int(pairs.candidate[0]), int(pairs.candidate[-1]) + 1)


def _valued(view: CandidateView, tables: _Tables, index: RoleIndex, pairs: Pairs) -> _Valued:
    people, roles = view.candidates, index.opportunities
    job, field = pairs.role, index.field[pairs.role]
    # What one candidate has is one number for all of their roles.
    person = pairs.candidate if len(tables.interest) > 1 else pairs.candidate[:1]
    row = person - tables.first
    covered, competence, growth, named = _skill_sums(tables, index, row, job)
    teaches = (np.diff(roles.skill_at)[job] > 0) & view.has_targets[person]
    interest = tables.interest[row, field]
    depth, potential = roles.depth[job], roles.potential[job]
    weights = people.weights[person].T
    return _Valued(
        {
            "skills": aspects.skills(covered),
            "depth": depth,
            "speed": aspects.speed(
                pairs.wait_days, roles.speed_ticks[job].astype(np.int64), aspects.speed_table()
            ),
            "schedule": aspects.schedule(roles.rigid[job], aspects.hour_value(pairs.hours)),
            "scope": aspects.scope(roles.breadth[job], people.wish[person]),
            "mentorship": roles.mentorship[job],
            "network": roles.network[job],
            "pay": aspects.pay(
                roles.rate[job],
                roles.income[job],
                people.pay_scale[person],
                people.need_scale[person],
                (people.credit[person] > 0) & roles.credit[job],
            ),
            "effort": roles.effort[job],
            "evidence": aspects.evidence(
                roles.evidence[job],
                roles.public_work[job],
                people.evidence_wanted[person],
                aspects.BY_ASKED[people.evidence_wanted[person]],
            ),
            "trajectory": roles.trajectory[job],
            "field": aspects.field_by_skill(tables.field[row, field], named),
        },
        {
            "competence": aspects.competence(competence, index.asks[job]),
            "track_record": np.broadcast_to(people.track_record[person], len(pairs)),
            "motivation": aspects.motivation(people.goal[person], depth),
            "interest": np.where(view.has_interests[person], interest, aspects.HALF),
            "growth": aspects.growth(growth, teaches),
        },
        dict(zip(ASPECTS, weights, strict=True)),
        {
            "competence": WEIGHT - TRACK_WEIGHT - 3 * potential,
            "track_record": np.full(len(pairs), TRACK_WEIGHT, np.int32),
            **dict.fromkeys(("motivation", "interest", "growth"), potential),
        },
    )


def _scores(valued: _Valued) -> Scores:
    fit, suit = (
        _weighed(values, weights)
        for values, weights in (
            (valued.values, valued.weights),
            (valued.parts, valued.part_weights),
        )
    )
    return Scores(_whole(score(fit)), _whole(score(suit)), _whole(mutual(fit, suit)))


def _weighed(values: dict[str, NDArray[Any]], weights: dict[str, NDArray[Any]]) -> Floats:
    """Return the sums of weights times values; whole numbers, and therefore exact."""
    products = (np.multiply(values[name], weights[name], dtype=np.float64) for name in values)
    total: Floats = next(products)
    for product in products:
        total += product
    return total


def _whole(numbers: Floats) -> Longs:
    return numbers.astype(np.int64)


def _explained(valued: _Valued) -> PairScores:
    scores = _scores(valued)
    stacked = (
        _stacked(column, names)
        for column, names in (
            (valued.values, ASPECTS),
            (valued.parts, SUIT_PARTS),
            (valued.part_weights, SUIT_PARTS),
        )
    )
    return PairScores(scores.fit, scores.suit, scores.mutual, *stacked)


def _stacked(columns: dict[str, NDArray[Any]], names: Iterable[str]) -> Longs:
    """Return the columns of these names side by side, as whole numbers."""
    return np.stack([np.asarray(columns[name]) for name in names], axis=1).astype(np.int64)


def _skill_sums(
    tables: _Tables, index: RoleIndex, row: Longs, role: Longs
) -> tuple[Longs, Floats, Floats, Flags]:
    """Return covered wishes, competence and growth of every pair, and if it asks for a wish.

    Of the rows there is one for each role, or one for all.
    """
    at = index.opportunities.skill_at
    starts, counts = at[role], at[role + 1] - at[role]
    posting = slices(starts, counts)
    cell = index.skill[posting].astype(np.int64)
    if len(row) == len(role):
        cell += np.repeat(row * len(index.skill_codes), counts)
    met = np.flatnonzero(tables.met[cell])
    posting, cell = posting[met], cell[met]
    owner = np.repeat(np.arange(len(role)), counts)[met]
    reached = aspects.coverage(
        tables.level[index.asked[posting] - 1, cell].astype(np.int64),
        index.per_level[posting],
    )
    learning = tables.learning[cell].astype(np.int64)
    hits = tables.hit_at[cell + 1] - tables.hit_at[cell]
    hit = slices(tables.hit_at[cell], hits)
    best = np.zeros((len(role), tables.wish_weight.shape[1]), np.int64)
    # One index and one type: what NumPy does quickly.
    place = np.repeat(owner, hits) * best.shape[1] + tables.hit_wish[hit]
    np.maximum.at(best.reshape(-1), place, tables.hit_relatedness[hit])
    return (
        np.einsum("ij,ij->i", best, tables.wish_weight[row]),
        np.bincount(owner, index.share[posting] * reached, minlength=len(role)),
        np.bincount(owner, index.learning[posting] * learning, minlength=len(role)),
        np.bincount(owner, tables.named[cell], minlength=len(role)) > 0,
    )


def score(total: Any) -> Any:
    """Return a sum of weights times values as a score, a whole number."""
    return np.floor(total * (SCORE / (WEIGHT * VALUE)) + 0.5)


def mutual(fit: Any, suit: Any) -> Any:
    """Return the score that is the geometric mean of two sums of weights times values.

    It orders like the product, keeps the scale of both and is zero if either is.
    """
    return np.floor(np.sqrt(fit * suit) * (SCORE / (WEIGHT * VALUE)) + 0.5)
