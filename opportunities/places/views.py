"""What the box for a place suggests while one types."""

from typing import Final

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from opportunities.core.errors import LimitReached
from opportunities.core.limiting import Limit, address_of
from opportunities.places import gazetteer
from opportunities.places.areas import parts_of
from opportunities.places.resolving import full_name, name_of

SUGGESTED: Final = 8
MINUTE: Final = 60
LOOKS: Final = Limit(
    "places",
    240,
    MINUTE,
    gettext_lazy("Many places were looked for from your network. Go on in a minute."),
)


@login_not_required
@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """Offer places that begin like the last one typed, each as the whole text of the box."""
    try:
        LOOKS.use(address_of(request), at=timezone.now())
    except LimitReached as refusal:
        return HttpResponse(str(refusal), status=429, headers={"Retry-After": str(MINUTE)})
    name = request.GET.get("of", "q")
    typed = request.GET.get(name, "")[:300]
    *before, last = parts_of(typed) or [""]
    found = gazetteer.begin_with(last, most=SUGGESTED)
    offered = [("; ".join([*before, name_of(city)]), full_name(city)) for city in found]
    return render(request, "places/_suggested.html", {"offered": offered})
