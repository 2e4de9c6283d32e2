"""Find for each role of a plan another one that can take its place, should it come to nothing.

In: a plan, and the pool that it was chosen from. Out: for each of its roles the one that leaves
the plan worth most, with its first day, or None. A fallback is of the same family and of another
employer, begins only once the role that it stands in for is decided, and has room beside all other
roles *and their fallbacks*: whichever of them come about, no week holds too much.
"""

from collections.abc import Iterable

import numpy as np

from matching.engine.columns import Floats
from matching.engine.facts import ordinal
from matching.engine.planning.placing import SLACK, Placed, Start
from matching.engine.planning.pool import Begins, Fallback, Members, Pool


def find_fallbacks(
    pool: Pool, members: Members, placed: Placed, among: Iterable[int], *, begins: Begins
) -> dict[int, Fallback | None]:
    """Return the fallback of each member of a plan, by the member.

    ``among`` are the roles of the pool to choose from, by position.
    """
    free = [other for other in among if other not in members]
    taken = [
        _load(pool, start, pool.placings[member].span.weekly)
        for member, start in zip(members, placed.starts, strict=True)
    ]
    found: dict[int, Fallback | None] = {}
    for place, member in enumerate(members):
        since = begins.get(pool.roles[member].opportunity.id)
        others = np.sum(taken[:place] + taken[place + 1 :], axis=0)
        room = (np.array(pool.weeks.hours) - others).tolist()
        fitting = [
            (other, start)
            for other in free
            if pool.may_stand_in(other, member)
            if (start := _first_fit(pool, other, room, ordinal(since) if since else 0))
        ]
        best = _best(pool, members, placed, place, fitting)
        found[member] = None
        if best is not None:
            other, start, score = best
            taken[place] = np.maximum(
                taken[place], _load(pool, start, pool.placings[other].span.weekly)
            )
            free.remove(other)
            found[member] = Fallback(pool.roles[other].opportunity.id, start.date, score)
    return found


def _first_fit(pool: Pool, role: int, room: list[float], since: int) -> Start | None:
    """Return the earliest start of a role from a day on for which the weeks have room."""
    span, starts = pool.placings[role]
    return next(
        (
            start
            for start in starts
            if start.day >= since and span.weekly <= min(room[start.first : start.end]) + SLACK
        ),
        None,
    )


def _best(
    pool: Pool, members: Members, placed: Placed, place: int, fitting: list[tuple[int, Start]]
) -> tuple[int, Start, int] | None:
    """Return the role that leaves the plan worth most, its start and that score; ties by id."""
    if not fitting:
        return None
    others = [at for at in range(len(members)) if at != place]
    quickest = max((placed.starts[at].speed for at in others), default=0)
    usable = np.array(pool.weeks.usable)
    fixed = np.zeros(len(usable))
    for at in others:
        fixed += _load(pool, placed.starts[at], pool.placings[members[at]].span.rigid)
    plans = np.array([members] * len(fitting))
    plans[:, place] = [other for other, _ in fitting]
    fullest = [
        float(((fixed + _load(pool, start, pool.placings[other].span.rigid)) / usable).max())
        for other, start in fitting
    ]
    speeds = np.array([max(quickest, start.speed) for _, start in fitting])
    scores = pool.scores(plans, speeds, np.array(fullest))
    return min(
        ((other, start, score) for (other, start), score in zip(fitting, scores, strict=True)),
        key=lambda found: (-found[2], pool.ids((found[0],))),
    )


def _load(pool: Pool, start: Start, hours: float) -> Floats:
    """Return the hours that a role takes of every week."""
    load = np.zeros(len(pool.weeks.hours))
    load[start.first : start.end] = hours
    return load
