"""A mailed code that comes too late: allauth leads to the sign-in and says nothing; we say why."""

from collections.abc import Callable
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

PAGES: Final = frozenset({
    "account_email_verification_sent", "account_confirm_password_reset_code",
    "account_confirm_login_code",
})  # fmt: skip
"""The names of the pages that take a code."""
BEGINNINGS: Final = ("account_login", "account_request_login_code")
"""Where they lead when nothing waits for a code any more; a code that is taken leads on."""


class LateCodes:
    """Say on the next page that a code has expired, unless something else is said of it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        page = request.resolver_match
        if page and page.url_name in PAGES and "code" in request.POST:
            is_sent_back = response.headers.get("Location", "") in map(reverse, BEGINNINGS)
            if is_sent_back and not messages.get_messages(request):
                messages.error(request, _("This code has expired. Begin again to get a new one."))
        return response
