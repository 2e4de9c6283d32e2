"""Search for the best plans: a beam, then exchanges (model, section 10)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from matching.engine.planning.fallbacks import find_fallbacks
from matching.engine.planning.pool import Begins, Members, Plan, Pool, is_internship
from matching.engine.records import Candidate, Opportunity, Priors
from matching.engine.skills import IDENTITY, Vocabulary

MAX_ITEMS: Final = 6
BEAM: Final = 8
BEST_OF_FAMILY: Final = 30
"""How many of the best roles of each family the search looks at."""


@dataclass(frozen=True, slots=True)
class Paths:
    """The best plan of each kind; ``mix`` is never worse than the others."""

    one: Plan
    stack: Plan
    mix: Plan


def best_paths(
    candidate: Candidate,
    opportunities: Iterable[Opportunity],
    *,
    priors: Priors,
    vocabulary: Vocabulary = IDENTITY,
    max_items: int = MAX_ITEMS,
    begins: Begins = MappingProxyType({}),
) -> Paths:
    """Return the best internship, the best stack of short tasks and the best mix of both.

    Roles behind a gate are left out. What counts as an internship is told by hours and weeks, not
    by the label. A kind of which nothing fits is ``NOTHING``. Plans of equal score are ordered by
    their ids, so the order of ``opportunities`` changes nothing. No role starts before the day that
    ``begins`` has for it.
    """
    pool = Pool(candidate, opportunities, priors=priors, vocabulary=vocabulary, begins=begins)
    best = sorted(range(len(pool.roles)), key=lambda member: pool.rank((member,)))
    internships = [member for member in best if is_internship(pool.roles[member])][:BEST_OF_FAMILY]
    tasks = [member for member in best if not is_internship(pool.roles[member])][:BEST_OF_FAMILY]
    one = _search(pool, internships, 1)
    stack = _search(pool, tasks, max_items)
    mix = _search(pool, internships + tasks, max_items, min(one, stack, key=pool.rank))
    among = internships + tasks
    return Paths(*(_with_fallbacks(pool, plan, among, begins) for plan in (one, stack, mix)))


def value_plan(
    candidate: Candidate,
    opportunities: Iterable[Opportunity],
    *,
    priors: Priors,
    vocabulary: Vocabulary = IDENTITY,
    begins: Begins = MappingProxyType({}),
) -> Plan | None:
    """Return these roles as one plan, or None if a gate is shut or they do not fit together."""
    chosen = list(opportunities)
    pool = Pool(candidate, chosen, priors=priors, vocabulary=vocabulary, begins=begins)
    members = tuple(range(len(pool.roles)))
    if len(members) < len(chosen) or pool.score(members) is None:
        return None
    return pool.plan(members)


def _with_fallbacks(pool: Pool, members: Members, among: Sequence[int], begins: Begins) -> Plan:
    plan = pool.plan(members)
    placed = pool.place(members) if members else None
    if placed is None:
        return plan
    found = find_fallbacks(pool, members, placed, among, begins=begins)
    by_id = {pool.roles[member].opportunity.id: fallback for member, fallback in found.items()}
    return replace(plan, fallbacks=tuple(by_id[role] for role in plan.opportunities))


def _search(pool: Pool, among: Sequence[int], max_items: int, best: Members = ()) -> Members:
    """Return the best plan found of at most so many roles, or ``best``."""
    front: list[Members] = [()]
    for _ in range(max_items):
        front = pool.best(_extended(front, among), BEAM)
        if not front:
            break
        best = min(best, front[0], key=pool.rank)
    while max_items > 1 and best:
        better = min(
            pool.best(_exchanged(best, among), 1) + pool.best(_shortened(best), 1),
            key=pool.rank,
            default=best,
        )
        if (pool.score(better) or 0) <= (pool.score(best) or 0):
            break
        best = better
    return best


def _extended(front: Iterable[Members], among: Sequence[int]) -> set[Members]:
    """Return every plan of the front with one more role."""
    return {
        tuple(sorted((*plan, member))) for plan in front for member in among if member not in plan
    }


def _shortened(plan: Members) -> set[Members]:
    """Return the plan without one of its roles, unless it has but one."""
    if len(plan) == 1:
        return set()
    return {plan[:place] + plan[place + 1 :] for place in range(len(plan))}


def _exchanged(plan: Members, among: Sequence[int]) -> set[Members]:
    """Return the plan with one of its roles exchanged for another."""
    others = [member for member in among if member not in plan]
    shorter = {plan[:place] + plan[place + 1 :] for place in range(len(plan))}
    return _extended(shorter, others)
