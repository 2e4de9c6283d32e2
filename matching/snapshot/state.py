"""The market in memory: what the engine reads at one version and one commit.

A state never changes; ``advance`` returns a newer one. Each process keeps the state of the
published version and brings it up to date by the packed rows of later commits.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from matching.engine import POINT, Candidates, Opportunities, Vocabulary
from matching.engine.role_index import RoleIndex, build_index
from matching.models import PackedCandidate, PackedRole, Price, RunInput, RunPart
from matching.packed_rows import FIXED, decode, groups
from matching.snapshot.taxonomy import thaw_vocabulary

type Longs = NDArray[np.int64]
type Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class State:
    """Roles, candidates and what belongs to the version, as of one commit; both by id."""

    version: int
    seq: int
    vocabulary: Vocabulary
    roles: Opportunities
    prices: Mapping[int, int]
    """Price of every role of this version, in ten-thousandths of a point."""
    candidates: Candidates
    shown: Flags
    """Whether employers may be shown each candidate."""

    @cached_property
    def index(self) -> RoleIndex:
        """The roles arranged for ranking."""
        return self.index_of(self.roles)

    def index_of(self, roles: Opportunities) -> RoleIndex:
        """Arrange some roles for ranking with this version's prices and rarities."""
        return build_index(roles, vocabulary=self.vocabulary, prices=self.points(roles))

    def points(self, roles: Opportunities) -> NDArray[np.float64]:
        """Return the price of each of these roles in points."""
        return np.array([self.prices.get(int(role), 0) / POINT for role in roles.ids], np.float64)

    def pick_roles(self, ids: Iterable[int]) -> Opportunities:
        """Return those of the roles that are in the market, by id."""
        return self.roles.take(pick(self.roles.ids, ids))

    def pick_candidates(self, ids: Iterable[int]) -> tuple[Candidates, Flags]:
        """Return those of the candidates that are in the market, by id."""
        rows = pick(self.candidates.ids, ids)
        return self.candidates.take(rows), self.shown[rows]

    def without(self, *, roles: Iterable[int], candidates: Iterable[int]) -> "State":
        """Return the state without these."""
        others = ~np.isin(self.roles.ids, list(roles))
        people = ~np.isin(self.candidates.ids, list(candidates))
        return replace(
            self,
            roles=self.roles if others.all() else self.roles.take(np.flatnonzero(others)),
            candidates=self.candidates
            if people.all()
            else self.candidates.take(np.flatnonzero(people)),
            shown=self.shown[people],
        )

    def plus(
        self, roles: Opportunities, candidates: Candidates, shown: Flags, **changes: Any
    ) -> "State":
        """Return the state with these added; none of them may be in it already."""
        if len(roles):
            both = Opportunities.concatenate([self.roles, roles])
            changes["roles"] = both.take(np.argsort(both.ids))
        if len(candidates):
            people = Candidates.concatenate([self.candidates, candidates])
            order = np.argsort(people.ids)
            changes["candidates"] = people.take(order)
            changes["shown"] = np.concatenate([self.shown, shown])[order]
        return replace(self, **changes)


def pick(ids: Longs, wanted: Iterable[int]) -> Longs:
    """Return where the wanted ids stand."""
    return np.flatnonzero(np.isin(ids, list(wanted)))


@dataclass(frozen=True, slots=True)
class Later:
    """Packed rows of commits after some other: who is in them, and who of those is there."""

    role_ids: Longs
    roles: Opportunities
    candidate_ids: Longs
    candidates: Candidates
    shown: Flags


ROLE_COLUMNS: Final = (FIXED, *groups(Opportunities))
CANDIDATE_COLUMNS: Final = (FIXED, *groups(Candidates))


def joined(columns: Iterable[str], *, order: str = "subject_id") -> str:
    """Return the SQL that lays the bytes of rows end to end, column by column."""
    return ", ".join(f"string_agg({name}, ''::bytea ORDER BY {order})" for name in columns)


