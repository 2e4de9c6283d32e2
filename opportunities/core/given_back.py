"""Give back what was typed where a form cannot be taken: no session, an old token, no page.

The page holds the words itself: nothing is stored, so nobody else can come to see them. It sends
them again, with a fresh token and to the same address, only when a person presses its button.
"""

import re
from collections.abc import Callable
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render, resolve_url
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opportunities.core.edited import SEEN
from opportunities.core.providers import Provider

TOKEN: Final = "csrfmiddlewaretoken"  # noqa: S105  (a name)
UNTOLD: Final = frozenset({TOKEN, "box", "draft", SEEN})
"""What the page wrote into a form, rather than a person."""
SECRET: Final = re.compile(r"pass|secret|otp|credential|token", re.IGNORECASE)
PRIVATE: Final = ("/accounts/",)
"""Pages on which people type passwords and codes, which nothing gives back."""
LONG: Final = 40
LOST: Final = {
    403: gettext_lazy("You may not do this with the account that is signed in."),
    404: gettext_lazy("There is no such page any longer, or you are not signed in."),
    500: gettext_lazy("Something went wrong on our side. It is on record; try again in a moment."),
}
"""Answers that know nothing of the form they were sent, and what is said with its words."""
DRAFT: Final = re.compile(r"[0-9a-z]{8,40}")
SENT: Final = "sent"
"""The cookie that tells the browser which draft it need not keep any longer."""


taken: Final[Provider[[HttpRequest], None]] = Provider("what forgets drafts that were taken")
"""Called with the request of a form that somebody wrote in, once it has been taken."""


def written(sent: QueryDict) -> dict[str, str]:
    """Return the words of a form that somebody wrote, rather than chose."""
    return {
        name: value
        for name, value in sent.items()
        if name not in UNTOLD
        and not SECRET.search(name)
        and isinstance(value, str)
        and (len(value) > LONG or len(value.split()) > 1)
    }


class Way(NamedTuple):
    """What a person does first, in another tab."""

    label: str
    address: str


def page(
    request: HttpRequest,
    *,
    why: str,
    status: int = 422,
    may_send: bool = True,
    way: Way | None = None,
    back: str = "",
) -> HttpResponse:
    """Show the words of a form that could not be taken, and the button that sends them again.

    ``back`` is where one goes on if the page on which the form stood is no more.
    """
    mark_unsent(request)
    is_private = request.path.startswith(PRIVATE)
    shown = {} if is_private else written(request.POST)
    context = {
        "why": why,
        "is_private": is_private,
        "boxes": list(shown.items()),
        "rest": [
            (name, value)
            for name, values in request.POST.lists()
            for value in values
            if name not in shown and name != TOKEN and not SECRET.search(name)
        ],
        "files": list(request.FILES),
        "may_send": may_send and not is_private,
        "action": request.get_full_path(),
        "stood_on": back or page_of(request, otherwise="/"),
        "way": way
        or (None if request.user.is_authenticated else Way(_("Sign in"), sign_in(request))),
    }
    return render(request, "forms/given_back.html", context, status=status)


def signed_out(request: HttpRequest) -> HttpResponse:
    """Ask a person to sign in before what they wrote is sent; they find it where they left it."""
    response = page(request, why=_("You are not signed in any longer."), status=401)
    response.headers["WWW-Authenticate"] = f'Cookie form-action="{reverse(settings.LOGIN_URL)}"'
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose token is not the browser's: an old tab, or a page of somebody else."""
    if (origin := origin_of(request)) == "other":
        mark_unsent(request)
        context = {"exception": _("This form is not one of this site.")}
        return render(request, "403.html", context, status=403)
    why = _("This page was open for a long time, or you have signed in again since.")
    return page(request, why=why, status=403, may_send=origin == "own")


def page_of(request: HttpRequest, *, otherwise: str) -> str:
    """Return the address of this site on which a form stood, as far as the browser tells."""
    came_from = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(
        came_from, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return otherwise
    parts = urlsplit(came_from)
    query = f"?{parts.query}" if parts.query else ""
    return "/" + parts.path.lstrip("/") + query


def sign_in(request: HttpRequest) -> str:
    """Return the address that signs in and leads to the page where the form stood."""
    following = page_of(request, otherwise="/")
    return f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': following})}"


def mark_unsent(request: HttpRequest) -> None:
    """Let the browser keep its draft: what was sent has not been taken."""
    request.was_refused = True  # type: ignore[attr-defined]


def origin_of(request: HttpRequest) -> str:
    """Return whose page sent a form: "own", "other", or "unknown" where the browser is silent."""
    if site := request.headers.get("Sec-Fetch-Site"):
        return "own" if site == "same-origin" else "other"
    own = {f"{request.scheme}://{request.get_host()}", *settings.CSRF_TRUSTED_ORIGINS}
    if origin := request.headers.get("Origin"):
        return "own" if origin in own else "other"
    if referer := request.headers.get("Referer"):
        return "own" if referer.startswith(tuple(f"{each}/" for each in own)) else "other"
    return "unknown"


class KeepWhatWasTyped(LoginRequiredMiddleware):
    """Ask for a sign-in without losing words, and tell the browser which of them were taken."""

    def handle_no_permission(  # type: ignore[override]  # a page of our own, too
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponse:
        """Give the words of a form back; a button pressed leads to the page where it stood."""
        if request.method != "POST":
            return super().handle_no_permission(request, view_func)
        if written(request.POST) or "box" in request.POST:
            return signed_out(request)
        return redirect_to_login(
            page_of(request, otherwise="/"), resolve_url(self.get_login_url(view_func))
        )

    def _lost(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        origin, status = origin_of(request), response.status_code
        if request.path.startswith(("/api/", *PRIVATE)) or origin == "other":
            return response
        if not written(request.POST):
            return response
        return page(request, why=str(LOST[status]), status=status, may_send=origin == "own")

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Name the draft that was taken; give words back where there is no page for them."""
        if request.method != "POST":
            return response
        if response.status_code in LOST and not getattr(request, "was_refused", False):
            return self._lost(request, response)
        if response.status_code not in {302, 303}:
            return response
        there, draft = response.headers["Location"], request.POST.get("draft", "")
        is_taken = not getattr(request, "was_refused", False) and not there.startswith(PRIVATE)
        if is_taken and ("box" in request.POST or draft or written(request.POST)):
            taken(request)
        if is_taken and DRAFT.fullmatch(draft):
            response.set_cookie(
                SENT, draft, max_age=600, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
            )
        return response
