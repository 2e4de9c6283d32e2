"""Pages that explain the site, how it behaves in a browser, and where browsers report."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from opportunities.core.errors import Invalid, LimitReached
from opportunities.core.iso_names import countries
from opportunities.core.languages import money
from opportunities.core.limiting import address_of
from opportunities.core.models import PayFloor, Site
from opportunities.core.retention import RULES as RETENTION
from opportunities.moderation.rules import CHAPTERS, LADDER, RULES
from opportunities.site import policy_reports

KEYS: tuple[tuple[str, str | Promise], ...] = (
    ("/", gettext_lazy("go to the search")),
    ("J", gettext_lazy("next card")),
    ("K", gettext_lazy("previous card")),
    ("S", gettext_lazy("save the role on the card")),
    ("?", gettext_lazy("show the keys of the desk of moderators, which has some of its own")),
)
KINDS = frozenset({"application/csp-report", "application/reports+json"})


def _floors() -> list[tuple[str, str]]:
    """Return the countries by name, and last "" for all others, each with its floor an hour."""
    named = [
        (
            countries().name(floor.country) if floor.country else "",
            money(floor.hourly_minor, floor.currency),
        )
        for floor in PayFloor.objects.all()
    ]
    return sorted(named, key=lambda each: (not each[0], each[0]))


@login_not_required
@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """List the numbered rules that roles and people keep to, and what follows a breach."""
    chapters = [
        (number, title, [rule for rule in RULES.values() if rule.number.startswith(f"{number}.")])
        for number, title in CHAPTERS.items()
    ]
    context = {
        "chapters": chapters,
        "ladder": LADDER,
        "floors": _floors(),
        "site": Site.load(),
    }
    return render(request, "site/rules.html", context)


@login_not_required
@require_safe
def employers(request: HttpRequest) -> HttpResponse:
    """Say why and how to post a role."""
    floors = [
        _("%(amount)s (%(country)s)") % {"amount": amount, "country": country or _("elsewhere")}
        for country, amount in _floors()
    ]
    context = {"site": Site.load(), "floors": floors}
    return render(request, "site/employers.html", context)


@login_not_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Say what is kept of people, who sees it, and how long."""
    return render(request, "site/privacy.html", {"kept": RETENTION})


@login_not_required
@require_safe
def text(request: HttpRequest, template: str) -> HttpResponse:
    """Show a page that is words alone."""
    return render(request, template)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def keys(request: HttpRequest) -> HttpResponse:
    """List the keyboard keys, and turn them off or on in this browser."""
    if request.method == "POST":
        if request.POST.get("keys") == "off":
            request.session["keyboard"] = "off"
        else:
            request.session.pop("keyboard", None)
        messages.success(request, _("Your choice is saved."))
        return redirect("opportunities:keys")
    context = {"keys": KEYS, "is_off": request.session.get("keyboard") == "off"}
    return render(request, "site/keys.html", context)


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
