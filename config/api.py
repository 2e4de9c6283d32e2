"""API-wide policy: every refusal is answered as RFC 9457 problem details.

A problem's ``type`` is the address of a page that says cause and cure; ``code`` and ``pointer``
are stable, ``detail`` is for people.
"""

import math
import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, Final, NamedTuple

import structlog
from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, JsonResponse
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from config import faults
from opportunities.core import errors
from opportunities.core.languages import number
from opportunities.core.validation import FOREIGN_CODES

logger = structlog.get_logger(__name__)

MEDIA_TYPE: Final = "application/problem+json"
MOST_FAULTS: Final = 50
BOUNDS: Final = frozenset({"too_long", "out_of_range"})
"""Codes of refusals that name a limit."""
LONGEST: Final = 300
"""Longest sentence or pointer of an answer, in characters: it never echoes a long request."""


class Kind(NamedTuple):
    """One type of problem; without a slug HTTP's own status says all there is to say."""

    slug: str
    status: int
    title: str


VALIDATION: Final = Kind("validation", 422, "Some answers need attention")
MALFORMED: Final = Kind("malformed", 400, "The request cannot be read")
BAD_CURSOR: Final = Kind("bad-cursor", 400, "The cursor is not one of ours")
UNKNOWN_PARAMETER: Final = Kind("unknown-parameter", 400, "There is no such parameter")
UNAUTHENTICATED: Final = Kind("unauthenticated", 401, "Sign in first")
FORBIDDEN: Final = Kind("forbidden", 403, "You may not do this")
SECOND_FACTOR: Final = Kind("second-factor", 403, "A second factor is needed")
NOT_FOUND: Final = Kind("not-found", 404, "There is no such thing")
METHOD: Final = Kind("", 405, "This address does not take that method")
NOT_ACCEPTABLE: Final = Kind("", 406, "That form of answer is not offered")
CONFLICT: Final = Kind("conflict", 409, "Something else stands in the way")
STATE: Final = Kind("state", 409, "Not possible in the current state")
GONE: Final = Kind("gone", 410, "It is gone")
STALE: Final = Kind("precondition", 412, "It has changed meanwhile")
TOO_LARGE: Final = Kind("too-large", 413, "The request is too large")
UNSUPPORTED: Final = Kind("unsupported", 415, "That media type is not read here")
NEEDS_PRECONDITION: Final = Kind("precondition", 428, "Say which version you have seen")
QUOTA_EXCEEDED: Final = Kind("quota-exceeded", 429, "Too many requests")
SERVER: Final = Kind("server", 500, "Something broke on our side")
BUSY: Final = Kind("busy", 503, "Too busy just now")


BY_STATUS: Final = {
    kind.status: kind
    for kind in (
        MALFORMED, FORBIDDEN, NOT_FOUND, METHOD, NOT_ACCEPTABLE, TOO_LARGE, UNSUPPORTED,
        QUOTA_EXCEEDED, BUSY,
    )
}  # fmt: skip
"""The problem that a status of HTTP means where nothing else is said."""

# The first class that an exception belongs to decides, so that narrow ones come first.
KINDS: Final[tuple[tuple[type[Exception], Kind], ...]] = (
    (errors.NotFound, NOT_FOUND),
    (errors.SecondFactorNeeded, SECOND_FACTOR),
    (errors.NotAllowed, FORBIDDEN),
    (errors.WrongState, STATE),
    (errors.Conflict, CONFLICT),
    (errors.LimitReached, QUOTA_EXCEEDED),
    (errors.RuleBroken, VALIDATION),
    (Http404, NOT_FOUND),
    (PermissionDenied, FORBIDDEN),
    (RequestDataTooBig, TOO_LARGE),
    (exceptions.ValidationError, VALIDATION),
    (exceptions.NotAuthenticated, UNAUTHENTICATED),
    (exceptions.AuthenticationFailed, UNAUTHENTICATED),
)


def problem(kind: Kind, detail: str, **more: Any) -> dict[str, Any]:
    """Return the body of a problem."""
    request_id = structlog.contextvars.get_contextvars().get("request_id", "unknown")
    return {
        "type": f"{settings.SITE_URL}/problems/{kind.slug}" if kind.slug else "about:blank",
        "title": kind.title,
        "status": kind.status,
        "detail": detail[:LONGEST],
        "instance": f"urn:request:{request_id}",
        **more,
    }


