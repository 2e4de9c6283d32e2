"""A candidate's public page: completed work that both sides signed and the candidate shows."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from opportunities.candidates.models import CandidateProfile
from opportunities.core.paging import page_of
from opportunities.engagements import completing


@login_not_required
@require_safe
def portfolio(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show the work that was made public, with what employers said of it and may be read."""
    profile = get_object_or_404(
        CandidateProfile.objects.select_related("user").filter(
            erased_at__isnull=True, portfolio_is_public=True
        ),
        public_id=public_id,
    )
    shown = completing.portfolio(profile).select_related("application__opportunity__employer")
    rows, cursor = page_of(
        shown.prefetch_related("skills__skill"), request, order=("-candidate_signed_at", "-id")
    )
    said = completing.public_reviews(
        shown.filter(pk__in=[row.pk for row in rows]), at=timezone.now()
    ).filter(by_employer=True)
    reviews = {review.completion_id: review for review in said}
    context = {
        "profile": profile,
        "works": [(row, reviews.get(row.pk)) for row in rows],
        "next": cursor.get_next_link(),
    }
    return render(request, "engagements/portfolio.html", context)
