"""What keeps the site answering: few costly views at a time, and a budget of processor for each.

``costly.toml`` names the costly views. A process runs ``COSTLY_AT_ONCE`` of these at a time and
refuses the others at once: a request that waits would hold a thread that somebody else needs. The
processor time that they take is charged to the address that asked; who has used up the budget of
the last minute is answered 429 before anything is computed.
"""

import json
import math
import resource
import sys
import threading
import time
import tomllib
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import structlog
from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.defaults import page_not_found
from psycopg_pool import PoolTimeout

from config import api, faults, health
from config.processes import COSTLY_AT_ONCE, REFUSED
from opportunities.core.errors import Invalid, NotFound
from opportunities.core.limiting import address_of, count

WINDOW: Final = 60
BUDGET: Final = 3.0
"""Seconds of processor that one address may have for costly views in the length of a window."""
WAIT: Final = 2
"""Seconds after which who was refused may come again."""

MOST_BYTES: Final = 12 * 1024 * 1024
"""Of a whole request, as the example proxies refuse it; the largest file that is taken has 2 MB."""

FILE_TOO_LARGE: Final = _("A file has at most 2 MB. Go back and choose a smaller one.")
BODY_TOO_LARGE: Final = _("Send at most 12 MB at once.")

METHODS: Final = {
    "any": frozenset({"GET", "HEAD", "POST", "PUT", "PATCH"}),
    "write": frozenset({"POST", "PUT", "PATCH"}),
    "post": frozenset({"POST"}),
}
KINDS: Final[dict[str, dict[str, frozenset[str]]]] = {
    kind: {name: METHODS[key] for key, names in views.items() for name in names}
    for kind, views in tomllib.loads(
        Path(__file__).with_name("costly.toml").read_text("utf-8")
    ).items()
}
"""Costly and metered views by name, each with the methods that make it one."""

logger = structlog.get_logger(__name__)

AWAY: Final = 1.0
"""Seconds for which a database that was not there is not asked for: nobody else need wait too."""
DATABASE_IS_AWAY: Final = "database-is-away"

PROBED: Final = {"/healthz": health.healthz, "/readyz": health.readyz}

type Answer = Callable[[HttpRequest], HttpResponse]


_slots = threading.BoundedSemaphore(COSTLY_AT_ONCE)


class Gate:
    """Answer probes, admit costly views and tell of faults, before anything asks the database."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path in PROBED:  # by address, maybe; without session or account
            return PROBED[request.path](request)
        length = request.META.get("CONTENT_LENGTH") or ""
        if length.isdigit() and int(length) > MOST_BYTES:
            is_form = (request.content_type or "").startswith("multipart/")
            return _refusal(request, api.TOO_LARGE, FILE_TOO_LARGE if is_form else BODY_TOO_LARGE)
        if DATABASE_IS_AWAY in caches["limits"]:
            return busy(request, wait=WAIT)
        kind = kind_of(request.method or "", request.path)
        return self._admit(request, kind) if kind else self.get_response(request)

    def _admit(self, request: HttpRequest, kind: str) -> HttpResponse:
        """Answer a costly or metered view, if there is time for it and room."""
        now = time.time()
        address = address_of(request)
        refused = f"refused:{address}"  # until then, as far as this process knows
        left = caches["limits"].get(refused, now) - now
        if left > 0:
            return _over_budget(request, left)
        room_at = _room_at(address, now)
        if room_at > now:
            caches["limits"].set(refused, room_at, room_at - now)
            logger.warning("an address has used up its processor time", address=address)
            return _over_budget(request, room_at - now)
        if kind == "metered":
            return self._charged(request, address, now)
        if not _slots.acquire(blocking=False):
            return busy(request, wait=WAIT)
        try:
            return self._charged(request, address, now)
        finally:
            _slots.release()

    def _charged(self, request: HttpRequest, address: str, now: float) -> HttpResponse:
        """Answer, and charge this thread's time and that of the programs it waited for."""
        began, children = time.thread_time(), _children_seconds()
        try:
            return self.get_response(request)
        finally:
            spent = time.thread_time() - began + _children_seconds() - children
            _charge(address, now, spent)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer 404 to what an operation did not find, and 503 to what will pass.

        An address that asks a page for what cannot be, such as a cursor nobody was given, has none
        either. Of what will pass the log holds what it was.
        """
        is_read = request.method in {"GET", "HEAD"}
        if isinstance(exception, NotFound) or (isinstance(exception, Invalid) and is_read):
            return page_not_found(request, exception)
        if not faults.is_transient(exception):
            return None
        _note_away(exception)
        logger.error("not answered for now", error=type(exception).__name__, exc_info=exception)
        return busy(request, wait=faults.WAIT)


def kind_of(method: str, path: str) -> str:
    """Return "costly" or "metered" for a request that asks for such a view, else nothing."""
    name = _name_of(path)
    return next((kind for kind, views in KINDS.items() if method in views.get(name, ())), "")


@lru_cache(maxsize=4096)
def _name_of(path: str) -> str:
    """Return the name of the view at a path, if there is one."""
    try:
        return resolve(path).view_name
    except (Resolver404, ValueError):
        return ""


def _children_seconds() -> float:
    """Return the processor time of all programs that this process has waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def busy(request: HttpRequest, *, wait: int) -> HttpResponse:
    """Answer that there is no room just now; made of nothing that could be short of room too."""
    detail = _("The site is busy. Try again shortly; nothing was lost.")
    return _refusal(request, api.BUSY, detail, wait)


