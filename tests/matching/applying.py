"""Applications that were answered long ago, for tests of what is said of chances."""

from datetime import datetime, timedelta

from opportunities.applications.models import Application, RejectionReason
from opportunities.candidates.models import CandidateProfile
from opportunities.core.lifecycle import ApplicationStatus
from opportunities.roles.models import Opportunity
from tests.factories import CandidateProfileFactory, OpportunityFactory

LONG_AGO = timedelta(days=60)


def people(count: int) -> list[CandidateProfile]:
    """Return so many candidates with a confirmed address."""
    return [CandidateProfileFactory() for _ in range(count)]


def apply_to(
    role: Opportunity,
    who: list[CandidateProfile],
    *,
    at: datetime,
    offers: int = 0,
    refusals: int = 0,
    ago: timedelta = LONG_AGO,
) -> list[Application]:
    """Let them apply: the first get an offer that lapsed, the next a refusal, the rest wait."""
    sent = at - ago
    answer = sent + min(ago, timedelta(days=5))
    rows = []
    for place, profile in enumerate(who):
        row = Application(
            opportunity=role, profile=profile, name="Ada Example", submitted_at=sent,
            answer_due_on=at.date() + timedelta(7), release_on=at.date() + timedelta(14),
        )  # fmt: skip
        if place < offers:
            row.status, row.offered_at, row.ended_at = ApplicationStatus.LAPSED, answer, answer
        elif place < offers + refusals:
            row.status, row.ended_at = ApplicationStatus.REJECTED, answer
            row.rejection_reason = RejectionReason.SKILLS
        rows.append(row)
    return Application.objects.bulk_create(rows)


def past_role(*, at: datetime, **role: object) -> Opportunity:
    """Return a role that opened long ago and takes no more applications."""
    then = at - LONG_AGO
    return OpportunityFactory(open=True, at=then, apply_by=then.date(), **role)


def format_with_answers(
    *, at: datetime, roles: int = 5, offers: int = 1, refusals: int = 3
) -> list[CandidateProfile]:
    """Let roles of other employers have so many answers each, so that the format's share is told.

    Return who applied to them: the same people to each.
    """
    who = people(offers + refusals)
    for _ in range(roles):
        apply_to(past_role(at=at), who, at=at, offers=offers, refusals=refusals)
    return who
