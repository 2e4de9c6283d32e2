"""Introduce pairs: write one row for each, in the transaction that stores what made the pair.

Whatever is killed in between, the row commits with the features that it follows from, or neither
does; the table holds a pair once. What is told of it, and when, is decided from the row later.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

import numpy as np
import structlog
from django.db import transaction
from django.dispatch import Signal

from matching import limits
from matching.engine import POINT, Opportunities
from matching.engine.columns import Longs
from matching.engine.scored_pairs import RolePairs
from matching.models import Dismissal, Feedback, Introduction, RoleList, Toward
from matching.store import State
from matching.store.binary_cursor import binary_cursor, of_any_length
from matching.store.firsts import FIRST, Entries, FirstLists, entries
from matching.store.write import Question
from opportunities.applications.models import Application, RoleInvitation
from opportunities.candidates.models import BlockedEmployer, CandidateProfile
from opportunities.roles.models import Opportunity

LOCK: Final = 715_006
"""Advisory lock under which pairs are counted and written, so that no limit is overrun."""
MOST_OFFERED: Final = 5_000
"""Pairs of one role that are looked at, best first: some are of people who met the role."""
DAY, WEEK, EVER = timedelta(days=1), timedelta(days=7), timedelta(days=36_500)

introduced = Signal()
"""Pairs were introduced, after the commit."""

logger = structlog.get_logger(__name__)

_TABLE: Final = Introduction._meta.db_table
_LOCK: Final = f"SELECT pg_advisory_xact_lock({LOCK}, 0)"


@dataclass(frozen=True, slots=True)
class _Side:
    """One direction: who is told, whom the pair must not have met, and how much is told."""

    toward: Toward
    owner: str
    """The column of whoever is told; the limits of a day and a week are theirs."""
    other: str
    met: tuple[str, ...]
    """Further SQL, of rows that say that the pair has met."""
    a_day: int
    a_week: int
    of_other: int
    other_within: timedelta

    def may_be_told(self, pairs: str) -> str:
        """Return the SQL of those of the pairs that have not met and are within the limits."""
        met = (
            (
                f"{_TABLE} AS told WHERE told.candidate_id = pair.candidate"
                " AND told.role_id = pair.role AND told.toward = %(toward)s"
            ),
            (
                f"{Application._meta.db_table} AS sent WHERE sent.profile_id = pair.candidate"
                " AND sent.opportunity_id = pair.role"
            ),
            (
                f"{BlockedEmployer._meta.db_table} AS blocked"
                " WHERE blocked.profile_id = pair.candidate"
                " AND blocked.employer_id = job.employer_id"
            ),
            *self.met,
        )
        unmet = " AND ".join(f"NOT EXISTS (SELECT FROM {rows})" for rows in met)
        return f"""
            unmet AS (
                SELECT pair.*,
                    row_number() OVER (
                        PARTITION BY pair.{self.owner} ORDER BY pair.score DESC, pair.{self.other}
                    ) AS of_owner,
                    row_number() OVER (
                        PARTITION BY pair.{self.other} ORDER BY pair.score DESC, pair.{self.owner}
                    ) AS of_other
                FROM {pairs} AS pair
                JOIN {CandidateProfile._meta.db_table} AS person ON person.id = pair.candidate
                JOIN {Opportunity._meta.db_table} AS job ON job.id = pair.role
                WHERE person.erased_at IS NULL AND {unmet}
            ), owners AS (
                SELECT {self.owner}_id AS id, count(*) FILTER (WHERE at > %(day)s) AS today,
                    count(*) AS week
                FROM {_TABLE} WHERE toward = %(toward)s AND at > %(week)s
                    AND {self.owner}_id IN (SELECT {self.owner} FROM unmet)
                GROUP BY 1
            ), others AS (
                SELECT {self.other}_id AS id, count(*) AS so_far
                FROM {_TABLE} WHERE toward = %(toward)s AND at > %(since)s
                    AND {self.other}_id IN (SELECT {self.other} FROM unmet)
                GROUP BY 1
            ), told AS (
                SELECT unmet.*
                FROM unmet
                LEFT JOIN owners ON owners.id = unmet.{self.owner}
                LEFT JOIN others ON others.id = unmet.{self.other}
                WHERE coalesce(today, 0) + of_owner <= {self.a_day}
                    AND coalesce(week, 0) + of_owner <= {self.a_week}
                    AND coalesce(so_far, 0) + of_other <= {self.of_other}
            )
        """  # noqa: S608


@cache
def _writing(side: _Side) -> str:
    """Return the SQL that introduces those of the given pairs that may be told."""
    return f"""
        WITH pairs AS (
            SELECT * FROM unnest(
                {of_any_length("%(candidates)s")}, %(roles)s::bigint[], %(scores)s::integer[]
            ) AS pair (candidate, role, score)
        ), {side.may_be_told("pairs")}
        INSERT INTO {_TABLE} (candidate_id, role_id, toward, score, reasons, at)
        SELECT candidate, role, %(toward)s, score, '[]'::jsonb, %(at)s FROM told
        ORDER BY candidate, role
        ON CONFLICT (candidate_id, role_id, toward) DO NOTHING
    """  # noqa: S608


@cache
def _entering(side: _Side) -> str:
    """Return the SQL of which pairs enter the first ones of their roles and may be told."""
    return f"""
        entering AS (
            SELECT pair.*
            FROM unnest(
                {of_any_length("%(candidates)s")}, %(roles)s::bigint[], %(scores)s::integer[],
                %(mutual)s::bigint[]
            ) WITH ORDINALITY AS pair (candidate, role, score, mutual, number)
            JOIN {RoleList._meta.db_table} AS list ON list.opportunity_id = pair.role
            WHERE pair.mutual > coalesce(list.scores[{FIRST}], -1)
                AND pair.candidate <> ALL (list.ids[:{FIRST}])
        ), {side.may_be_told("entering")}, found AS (SELECT number - 1 AS number FROM told)
    """  # noqa: S608


_TO_CANDIDATE: Final = _Side(
    toward=Toward.CANDIDATE,
    owner="candidate",
    other="role",
    met=(
        (
            f"{Dismissal._meta.db_table} AS hidden WHERE hidden.profile_id = pair.candidate"
            " AND hidden.opportunity_id = pair.role"
        ),
        (
            f"{Feedback._meta.db_table} AS seen WHERE seen.profile_id = pair.candidate"
            " AND seen.opportunity_id = pair.role"
        ),
    ),
    a_day=limits.CANDIDATE_A_DAY,
    a_week=limits.CANDIDATE_A_WEEK,
    of_other=limits.CANDIDATES_PER_ROLE,
    other_within=EVER,
)
_TO_EMPLOYER: Final = _Side(
    toward=Toward.EMPLOYER,
    owner="role",
    other="candidate",
    met=(
        (
            f"{RoleInvitation._meta.db_table} AS asked WHERE asked.profile_id = pair.candidate"
            " AND asked.opportunity_id = pair.role"
        ),
    ),
    a_day=limits.EMPLOYER_A_DAY,
    a_week=limits.EMPLOYER_A_WEEK,
    of_other=limits.EMPLOYERS_PER_CANDIDATE,
    other_within=WEEK,
)


def introduce_roles(state: State, roles: Opportunities, pairs: RolePairs, *, at: datetime) -> int:
    """Introduce these roles to the candidates whose first ones they enter; return how many rows.

    ``state`` is the market before the roles are stored, with their prices; ``pairs`` are those of
    the roles and every candidate. A role that leaves applicants without their answer stands lower
    in every list and is introduced to nobody.
    """
    found = entries(state, roles, pairs)
    if not len(found):
        return 0
    late = Opportunity.objects.late(at=at).filter(pk__in=np.unique(found.role).tolist())
    found = found.keep(~np.isin(found.role, list(late.values_list("pk", flat=True))))
    return introduce(found, at=at)


def introduce(found: Entries, *, at: datetime) -> int:
    """Introduce roles to candidates, the best of each role first; return how many rows."""
    order = np.lexsort((found.candidate, -found.rank, found.role))
    starts = np.searchsorted(found.role[order], found.role[order])
    best = order[np.arange(len(order)) - starts < MOST_OFFERED]
    return _write(_TO_CANDIDATE, found.keep(best), at=at)


def entering(
    state: State, candidates: Longs, first: FirstLists, *, at: datetime
) -> tuple[Entries, Question]:
    """Return the pairs of these candidates and their first roles, and what is to be asked of them.

    That is, which of the pairs enter the first ones of roles whose employers may be told of them.
    ``first`` are the first roles of these candidates, who may be shown and name skills. What a
    candidate must exceed is the mutual score of the last of the first on the role's stored list.
    No limit is locked, since for nearly everybody the answer is that nobody need be told.
    """
    listed = first.ids >= 0
    pairs = Entries(
        np.repeat(candidates, listed.sum(axis=1)), first.ids[listed], first.ranks[listed]
    )
    prices = np.array([state.prices.get(role, 0) for role in pairs.role.tolist()], np.int64)
    return pairs, Question(
        _entering(_TO_EMPLOYER),
        {**_parameters(_TO_EMPLOYER, pairs, at=at), "mutual": pairs.rank + prices},
    )


def introduce_candidates(found: Entries, *, at: datetime) -> int:
    """Introduce candidates to the employers of roles whose first ones they enter."""
    return _write(_TO_EMPLOYER, found, at=at)


def _write(side: _Side, found: Entries, *, at: datetime) -> int:
    """Write the pairs that have not met and are within the limits; the reader is told later."""
    if not len(found):
        return 0
    with transaction.atomic(savepoint=False), binary_cursor(prepares=True) as cursor:
        cursor.execute(_LOCK)
        cursor.execute(_writing(side), _parameters(side, found, at=at))
        count: int = cursor.rowcount
    if count:
        transaction.on_commit(lambda: introduced.send(sender=Introduction))
        logger.info("introduced", toward=side.toward.value, pairs=count)
    return count


def _parameters(side: _Side, found: Entries, *, at: datetime) -> dict[str, Any]:
    return {
        "toward": side.toward.value,
        "candidates": found.candidate,
        "roles": found.role,
        "scores": np.clip(np.rint(found.rank / POINT), 0, 100).astype(np.int32),
        "at": at,
        "day": at - DAY,
        "week": at - WEEK,
        "since": at - side.other_within,
    }
