"""What happens around every request: its line in the log, how it is read, who needs a factor."""

import re
import time
import uuid
from collections.abc import Callable
from http import HTTPStatus
from typing import Final

import structlog
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from config import api
from config.python_stack import in_one_piece
from opportunities.accounts import second_factor
from opportunities.accounts.models import User
from opportunities.core import given_back

REQUEST_ID: Final = re.compile(r"^[A-Za-z0-9_-]{8,64}$")
NUL: Final = "\x00"
QUIET_PATHS: Final = frozenset({"/healthz", "/readyz", "/metrics"})

logger = structlog.get_logger("request")

type Answer = Callable[[HttpRequest], HttpResponse]


def one_piece_of_stack(get_response: Answer) -> Answer:
    """Answer each request in one piece of Python's stack, whichever calls it makes."""
    return in_one_piece(get_response)


class RequestLog:
    """Give every request an id and one line in the log.

    The line names the route, never the address: addresses hold secret keys and search terms.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        request_id = given if REQUEST_ID.match(given) else uuid.uuid4().hex
        started = time.perf_counter()
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            response = self.get_response(request)
            if request.path not in QUIET_PATHS:
                logger.info(
                    "request",
                    method=request.method,
                    route=request.resolver_match.route if request.resolver_match else None,
                    status=response.status_code,
                    account=_account_of(request),
                    milliseconds=round((time.perf_counter() - started) * 1000, 1),
                )
        response.headers["X-Request-ID"] = request_id
        return response


def _account_of(request: HttpRequest) -> int | None:
    """Return the number of the account that asked, where the answer had to know it."""
    # What stands at "user" may be lazy, and looking at it would ask the database.
    known = (request.__dict__.get(name) for name in ("user", "_cached_user"))
    return next((user.pk for user in known if type(user) is User), None)


class UsualHeaders:
    """Say what holds for every answer: who may keep it, and where reports of its policy go.

    Nearly every page names the person signed in, or holds the token of a form. No cache between the
    site and a browser may keep one that does not say that it may. A browser may, and must ask
    again, so that Back after signing out shows nothing. The ``report-to`` of the content security
    policy leads to the endpoint that is named here.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-cache")
        response.headers["Reporting-Endpoints"] = 'csp="/csp-reports/"'
        return response


class PlainRequests:
    """Read requests as the database can: forms in UTF-8, and nothing with the character NUL.

    A form has no charset by its standard. Of one that states another, Django would refuse to make
    even the page that says so. An address with NUL names nothing; in a query or a form it is left
    out. The API refuses it by itself.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if NUL in request.path:
            raise Http404
        if request.encoding is not None:
            request.encoding = "utf-8"
        if not request.path.startswith("/api/"):
            request.GET = _without_nul(request.GET)  # type: ignore[assignment]  # immutable too
            request.POST = _without_nul(request.POST)  # type: ignore[assignment]
        return self.get_response(request)


class PageForForms:
    """Show a page to whoever opens an address that only takes a form, where a refusal stands.

    Whoever then chooses another language, or opens the address again, had an empty page.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_opened = request.method == "GET" and not request.path.startswith("/api/")
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED or not is_opened:
            return response
        page = render(request, "405.html", status=response.status_code)
        page.headers["Allow"] = response.headers["Allow"]
        return page


def _without_nul(sent: QueryDict) -> QueryDict:
    if any(NUL in text for name, values in sent.lists() for text in (name, *values)):
        return QueryDict(sent.urlencode().replace("%00", ""))
    return sent


class SecondFactorForStaff:
    """Let accounts with power over others do nothing until a second factor was used.

    Who has none yet may set one up; who has one may use it, and nothing else: a password alone
    must not reach the pages on which factors are added, shown or removed.
    """

    to_set_one_up: Final = "/accounts/"
    to_use_one: Final = (
        "account_login",
        "account_logout",
        "mfa_authenticate",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "mfa_login_webauthn",
    )

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if not isinstance(user, User):
            return self.get_response(request)
        demand = second_factor.demand_on(user)
        if not demand.is_needed or (demand.is_set_up and second_factor.is_used_in(request)):
            return self.get_response(request)
        if demand.is_set_up:
            said, there = _("Use your second factor to go on."), "mfa_reauthenticate"
            is_on_the_way = request.path in map(reverse, self.to_use_one)
        else:
            said = _("Your account needs a second factor: add a passkey or an authenticator app.")
            there = "mfa_index"
            is_on_the_way = request.path.startswith(self.to_set_one_up)
        if is_on_the_way:
            return self.get_response(request)
        if request.path.startswith("/api/"):
            return api.problem_page(request, api.SECOND_FACTOR, said)
        is_own_form = request.method == "POST" and given_back.origin_of(request) == "own"
        if is_own_form and given_back.written(request.POST):
            after = urlencode({"next": given_back.page_of(request, otherwise="/")})
            way = given_back.Way(_("Confirm that it is you"), f"{reverse(there)}?{after}")
            return given_back.page(request, why=said, status=403, way=way)
        messages.warning(request, said)
        back = request.get_full_path() if request.method == "GET" else "/"
        return redirect(f"{reverse(there)}?{urlencode({'next': back})}")
