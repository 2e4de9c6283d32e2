"""How somebody reads, by account or browser: in which language, and by whose clock."""

from functools import partial
from typing import Final

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from opportunities.accounts import languages, time_zones
from opportunities.accounts.models import User
from opportunities.accounts.time_zones import CHOSEN_COOKIE
from opportunities.accounts.zoned_forms import ZoneName
from opportunities.core import clock, given_back
from opportunities.core.errors import Invalid
from opportunities.core.form_handling import act_on_form
from opportunities.core.forms import Blamed

COOKIE_SECONDS: Final = 365 * 24 * 60 * 60


@csrf_exempt  # else every page would hold a token; the browser says whose page it was on
@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Keep a language for the browser and the account, and go back to the page."""
    if given_back.origin_of(request) == "other":
        return render(request, "403.html", status=403)
    try:
        code = languages.read(request.POST.get("language", ""))
    except Invalid:
        return render(request, "400.html", status=400)
    if isinstance(request.user, User):
        languages.choose(person=request.user, language=code)
    response = redirect(given_back.page_of(request, otherwise="/"))
    _keep(response, settings.LANGUAGE_COOKIE_NAME, code)
    return response


class TimeZoneForm(Blamed):
    """A zone by the name of a place."""

    prefix_of_ids = "clock"

    time_zone = ZoneName(
        label=_("Time zone"),
        required=False,
        help_text=_(
            "Type a city, such as Leeds, and choose. Leave it empty to follow the clock of your "
            "browser."
        ),
    )


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def time_zone(request: HttpRequest) -> HttpResponse:
    """Show by whose clock the reader reads, and let them choose another."""
    reader = request.user if isinstance(request.user, User) else None
    chosen = reader.time_zone if reader else request.COOKIES.get(CHOSEN_COOKIE, "")
    form = TimeZoneForm(request.POST or None, initial={"time_zone": chosen})
    if request.method == "POST" and form.is_valid():
        named = form.cleaned_data["time_zone"]
        operation = (
            partial(time_zones.choose, person=reader, time_zone=named)
            if reader
            else partial(time_zones.read_if_any, named)
        )
        said = gettext("Times are shown by the clock that you chose.")
        if done := act_on_form(request, form, operation, said=said, back="opportunities:time-zone"):
            # An account's choice, or none, forgets what the browser had.
            if zone := "" if reader else time_zones.read_if_any(named):
                _keep(done, CHOSEN_COOKIE, zone)
            else:
                done.delete_cookie(CHOSEN_COOKIE, samesite="Lax")
            return done
    now = timezone.now()
    context = {
        "form": form, "now": now, "zone": clock.here(), "is_chosen": clock.is_zone(chosen),
        "offered": clock.labels(time_zones.OFFERED, at=now),
        "named": clock.label_of(clock.name_of(clock.here()), at=now),
    }  # fmt: skip
    return render(request, "accounts/time_zone.html", context, status=422 if form.errors else 200)


def _keep(response: HttpResponse, name: str, value: str) -> None:
    """Keep a choice for this browser."""
    response.set_cookie(
        name, value, max_age=COOKIE_SECONDS, httponly=True, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip
