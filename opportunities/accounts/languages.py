"""In whose language a page is made: the one a person chose, else their browser's.

An account's choice comes first, then the cookie of the switch, then what the browser asks for
(``Accept-Language``). Mails are in the language of whoever gets them. Programs are answered in
English, whoever asks: clients match on what is said in it.
"""

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext

from opportunities.accounts.models import User
from opportunities.core import languages
from opportunities.core.errors import Fault, Invalid
from opportunities.core.rows import update_row

IN_ENGLISH: Final = (
    "/api/", "/problems/", "/static/", "/admin/", "/feeds/", "/sitemap", "/robots.txt",
    "/llms.txt", "/.well-known/", "/healthz", "/readyz", "/metrics",
)  # fmt: skip
"""What programs and staff read, and what shared caches may keep."""


class ReadersLanguage:
    """Make each page in the language of whoever asks for it, and name that language."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(IN_ENGLISH):
            with translation.override(settings.LANGUAGE_CODE):
                return self.get_response(request)
        code = language_of_request(request)
        with translation.override(code):
            response = self.get_response(request)
        if "public" not in response.headers.get("Cache-Control", ""):  # a picture, the same to all
            response.headers.setdefault("Content-Language", languages.tag(code))
            patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response


def language_of_request(request: HttpRequest) -> str:
    """Return the language of whoever asks for a page; what a browser asks is kept for mails."""
    browser = translation.get_language_from_request(request)
    user = request.user if settings.SESSION_COOKIE_NAME in request.COOKIES else None
    if not isinstance(user, User):
        return browser
    if browser != user.browser_language and _is_stated(request):
        user.browser_language = browser
        User.objects.filter(pk=user.pk).update(browser_language=browser)
    return user.language if languages.is_language(user.language) else browser


def _is_stated(request: HttpRequest) -> bool:
    """Say whether a browser tells a language at all."""
    return settings.LANGUAGE_COOKIE_NAME in request.COOKIES or "Accept-Language" in request.headers


def choose(*, person: User, language: str) -> User:
    """Set in which language a person reads and is written to; nothing follows their browser."""
    update_row(person, language=read(language))
    return person


def read(code: str) -> str:
    """Return a code of a language of the site; raise ``Invalid`` for others."""
    if not languages.is_language(code):
        detail = gettext("This site does not speak that language yet.")
        raise Invalid(Fault("language", "unknown_language", detail))
    return code
