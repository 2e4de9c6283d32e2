"""Pages that explain the site itself."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from opportunities.core.iso_names import countries
from opportunities.core.languages import money
from opportunities.core.models import PayFloor, Site
from opportunities.core.retention import RULES as RETENTION
from opportunities.moderation.rules import CHAPTERS, LADDER, RULES


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
        "floors": [
            (
                countries().name(floor.country) if floor.country else _("Everywhere else"),
                money(floor.hourly_minor, floor.currency),
            )
            for floor in PayFloor.objects.order_by("country")
        ],
        "site": Site.load(),
    }
    return render(request, "site/rules.html", context)


@login_not_required
@require_safe
def employers(request: HttpRequest) -> HttpResponse:
    """Say why and how to post a role."""
    floors = [
        _("%(amount)s (%(country)s)")
        % {
            "amount": money(floor.hourly_minor, floor.currency),
            "country": countries().name(floor.country) if floor.country else _("elsewhere"),
        }
        for floor in PayFloor.objects.order_by("country")
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
