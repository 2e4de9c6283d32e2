"""What happens around every request: its line in the log, and the second factor of staff."""

import re
import time
import uuid
from collections.abc import Callable
from typing import Final

import structlog
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect

REQUEST_ID: Final = re.compile(r"^[A-Za-z0-9_-]{8,64}$")
QUIET_PATHS: Final = frozenset({"/healthz", "/readyz", "/metrics"})

logger = structlog.get_logger("request")

type Answer = Callable[[HttpRequest], HttpResponse]


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
                    milliseconds=round((time.perf_counter() - started) * 1000, 1),
                )
        response.headers["X-Request-ID"] = request_id
        return response


class SecondFactorForStaff:
    """Let staff do nothing but set up a second factor until they have one."""

    exempt: Final = ("/accounts/", "/static/", "/healthz", "/readyz")

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if (
            settings.DEMO
            or not user.is_authenticated
            or not user.is_staff
            or request.path.startswith(self.exempt)
            or is_mfa_enabled(user)
        ):
            return self.get_response(request)
        demand = "Staff accounts need a second factor: add a passkey or an authenticator app."
        if request.path.startswith("/api/"):
            return JsonResponse(
                {"type": "second-factor-needed", "status": 403, "detail": demand},
                status=403,
                content_type="application/problem+json",
            )
        messages.warning(request, demand)
        return redirect("mfa_index")
