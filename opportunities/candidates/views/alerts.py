"""Save the filters of the list of roles, to be told of new ones."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from opportunities.candidates import alerts as alert_operations
from opportunities.candidates.models import SavedSearch
from opportunities.core.errors import Invalid
from opportunities.roles import search


@login_not_required
@require_safe
def alerts(request: HttpRequest) -> HttpResponse:
    """Lead to the saved searches."""
    return redirect("opportunities:saved")


@login_not_required
@require_safe
def new(request: HttpRequest) -> HttpResponse:
    """Show which filters would be kept, how many roles pass them now, and ask for a name."""
    faults: list[str] = []
    count = 0
    query = search.without_paging(request.GET)
    try:
        roles, _ = search.search(request.GET, at=timezone.now(), also_known=["cursor"])
        count = roles.count()
    except Invalid as broken:
        faults = [fault.detail for fault in broken.faults]
    context = {
        "query": query,
        "here": request.get_full_path(),
        "reasons": alert_operations.reasons(SavedSearch(query=query)),
        "count": count,
        "faults": faults,
    }
    return render(request, "candidates/saved/new.html", context, status=400 if faults else 200)
