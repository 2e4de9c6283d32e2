"""The fit on the page of a role: number, reasons, what is missing, and what one could change."""

from datetime import datetime

from django.http import HttpRequest
from django.template.loader import render_to_string

from matching.onboarding import visitors
from matching.recommending import own_changes, queries
from matching.recommending.missing import missing
from matching.store import live
from opportunities.candidates.models import CandidateProfile
from opportunities.core.page_cache import Basis
from opportunities.roles.models import Opportunity


def whose_fit(request: HttpRequest) -> object:
    """Return what parts this browser's page from all others': nothing before it keeps anything.

    An account has pages of its own anyway.
    """
    browser, *kept = visitors.whose(request)
    return (browser, *kept) if any(kept) else ()


def fit_of(
    request: HttpRequest, role: Opportunity, *, at: datetime, is_late: bool, basis: Basis
) -> str:
    """Return how an open role fits whoever looks at it; nothing if they told us nothing yet."""
    if not visitors.has_told(request):
        if request.user.is_authenticated:
            basis.add_of(CandidateProfile, user_id=request.user.pk)
            basis.ask()
        return ""
    seen = visitors.visitor(request, at=at, basis=basis)
    if seen is None:
        return ""
    state = live.roles(at=at)
    if state.version == live.UNRUN:
        basis.keep_for(0)
    shown, facts = queries.show_any(role, seen.person, state=state, at=at, is_late=is_late)
    context = {
        "match": shown,
        "missing": missing(shown.explanation.gates, shown),
        "here": own_changes.changes_here(shown, facts, vocabulary=state.vocabulary),
        "changes": own_changes.own_changes(seen.person, role.pk, at=at, state=state),
    }
    return render_to_string("matching/recommending/_for_you.html", context)