def kind_of(exc: Exception, context: Mapping[str, Any]) -> Kind | None:
    """Return the type of problem that a refusal is, or None for what nobody foresaw."""
    if isinstance(exc, errors.Invalid) and getattr(context.get("request"), "method", "") == "GET":
        for code, kind in (("unknown_parameter", UNKNOWN_PARAMETER), ("bad_cursor", BAD_CURSOR)):
            if any(fault.code == code for fault in exc.faults):
                return kind
    known = next((kind for refusal, kind in KINDS if isinstance(exc, refusal)), None)
    if known is None and isinstance(exc, exceptions.APIException):
        known = BY_STATUS.get(exc.status_code)
    return BUSY if known is None and faults.is_transient(exc) else known


def problem_details(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Answer a refusal; leave what nobody foresaw to the server's own handler."""
    kind = kind_of(exc, context)
    if kind is None:
        return None
    set_rollback()
    response = Response(
        problem(kind, _detail(exc, kind), **_particulars(exc), **_quotas(exc, context)),
        status=kind.status,
        content_type=MEDIA_TYPE,
    )
    if header := getattr(exc, "auth_header", None):
        is_wrong = isinstance(exc, exceptions.AuthenticationFailed)
        response["WWW-Authenticate"] = f'{header} error="invalid_token"' if is_wrong else header
    if kind is BUSY:
        logger.error("not answered for now", error=type(exc).__name__, exc_info=exc)
        response["Retry-After"] = str(faults.WAIT)
    elif wait := getattr(exc, "wait", None):
        response["Retry-After"] = str(math.ceil(wait))
    return response


def problem_page(request: HttpRequest, kind: Kind, detail: str) -> JsonResponse:
    """Answer a problem outside of any API view: an unknown address, a broken server."""
    return JsonResponse(problem(kind, detail), status=kind.status, content_type=MEDIA_TYPE)


def _detail(exc: Exception, kind: Kind) -> str:
    if isinstance(exc, exceptions.ValidationError):
        count = len(list(_faults(exc.detail, "#")))
        return f"{count} field{'' if count == 1 else 's'} did not pass."
    if isinstance(exc, Http404 | PermissionDenied):
        return kind.title + "."
    if isinstance(exc, exceptions.APIException):
        return str(exc.detail)
    if kind is BUSY and not isinstance(exc, errors.Busy):
        return "There is no room for this just now; nothing was kept."
    return str(exc)


def _particulars(exc: Exception) -> dict[str, Any]:
    """Return what a problem of this kind says beyond the common members."""
    if isinstance(exc, exceptions.ValidationError):
        return {"errors": [*islice(_faults(exc.detail, "#"), MOST_FAULTS)]}
    if isinstance(exc, errors.Invalid):
        return {
            "errors": [
                _fault("#/" + fault.field.replace(".", "/"), fault.code, fault.detail)
                for fault in exc.faults[:MOST_FAULTS]
            ]
        }
    if isinstance(exc, errors.WrongState):
        return {"code": exc.code, "allowed": list(exc.allowed)}
    if isinstance(exc, errors.Duplicate):
        return {"code": exc.code, "other": exc.other}
    if isinstance(exc, errors.RuleBroken):
        return {"code": exc.code}
    return {}


def _quotas(exc: Exception, context: dict[str, Any]) -> dict[str, Any]:
    """Return the policies that a throttled request went beyond."""
    if not isinstance(exc, exceptions.Throttled):
        return {}
    raw = getattr(context.get("request"), "_request", None)
    uses = getattr(raw, "quotas", [])
    return {"violated-policies": [use.policy.name for use in uses if use.remaining < 0]}


def _faults(detail: Any, pointer: str) -> Iterator[dict[str, str]]:
    """Flatten DRF's nested messages into one entry for each, with a JSON pointer."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            part = "" if name == "non_field_errors" else f"/{name}"
            yield from _faults(inner, pointer + part)
    elif isinstance(detail, list):
        for index, inner in enumerate(detail):
            nested = isinstance(inner, Mapping | list)
            yield from _faults(inner, f"{pointer}/{index}" if nested else pointer)
    else:
        code = str(getattr(detail, "code", "invalid"))
        said = str(detail)
        if FOREIGN_CODES.get(code) in BOUNDS:  # the framework writes limits without separators
            said = re.sub(r"\b\d{4,}\b", lambda found: number(int(found[0])), said)
        yield _fault(pointer, FOREIGN_CODES.get(code, code), said)


def _fault(pointer: str, code: str, detail: str) -> dict[str, str]:
    return {"pointer": pointer[:LONGEST], "code": code, "detail": detail[:LONGEST]}
