"""How the site behaves in this browser."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

KEYS: tuple[tuple[str, str | Promise], ...] = (
    ("/", _("go to the search")),
    ("J", _("next card")),
    ("K", _("previous card")),
    ("S", _("save the role on the card")),
    ("?", _("show the keys of the desk of moderators, which has some of its own")),
)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def keys(request: HttpRequest) -> HttpResponse:
    """List the keyboard keys, and turn them off or on in this browser."""
    if request.method == "POST":
        if request.POST.get("keys") == "off":
            request.session["keyboard"] = "off"
        else:
            request.session.pop("keyboard", None)
        messages.success(request, gettext("Your choice is saved."))
        return redirect("opportunities:keys")
    context = {"keys": KEYS, "is_off": request.session.get("keyboard") == "off"}
    return render(request, "site/keys.html", context)
