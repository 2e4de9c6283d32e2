"""The fit on the page of a role: number, reasons, what is missing, and what one could change."""

from datetime import datetime

from django.http import HttpRequest
from django.template.loader import render_to_string

from matching.engine import explain
from matching.onboarding import visitors
from matching.priors import PRIORS
from matching.recommending import own_changes
from matching.recommending.match_number import order_of
from matching.recommending.missing import missing
from matching.recommending.queries import Shown
from matching.store import live, read_roles
from opportunities.candidates.models import CandidateProfile
from opportunities.core.models import Site
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
    facts = read_roles([role.pk], at=at, listed=False)[role.pk].opportunity
    explanation = explain(seen.person, facts, priors=PRIORS, vocabulary=state.vocabulary)
    currency = Site.load().currency
    shown = Shown(
        role=role,
        person=seen.person,
        explanation=explanation,
        price=state.prices.get(role.pk, 0),
        currency=currency,
        order=order_of(seen.person),
        is_late=is_late,
    )
    context = {
        "match": shown,
        "missing": missing(explanation.gates, role, seen.person, currency=currency),
        "here": own_changes.changes_here(shown, facts, vocabulary=state.vocabulary),
        "changes": own_changes.own_changes(seen.person, role.pk, at=at, state=state),
    }
    return render_to_string("matching/recommending/_for_you.html", context)
