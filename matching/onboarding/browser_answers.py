"""What a browser told before anything was kept, as the rooms below read it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest

from matching.models import Dismissal
from matching.models.reactions import DismissalReason
from matching.onboarding import visitors
from matching.onboarding.keep_views import facts_of
from opportunities.candidates.models import CandidateProfile
from opportunities.roles.models import Opportunity


class SessionAnswers:
    """The answers to the first questions and the dismissed roles, in the session."""

    def are_given(self, request: HttpRequest) -> bool:
        """Say whether this browser holds any."""
        return visitors.KEY in request.session

    def facts(self, request: HttpRequest) -> Mapping[str, Any]:
        """Return the answers as facts of a profile."""
        return facts_of(request)

    def move_rest(self, request: HttpRequest, profile: CandidateProfile, *, at: datetime) -> None:
        """Keep with the profile which roles were dismissed in this browser."""
        dismissed = request.session.get(visitors.DISMISSED, [])
        there = Opportunity.objects.filter(pk__in=dismissed).values_list("pk", flat=True)
        Dismissal.objects.bulk_create(
            [
                Dismissal(profile=profile, opportunity_id=pk, reason=DismissalReason.OTHER, at=at)
                for pk in there
            ],
            ignore_conflicts=True,
        )
        request.session.pop(visitors.DISMISSED, None)

    def forget(self, request: HttpRequest) -> None:
        """Drop the answers and the dismissed roles."""
        request.session.pop(visitors.KEY, None)
        request.session.pop(visitors.DISMISSED, None)
