"""What became of applications, read for the engine: counted by role, or one by one with moments.

Only profiles that count are counted: unconfirmed ones, which anybody can make by the hundred, weigh
nothing. What people say to have sent on an employer's own site is theirs alone and not read at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import numpy as np
from django.db.models import Count, Q

from matching.engine.hindsight import Histories
from matching.engine.odds import Answers
from opportunities.applications.models import Application, ApplicationQuerySet
from opportunities.candidates.models import CandidateProfile
from opportunities.core.lifecycle import LIVE, ApplicationStatus

SETTLED_DAYS: Final = 28
"""An answer counts from this age of the application on: offers come before refusals, and counting
the newest would count mostly offers."""
LOOKED_BACK_DAYS: Final = 730
MOST_READ: Final = 50_000
"""The newest applications are read one by one."""

REFUSED: Final = (ApplicationStatus.REJECTED, ApplicationStatus.RELEASED)
"""Refused, or left without an answer; whoever withdrew before an answer is left out."""


@dataclass(frozen=True, slots=True)
class RoleCount:
    """The applications to one role: all, those that wait, those whose answer counts, offers."""

    role: int
    employer: int
    format: str
    applicants: int = 0
    waiting: int = 0
    answered: int = 0
    offered: int = 0


def count_applications(*, at: datetime) -> dict[int, RoleCount]:
    """Return what became of the applications to every role that has some, by role: one query."""
    has_answer = Q(
        submitted_at__gt=at - timedelta(days=LOOKED_BACK_DAYS),
        submitted_at__lte=at - timedelta(days=SETTLED_DAYS),
    ) & (Q(offered_at__isnull=False) | Q(status__in=REFUSED))
    rows = (
        _counted()
        .order_by()
        .values_list("opportunity_id", "opportunity__employer_id", "opportunity__format")
        .annotate(
            applicants=Count("pk"),
            waiting=Count("pk", filter=Q(status__in=sorted(LIVE))),
            answered=Count("pk", filter=has_answer),
            offered=Count("pk", filter=has_answer & Q(offered_at__isnull=False)),
        )
    )
    return {row[0]: RoleCount(*row) for row in rows}


def answers_of(counts: Sequence[RoleCount], formats: Sequence[str]) -> Answers:
    """Return counts of roles as the engine reads them; formats are numbered by their place."""
    number = {name: place for place, name in enumerate(formats)}
    owners = sorted({(number[count.format], count.employer) for count in counts})
    place = {owner: row for row, owner in enumerate(owners)}
    return Answers(
        answered=np.array([count.answered for count in counts], np.float64),
        offered=np.array([count.offered for count in counts], np.float64),
        employer=np.array(
            [place[number[count.format], count.employer] for count in counts], np.int64
        ),
        format_of=np.array([owner[0] for owner in owners], np.int64),
        formats=len(formats),
    )


@dataclass(frozen=True, slots=True)
class ReadHistories:
    """Applications one by one as the engine reads them; ``began`` is the moment of day 0."""

    began: datetime
    histories: Histories

    def day_of(self, moment: datetime) -> float:
        """Return a moment in days, as the histories have it."""
        return (moment - self.began) / timedelta(days=1)


def read_histories(*, at: datetime) -> ReadHistories:
    """Return the newest applications with what became of them, the oldest first."""
    columns = (
        "opportunity_id", "submitted_at", "offered_at", "ended_at", "status",
        "opportunity__employer_id", "opportunity__format", "opportunity__capacity",
    )  # fmt: skip
    newest = _counted().filter(submitted_at__gt=at - timedelta(days=LOOKED_BACK_DAYS))
    rows = list(newest.order_by("-submitted_at", "-id").values_list(*columns)[:MOST_READ])[::-1]
    began = rows[0][1] if rows else at

    def days(moment: datetime | None) -> float:
        return float("inf") if moment is None else (moment - began) / timedelta(days=1)

    facts = {row[0]: (row[5], row[6], row[7]) for row in rows}
    formats = sorted({kind for _, kind, _ in facts.values()})
    roles = {role: place for place, role in enumerate(sorted(facts))}
    answers = answers_of(
        [RoleCount(role, facts[role][0], facts[role][1]) for role in roles], formats
    )
    known = [
        _known_from(sent, offered, ended, status) for _, sent, offered, ended, status, *_ in rows
    ]
    return ReadHistories(
        began,
        Histories(
            role=np.array([roles[row[0]] for row in rows], np.int64),
            sent=np.array([days(row[1]) for row in rows]),
            known=np.array([days(moment) for moment in known]),
            waits_until=np.array([days(row[2] or row[3]) for row in rows]),
            held_from=np.array([days(row[2]) for row in rows]),
            held_until=np.array([days(_freed_at(*row[2:5])) for row in rows]),
            offered=np.array([row[2] is not None for row in rows], np.bool_),
            capacity=np.array([facts[role][2] for role in roles], np.int64),
            employer=answers.employer,
            format_of=answers.format_of,
            formats=answers.formats,
        ),
    )


def _counted() -> ApplicationQuerySet:
    return Application.objects.filter(profile__in=CandidateProfile.objects.counted())


def _known_from(
    sent: datetime, offered: datetime | None, ended: datetime | None, status: str
) -> datetime | None:
    """Return from when on the answer counts; None if there is none that does."""
    answered = offered or (ended if status in REFUSED else None)
    return answered and max(answered, sent + timedelta(days=SETTLED_DAYS))


def _freed_at(offered: datetime | None, ended: datetime | None, status: str) -> datetime | None:
    """Return when an offer's place was free again; the work's end frees none."""
    return ended if offered and status != ApplicationStatus.COMPLETED else None
