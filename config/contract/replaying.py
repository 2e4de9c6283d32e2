"""``Idempotency-Key``: a repeated POST gets the first answer, and has no second effect.

The effect and the stored answer commit together, so a crash leaves both or neither. While one
request is at work, an advisory lock held by its transaction tells the others to come back.
"""

import hashlib
import re
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from config import api
from config.contract.asking import Asker
from config.contract.conditions import View, try_lock
from opportunities.accounts.models import StoredAnswer
from opportunities.core.retention import ANSWERS_DAYS

KEPT: Final = timedelta(days=ANSWERS_DAYS)
KEY: Final = re.compile(r"[!-~]{1,64}")
HEADERS: Final = ("Content-Type", "Location", "Link")
UNSTORED: Final = frozenset({401, 403, 429})
"""Statuses that are not stored: they judge who asks and how often, not the request itself."""


def once(request: HttpRequest, asker: Asker, view: View, *args: Any, **kwargs: Any) -> HttpResponse:
    """Call the view, or repeat what it answered to the same request before."""
    key = request.headers["Idempotency-Key"]
    if not KEY.fullmatch(key):
        detail = "Idempotency-Key has 1 to 64 visible ASCII characters."
        return api.problem_page(request, api.MALFORMED, detail)
    digest = _digest(request)
    now = timezone.now()
    with transaction.atomic():
        if not try_lock(f"answer {asker.name} {key}"):
            detail = "The first request with this Idempotency-Key is still at work."
            return api.problem_page(request, api.CONFLICT, detail)
        stored = StoredAnswer.objects.filter(asker=asker.name, key=key).first()
        if stored is not None and stored.at > now - KEPT:
            return _again(request, stored, digest)
        response = view(request, *args, **kwargs)
        if hasattr(response, "render"):
            response = response.render()
        if response.status_code >= 500:
            transaction.set_rollback(True)
        elif _is_storable(response):
            _store(response, asker=asker, key=key, digest=digest, at=now)
    return response  # type: ignore[no-any-return]  # the view decorator is untyped


def _again(request: HttpRequest, stored: StoredAnswer, digest: str) -> HttpResponse:
    if stored.request_digest != digest:
        detail = "This Idempotency-Key belongs to another request; draw a new one."
        return api.problem_page(request, api.VALIDATION, detail)
    response = HttpResponse(bytes(stored.body), status=stored.status, headers=stored.headers)
    response["Idempotency-Replayed"] = "true"
    return response


def _is_storable(response: HttpResponse) -> bool:
    """Say whether an answer may lie in a table: no files, nothing that is shown only once."""
    return (
        not response.streaming
        and response.status_code not in UNSTORED
        and "no-store" not in response.get("Cache-Control", "")
    )


def _store(response: HttpResponse, *, asker: Asker, key: str, digest: str, at: datetime) -> None:
    StoredAnswer.objects.update_or_create(
        asker=asker.name,
        key=key,
        defaults={
            "request_digest": digest,
            "status": response.status_code,
            "headers": {name: response[name] for name in HEADERS if name in response},
            "body": response.content,
            "at": at,
        },
    )


def _digest(request: HttpRequest) -> str:
    head = f"{request.get_full_path()}\n{request.content_type}\n".encode()
    return hashlib.sha256(head + request.body).hexdigest()
