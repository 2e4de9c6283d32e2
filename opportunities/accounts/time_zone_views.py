"""The page on which people say by whose clock they read."""

from functools import partial
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from opportunities.accounts import time_zones
from opportunities.accounts.current import person
from opportunities.accounts.zoned_forms import ZoneName
from opportunities.core import clock
from opportunities.core.form_handling import act_on_form
from opportunities.core.forms import Blamed

OFFERED: Final = tuple(
    name for name in sorted(clock.names()) if name == "UTC" or (name[0].isupper() and "/" in name)
)
"""Names that the page offers while one types; every other name and every city is read as well."""


class TimeZoneForm(Blamed):
    """A zone by the name of a place."""

    prefix_of_ids = "clock"

    time_zone = ZoneName(
        label=_("Time zone"),
        required=False,
        help_text=_(
            "Type a city or a name, such as Leeds or Europe/London. "
            "Leave it empty to follow the clock of your browser."
        ),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def time_zone(request: HttpRequest) -> HttpResponse:
    """Show by whose clock the reader reads, and let them choose another."""
    reader = person(request)
    form = TimeZoneForm(request.POST or None, initial={"time_zone": reader.time_zone})
    if request.method == "POST" and form.is_valid():
        operation = partial(
            time_zones.choose, person=reader, time_zone=form.cleaned_data["time_zone"]
        )
        said = gettext("Times are shown by the clock that you chose.")
        if done := act_on_form(request, form, operation, said=said, back="opportunities:time-zone"):
            return done
    context = {
        "form": form, "now": timezone.now(), "zone": clock.here(), "offered": OFFERED,
        "named": clock.name_of(clock.here()), "is_chosen": bool(reader.time_zone),
    }  # fmt: skip
    return render(request, "accounts/time_zone.html", context, status=422 if form.errors else 200)
