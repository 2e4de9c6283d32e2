"""How often an employer says why it did not select somebody.

A reason need not be given: an obligatory one keeps employers from answering at all. That they give
one, or do not, is public instead.
"""

from typing import NamedTuple

from django.db.models import Count, Q

from opportunities.applications.models import Application, RejectionReason
from opportunities.core.lifecycle import ApplicationStatus
from opportunities.employers.models import Employer


class GivenReasons(NamedTuple):
    """Applicants who were not selected, and how many of them were told why."""

    given: int
    refusals: int


def given_reasons(employer: Employer) -> GivenReasons:
    """Count this employer's refusals, and those with a reason."""
    refused = Application.objects.filter(
        opportunity__employer=employer, status=ApplicationStatus.REJECTED
    )
    counts = refused.aggregate(
        given=Count("pk", filter=~Q(rejection_reason=RejectionReason.UNSTATED)),
        refusals=Count("pk"),
    )
    return GivenReasons(**counts)
