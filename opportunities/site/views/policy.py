"""Where browsers report what the content security policy kept a page from doing."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from opportunities.core.errors import Invalid, LimitReached
from opportunities.core.limiting import address_of
from opportunities.site import policy_reports

KINDS = frozenset({"application/csp-report", "application/reports+json"})


@csrf_exempt  # browsers send it by themselves
@login_not_required
@require_POST
def reports(request: HttpRequest) -> HttpResponse:
    """Count what a browser reports, within bounds; the answer is empty whatever it was."""
    if request.content_type not in KINDS:
        return HttpResponse(status=415)
    if int(request.headers.get("Content-Length") or 0) > policy_reports.MAX_BYTES:
        return HttpResponse(status=413)
    now = timezone.now()
    try:
        policy_reports.PER_ADDRESS.use(address_of(request), at=now)
        policy_reports.IN_ALL.use("everybody", at=now)
        policy_reports.count(policy_reports.read(request.body), at=now)
    except LimitReached as refusal:
        return HttpResponse(status=429, headers={"Retry-After": str(refusal.wait)})
    except Invalid:
        return HttpResponse(status=400)
    return HttpResponse(status=204)
