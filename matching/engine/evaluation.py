"""Measure whether lists put the right roles first, reach every role and treat groups alike.

In: lists of role positions, shape (queries, k), best first, padded with -1; what people turned
out to want; groups and outcomes named from outside. Out: one figure per query, or per market.
A query is whoever reads a list, usually a candidate. A query for whom nothing is relevant has no
figure (NaN) and is left out of averages by ``mean``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from matching.engine.columns import Flags, Floats, Longs

FLAG_BELOW: Final = 0.8
"""An impact ratio under four fifths is flagged: the federal rule of thumb (model, section 12)."""


@dataclass(frozen=True, slots=True)
class Judgments:
    """What each query turned out to want, as rows laid end to end.

    ``starts`` (queries + 1), ``roles`` (edges) positions without repetition in a row, ``gains``
    (edges) > 0, more is better. The row of query i is ``starts[i]`` up to ``starts[i + 1]``.
    """

    starts: Longs
    roles: Longs
    gains: Floats


@dataclass(frozen=True, slots=True)
class Judged:
    """Lists seen through judgments: all that the measures of ranking need.

    ``gains`` (queries, k) of the listed roles in their order, 0 if not relevant; ``ideal``
    (queries, k) the largest gains there were, descending, 0 beyond them; ``relevant`` (queries,)
    how many roles had a gain.
    """

    gains: Floats
    ideal: Floats
    relevant: Longs


def judge(lists: NDArray[np.integer], judgments: Judgments) -> Judged:
    """Look up the gains of the listed roles; ``lists`` has shape (queries, k)."""
    queries, k = lists.shape
    row = np.repeat(np.arange(queries), np.diff(judgments.starts))
    width = int(max(judgments.roles.max(initial=-1), lists.max(initial=-1))) + 2
    keys = row * width + judgments.roles
    order = np.argsort(keys, kind="stable")
    wanted = np.arange(queries)[:, None] * width + lists
    found = np.searchsorted(keys[order], wanted)
    known = np.append(keys[order], -1)[found] == wanted
    gain = np.append(judgments.gains[order], 0.0)[found]
    ideal = np.zeros((queries, k))
    best = np.lexsort((-judgments.gains, row))
    place = np.arange(len(row)) - judgments.starts[row]
    ideal[row[place < k], place[place < k]] = judgments.gains[best][place < k]
    return Judged(np.where(known & (lists >= 0), gain, 0.0), ideal, np.diff(judgments.starts))


def ndcg(judged: Judged) -> Floats:
    """Return normalized discounted cumulative gain at k, shape (queries,), in [0, 1].

    The gain at rank r counts 1 / log2(r + 1), and 1 is the best order there could be.
    """
    discount = position_weights(judged.gains.shape[1])
    return _ratio(judged.gains @ discount, judged.ideal @ discount)


def reciprocal_rank(judged: Judged) -> Floats:
    """Return 1 / rank of the first relevant role, 0 if none is listed, shape (queries,)."""
    hits = judged.gains > 0
    rank = 1.0 + hits.argmax(axis=1) if hits.shape[1] else np.ones(len(hits))
    return np.where(judged.relevant > 0, hits.any(axis=1) / rank, np.nan)


def recall(judged: Judged) -> Floats:
    """Return the share of the relevant roles that are listed, shape (queries,), in [0, 1]."""
    return _ratio((judged.gains > 0).sum(axis=1), judged.relevant)


def mean(figures: Floats) -> float:
    """Average over the queries that have a figure; NaN if none has."""
    known = figures[~np.isnan(figures)]
    return float(known.mean()) if len(known) else float("nan")


def position_weights(k: int) -> Floats:
    """Return how much attention each rank gets, 1 / log2(rank + 1), shape (k,)."""
    return 1.0 / np.log2(np.arange(k) + 2.0)


def coverage(lists: NDArray[np.integer], roles: int) -> float:
    """Return the share of ``roles`` that stand in at least one list; NaN if there are none."""
    return len(np.unique(lists[lists >= 0])) / roles if roles else float("nan")


def exposure(lists: NDArray[np.integer], roles: int) -> Floats:
    """Return the attention that each role receives over all lists, shape (roles,)."""
    weights = np.broadcast_to(position_weights(lists.shape[1]), lists.shape)
    return np.bincount(lists[lists >= 0], weights[lists >= 0], minlength=roles)


def gini(amounts: NDArray[np.number]) -> float:
    """Return the Gini coefficient of amounts >= 0: 0 if all are equal, towards 1 if one has all.

    Nothing to share, or nobody to share it, counts as equal.
    """
    ordered = np.sort(amounts.astype(np.float64))
    number, total = len(ordered), float(ordered.sum())
    if total <= 0:
        return 0.0
    return float((2 * np.arange(1, number + 1) - number - 1) @ ordered / (number * total))


@dataclass(frozen=True, slots=True)
class GroupRate:
    """One group of an audit: its size, its rate, and its rate over that of the best group."""

    n: int
    rate: float
    ratio: float | None
    flag: bool


@dataclass(frozen=True, slots=True)
class Audit:
    """An audit by groups: rates are of selection, or of scoring above the pooled median."""

    kind: Literal["selection", "scoring"]
    unknown: int
    excluded: list[str]
    groups: dict[str, GroupRate]


def impact_ratios(
    groups: Sequence[str | None],
    outcomes: Flags | Longs | Floats,
    *,
    minimum_share: float = 0.02,
) -> Audit:
    """Return the rate of each group over that of the best group (model, section 12).

    ``groups`` (people) names the group of each, None if unknown; an intersection is a name made
    of both. ``outcomes`` (people) is selected or not, or a score: then the rate is the share above
    the median of those whose group is known. Groups under ``minimum_share`` of these are listed
    in ``excluded``. Raise ``ValueError`` if the lengths differ.
    """
    if len(groups) != len(outcomes):
        raise ValueError(f"Got {len(groups)} groups for {len(outcomes)} outcomes.")
    known = np.array([group is not None for group in groups], dtype=np.bool_)
    names, index = np.unique([group for group in groups if group is not None], return_inverse=True)
    results = outcomes[known]
    selection = outcomes.dtype == np.bool_
    hit = results if selection or not len(results) else results > np.median(results)
    size = np.bincount(index, minlength=len(names))
    chosen = np.bincount(index, hit.astype(np.float64), minlength=len(names))
    kept = size >= minimum_share * len(results)
    rates = {str(names[i]): float(chosen[i] / size[i]) for i in np.flatnonzero(kept)}
    best = max(rates.values(), default=0.0)
    sizes = {str(name): int(count) for name, count in zip(names, size, strict=True)}
    return Audit(
        kind="selection" if selection else "scoring",
        unknown=len(groups) - len(results),
        excluded=[str(name) for name in names[~kept]],
        groups={
            name: GroupRate(
                n=sizes[name],
                rate=rate,
                ratio=rate / best if best else None,
                flag=bool(best) and rate / best < FLAG_BELOW,
            )
            for name, rate in rates.items()
        },
    )


def _ratio(part: NDArray[np.number], whole: NDArray[np.number]) -> Floats:
    """Divide where the whole is positive; elsewhere there is no figure."""
    figures: Floats = np.full(len(whole), np.nan)
    np.divide(part, whole, out=figures, where=whole > 0)
    return figures