SHOWN: Final = (
    "string_agg(CASE WHEN is_shown THEN '\\x01'::bytea ELSE '\\x00'::bytea END, ''::bytea"
    " ORDER BY subject_id)"
)
LATER_ROLES: Final = f"""
    SELECT array_agg(subject_id ORDER BY subject_id), {joined(ROLE_COLUMNS)}
    FROM {PackedRole._meta.db_table} WHERE seq > %s
"""  # noqa: S608
LATER_CANDIDATES: Final = f"""
    SELECT array_agg(subject_id ORDER BY subject_id),
        {SHOWN} FILTER (WHERE fixed IS NOT NULL),
        {joined(CANDIDATE_COLUMNS)}
    FROM {PackedCandidate._meta.db_table} WHERE seq > %s
"""  # noqa: S608


def read_later(seq: int, *, with_candidates: bool = True) -> Later:
    """Read the packed rows of later commits; from -1 these are all."""
    with connection.cursor() as cursor:
        cursor.execute(LATER_ROLES, [seq])
        role_ids, *role_bytes = cursor.fetchone()
        candidate_ids, shown, candidate_bytes = None, b"", [b""] * len(CANDIDATE_COLUMNS)
        if with_candidates:
            cursor.execute(LATER_CANDIDATES, [seq])
            candidate_ids, shown, *candidate_bytes = cursor.fetchone()
    return Later(
        role_ids=np.array(role_ids or [], np.int64),
        roles=decode(Opportunities, dict(zip(ROLE_COLUMNS, role_bytes, strict=True))),
        candidate_ids=np.array(candidate_ids or [], np.int64),
        candidates=decode(Candidates, dict(zip(CANDIDATE_COLUMNS, candidate_bytes, strict=True))),
        shown=np.frombuffer(shown or b"", np.uint8).astype(np.bool_),
    )


def read_prices(version: int) -> dict[int, int]:
    """Return the price of every role of a version."""
    return dict(Price.objects.filter(version=version).values_list("opportunity_id", "price"))


def load_published(version: int, seq: int, *, with_candidates: bool = True) -> State:
    """Read the market of a version as the packed rows have it; ``seq`` is the commit known."""
    everything = read_later(-1, with_candidates=with_candidates)
    vocabulary = RunInput.objects.values_list("vocabulary", flat=True).get(run=version)
    return State(
        version=version,
        seq=seq,
        vocabulary=thaw_vocabulary(vocabulary),
        roles=everything.roles,
        prices=read_prices(version),
        candidates=everything.candidates,
        shown=everything.shown,
    )


def load_frozen(run_id: int, seq: int) -> State:
    """Read what a run froze: its roles and the candidates of all its parts."""
    kept = RunInput.objects.get(run=run_id)
    parts = RunPart.objects.filter(run=run_id).order_by("number")
    people = [candidates_of_part(part) for part in parts.iterator(chunk_size=1)]
    return State(
        version=run_id,
        seq=seq,
        vocabulary=thaw_vocabulary(kept.vocabulary),
        roles=roles_of(kept),
        prices=read_prices(run_id),
        candidates=Candidates.concatenate([part for part, _ in people])
        if people
        else decode(Candidates, dict.fromkeys(CANDIDATE_COLUMNS)),
        shown=np.concatenate([np.zeros(0, np.bool_), *(shown for _, shown in people)]),
    )


def roles_of(kept: RunInput) -> Opportunities:
    """Return the roles that a run froze."""
    return decode(Opportunities, {name: getattr(kept, name) for name in ROLE_COLUMNS})


def candidates_of_part(part: RunPart) -> tuple[Candidates, Flags]:
    """Return the candidates that a part froze, and which of them employers may be shown."""
    columns = decode(Candidates, {name: getattr(part, name) for name in CANDIDATE_COLUMNS})
    return columns, np.frombuffer(part.shown or b"", np.uint8).astype(np.bool_)


def advance(state: State, seq: int, *, with_candidates: bool = True) -> State:
    """Return the state at a later commit of the same version."""
    if seq == state.seq:
        return state
    later = read_later(state.seq, with_candidates=with_candidates)
    rest = state.without(roles=later.role_ids, candidates=later.candidate_ids)
    return rest.plus(
        later.roles, later.candidates, later.shown, seq=seq, prices=read_prices(state.version)
    )
