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


def format_with_answers(
    *, at: datetime, offers: int = 5, refusals: int = 15, **role: object
) -> list[CandidateProfile]:
    """Let one role of another employer have answers, so that something is said of its format."""
    who = people(offers + refusals)
    apply_to(
        OpportunityFactory(open=True, at=at - LONG_AGO, apply_by=(at - LONG_AGO).date(), **role),
        who,
        at=at,
        offers=offers,
        refusals=refusals,
    )
    return who
