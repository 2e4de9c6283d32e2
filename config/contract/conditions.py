"""Entity tags: strong ones on items, new ones too, weak ones on lists; what ``If-Match`` demands.

The tag of an item is a digest of its representation, so it changes with whatever its reader sees.
A conditional write holds a lock on its address from the comparison to the commit: of two writers
that read the same version, one is told.
"""

import copy
import hashlib
from collections.abc import Callable
from typing import Any, Final

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.http import parse_etags
from rest_framework.views import APIView

from config import api

CONDITIONAL: Final = ("PATCH", "DELETE")
UNCONDITIONAL: Final = frozenset({"resume"})
"""Names of routes whose address answers a file that never changes."""
LIST: Final = b'{"data":['
"""How every list begins, and nothing else does."""

type View = Callable[..., Any]


def needs_match(request: HttpRequest, view_class: type[APIView]) -> bool:
    """Say whether a write must name the version that its writer has seen."""
    name = request.resolver_match.url_name if request.resolver_match else ""
    return (
        request.method in CONDITIONAL and hasattr(view_class, "get") and name not in UNCONDITIONAL
    )


def write_if_match(request: HttpRequest, view: View, *args: Any, **kwargs: Any) -> HttpResponse:
    """Call the view if ``If-Match`` names the present version; answer 412 or 428 otherwise."""
    with transaction.atomic():
        lock(f"address {request.path}")
        current = view(_inquiry(request), *args, **kwargs)
        if hasattr(current, "render"):
            current = current.render()
        if current.status_code != 200:
            return current  # type: ignore[no-any-return]  # the view decorator is untyped
        stated = parse_etags(request.headers.get("If-Match", ""))
        if not stated:
            detail = "Send If-Match with the ETag of the version that you have read."
            return api.problem_page(request, api.NEEDS_PRECONDITION, detail)
        if "*" not in stated and strong_tag(current) not in stated:
            detail = "It has changed since you read it. Read it again and decide anew."
            return api.problem_page(request, api.STALE, detail)
        return view(request, *args, **kwargs)  # type: ignore[no-any-return]


def tag(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Tag a readable answer, or answer 304 where its reader has it already."""
    if response.streaming:
        return response
    if _is_created(response):
        response["ETag"] = strong_tag(response)
        return response
    if response.status_code != 200 or request.method not in {"GET", "HEAD", "PATCH"}:
        return response
    strong = strong_tag(response)
    response["ETag"] = f"W/{strong}" if response.content.startswith(LIST) else strong
    if request.method == "PATCH":
        return response
    known = parse_etags(request.headers.get("If-None-Match", ""))
    seen = [etag.removeprefix("W/") for etag in known]
    if "*" not in seen and strong not in seen:
        return response
    unchanged = HttpResponse(status=304)
    del unchanged["Content-Type"]
    for name in ("ETag", "Vary", "Cache-Control", "Link"):
        if name in response:
            unchanged[name] = response[name]
    return unchanged


def strong_tag(response: HttpResponse) -> str:
    """Return the entity tag of exactly these bytes."""
    return f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'


def lock(name: str) -> None:
    """Wait for the only transaction that may work under this name."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def try_lock(name: str) -> bool:
    """Say whether this transaction is the only one that works under this name."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [name])
        return bool(cursor.fetchone()[0])


def _is_created(response: HttpResponse) -> bool:
    """Say whether an answer shows a new thing as its own address will, for a first change of it.

    What is shown only this once, such as a secret, is missing there, and says ``no-store``.
    """
    return (
        response.status_code == 201
        and "Location" in response
        and "no-store" not in response.get("Cache-Control", "")
    )


def _inquiry(request: HttpRequest) -> HttpRequest:
    """Return a GET of the same address by the same person that counts against no limit."""
    inquiry = copy.copy(request)
    inquiry.method = "GET"
    inquiry.META = {**request.META, "REQUEST_METHOD": "GET"}
    inquiry.is_inquiry = True  # type: ignore[attr-defined]
    return inquiry
