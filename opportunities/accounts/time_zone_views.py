"""The page on which people say by whose clock they read: their account, or this browser alone."""

from functools import partial

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from opportunities.accounts import time_zones
from opportunities.accounts.models import User
from opportunities.accounts.time_zones import CHOSEN_COOKIE
from opportunities.accounts.zoned_forms import ZoneName
from opportunities.core import clock
from opportunities.core.form_handling import act_on_form
from opportunities.core.forms import Blamed

COOKIE_SECONDS = 365 * 24 * 60 * 60


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
            _keep(done, "" if reader else time_zones.read_if_any(named))
            return done
    now = timezone.now()
    context = {
        "form": form, "now": now, "zone": clock.here(), "is_chosen": clock.is_zone(chosen),
        "offered": clock.labels(time_zones.OFFERED, at=now),
        "named": clock.label_of(clock.name_of(clock.here()), at=now),
    }  # fmt: skip
    return render(request, "accounts/time_zone.html", context, status=422 if form.errors else 200)


def _keep(response: HttpResponse, zone: str) -> None:
    """Keep a zone for the browser; an account's choice, or none, forgets what the browser had."""
    if not zone:
        response.delete_cookie(CHOSEN_COOKIE, samesite="Lax")
        return
    response.set_cookie(
        CHOSEN_COOKIE, zone, max_age=COOKIE_SECONDS, httponly=True, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip
