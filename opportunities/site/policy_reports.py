"""Reports of browsers about the content security policy: read within bounds, and only counted.

Anybody can send them, true or not. Of each are kept the directive, the kind of what was blocked (or
its host) and the route of the page: addresses hold secret links, search terms and public ids, and
are dropped with everything else that a report says.
"""

import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.db.models import F
from django.urls import Resolver404, resolve

from opportunities.core.data import read_beside
from opportunities.core.errors import Fault, Invalid
from opportunities.core.limiting import Limit
from opportunities.core.retention import POLICY_REPORTS_DAYS
from opportunities.site.models import PolicyReport

MAX_BYTES: Final = 16 * 1024
MOST_AT_ONCE: Final = 10
"""Reports of one request that are read."""
MOST_A_DAY: Final = 200
"""Kinds of reports that are told apart on one day; further ones count as one."""
OTHER: Final = "other"

PER_ADDRESS: Final = Limit("policy-reports", 20, 60, "You have sent many reports.")
IN_ALL: Final = Limit("policy-reports-in-all", 300, 60, "Many reports are being sent.")

_KNOWN: Final = read_beside(__file__)
DIRECTIVES: Final = frozenset(_KNOWN["directives"])
KEYWORDS: Final = frozenset(_KNOWN["keywords"])
EXTENSIONS: Final = frozenset(_KNOWN["extensions"])
HOST: Final = re.compile(r"[a-z0-9.:-]{1,120}")

logger = structlog.get_logger(__name__)


def read(content: bytes) -> list[Mapping[str, Any]]:
    """Return the violations in a body, as ``report-to`` or ``report-uri`` sends them.

    Raises ``Invalid`` for what is neither.
    """
    try:
        told = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise Invalid(Fault("", "malformed", "This is not JSON.")) from error
    reports = told if isinstance(told, list) else [told]
    found: list[Mapping[str, Any]] = []
    for report in reports[:MOST_AT_ONCE]:
        if not isinstance(report, dict):
            raise Invalid(Fault("", "malformed", "A report is an object."))
        body = report.get("csp-report") or (
            report.get("body") if report.get("type") == "csp-violation" else None
        )
        if isinstance(body, dict):
            found.append(body)
    return found


def count(violations: list[Mapping[str, Any]], *, at: datetime) -> None:
    """Count violations on their day, and log each kind of them."""
    for violation in violations:
        kind: dict[str, Any] = {
            "directive": _directive(violation),
            "blocked": _blocked(_said(violation, "blockedURL", "blocked-uri")),
            "route": _route(_said(violation, "documentURL", "document-uri")),
        }
        logger.warning("page broke the content security policy", **kind)
        rows = PolicyReport.objects.filter(day=at.date())
        if not rows.filter(**kind).exists() and rows.count() >= MOST_A_DAY:
            kind = {"directive": OTHER, "blocked": OTHER, "route": ""}
        row, is_new = PolicyReport.objects.get_or_create(day=at.date(), **kind)
        if not is_new:
            PolicyReport.objects.filter(pk=row.pk).update(times=F("times") + 1)


def let_go(at: datetime) -> int:
    """Delete what was counted long ago; return how many rows."""
    old = PolicyReport.objects.filter(day__lt=at.date() - timedelta(days=POLICY_REPORTS_DAYS))
    return old.delete()[0]


def _said(violation: Mapping[str, Any], *names: str) -> str:
    found = next((violation[name] for name in names if name in violation), "")
    return found if isinstance(found, str) else ""


def _directive(violation: Mapping[str, Any]) -> str:
    said = _said(violation, "effectiveDirective", "effective-directive", "violated-directive")
    name = said.split(" ", 1)[0].lower()
    return name if name in DIRECTIVES else OTHER


def _blocked(address: str) -> str:
    """Return a keyword, the host of an address, or that an extension of the browser is meant."""
    if address in KEYWORDS:
        return address
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").encode("idna").decode().lower()
    except ValueError:
        return OTHER
    if parts.scheme in EXTENSIONS:
        return "extension"
    if parts.scheme in KEYWORDS:
        return parts.scheme
    is_of_the_web = parts.scheme in {"http", "https", "ws", "wss"}
    return host if is_of_the_web and HOST.fullmatch(host) else OTHER


def _route(address: str) -> str:
    """Return the route of a page of this site, which says nothing of what it showed."""
    try:
        parts = urlsplit(address)
        if parts.netloc != urlsplit(settings.SITE_URL).netloc:
            return ""
        return resolve(parts.path).route[:200]
    except (ValueError, Resolver404):
        return ""