def server_error(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """Answer what broke outside of a view: in a session, say, that could not be saved."""
    error = sys.exc_info()[1]
    if error is not None and faults.is_transient(error):
        _note_away(error)
        return busy(request, wait=faults.WAIT)
    text = _(
        "We have a record of it. What you sent may not have been saved: please check before you "
        "send it again."
    )
    number = structlog.contextvars.get_contextvars().get("request_id", "")
    return HttpResponseServerError(_alone(_("Something broke on our side"), text, number=number))


def _note_away(error: BaseException) -> None:
    """Remember that no connection to the database came about in time."""
    if isinstance(error, PoolTimeout) or isinstance(error.__cause__, PoolTimeout):
        caches["limits"].set(DATABASE_IS_AWAY, value=True, timeout=AWAY)


def _over_budget(request: HttpRequest, seconds: float) -> HttpResponse:
    while request.read(65_536):  # who is cut off while they send would never read the answer
        pass
    wait = max(1, math.ceil(seconds))
    detail = _("Your network has asked for many costly pages. Try again in a minute.")
    return _refusal(request, api.QUOTA_EXCEEDED, detail, wait)


HEADINGS: Final = {
    api.TOO_LARGE: _("That is too large"),
    api.QUOTA_EXCEEDED: _("Too many requests just now"),
    api.BUSY: _("Too busy just now"),
}
"""What a page says of each refusal; the API has its own titles, in English."""


def _refusal(
    request: HttpRequest, kind: api.Kind, detail: Promise, wait: int | None = None
) -> HttpResponse:
    """Answer without the session and the database; a page is in the language of the browser."""
    is_api = request.path.startswith("/api/")
    code = settings.LANGUAGE_CODE if is_api else translation.get_language_from_request(request)
    with translation.override(code):
        if is_api:
            content, media = json.dumps(api.problem(kind, str(detail))), api.MEDIA_TYPE
        else:
            again = wait is not None and request.method == "GET"
            content = _alone(HEADINGS[kind], detail, again=again)
            media = "text/html; charset=utf-8"
    headers = {"Cache-Control": "no-store"} | ({"Retry-After": str(wait)} if wait else {})
    request.META[REFUSED] = True
    return HttpResponse(content, status=kind.status, content_type=media, headers=headers)


def _alone(heading: Promise, text: Promise, **more: str | bool) -> str:
    """Return a page that asks neither the session nor the database for anything."""
    said = {"heading": heading, "text": text, "SITE_NAME": settings.SITE_NAME, **more}
    return render_to_string("base/alone.html", said)


# --- The budget: microseconds counted in the cache for all processes, and in each for itself ---


def _key(address: str, window: int) -> str:
    return f"processor:{address}:{window}"


def _room_at(address: str, now: float) -> float:
    """Return when an address may have more: ``now``, or later if its budget is used up.

    Counted are the running window and of the one before the share that lies less than a window
    back, as if it had been used evenly. So a budget comes back little by little, and not to all
    who hammer at the turn of a window.
    """
    window, budget = int(now // WINDOW), BUDGET * int(settings.API_QUOTA_FACTOR)
    keys = [_key(address, window), _key(address, window - 1)]
    counts = [caches[alias].get_many(keys) for alias in ("default", "limits")]
    used, before = (max(int(each.get(key, 0)) for each in counts) / 1e6 for key in keys)
    ends_at = (window + 1) * WINDOW
    if used >= budget:
        return float(ends_at)
    if used + before * (ends_at - now) / WINDOW < budget:
        return now
    return max(now + 1, ends_at - (budget - used) / before * WINDOW)


def _charge(address: str, now: float, seconds: float) -> None:
    key, spent = _key(address, int(now // WINDOW)), max(1, round(seconds * 1e6))
    for alias in ("default", "limits"):
        count(alias, key, by=spent, seconds=WINDOW)
