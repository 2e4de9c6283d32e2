"""Faults told to a service that speaks Sentry's protocol, without personal data.

Used where ``SENTRY_DSN`` is set; needs the extra ``sentry``. An event is built anew from what is
named here, so that a part which a later version of the library adds does not leave the site.
"""

from typing import Any, Final

import sentry_sdk
import structlog
from django.conf import settings
from sentry_sdk.integrations.atexit import AtexitIntegration
from sentry_sdk.integrations.celery import CeleryIntegration
from sentry_sdk.integrations.dedupe import DedupeIntegration
from sentry_sdk.integrations.django import DjangoIntegration
from sentry_sdk.types import Event, Hint

EVENT: Final = (
    "event_id", "timestamp", "platform", "level", "release", "environment", "server_name", "sdk",
)  # fmt: skip
FRAME: Final = (
    "filename", "abs_path", "module", "function", "lineno", "in_app",
    "context_line", "pre_context", "post_context",
)  # fmt: skip
FROM_CODE: Final = frozenset({"route", "component", "task"})
"""Where the name of a request or task comes from when it is not an address."""


def without_personal_data(event: Event, _hint: Hint) -> Event | None:
    """Return what may leave: the kind of fault, and where in the code; nothing without a fault.

    The message of an exception stays here: it quotes what people typed and rows of the database.
    ``request_id`` is that of the log, where the line of the request stands.
    """
    if "exception" not in event:
        return None
    whole: dict[str, Any] = dict(event)
    kept: dict[str, Any] = {name: whole[name] for name in EVENT if name in whole}
    if whole.get("transaction_info", {}).get("source") in FROM_CODE:
        kept["transaction"] = whole["transaction"]
    known = structlog.contextvars.get_contextvars()
    kept["tags"] = {name: known[name] for name in ("request_id", "task") if name in known}
    kept["exception"] = {"values": [_fault(each) for each in whole["exception"]["values"]]}
    return kept  # type: ignore[return-value]


def _fault(fault: dict[str, Any]) -> dict[str, Any]:
    frames = (fault.get("stacktrace") or {}).get("frames", [])
    return {
        "type": fault.get("type"),
        "module": fault.get("module"),
        "stacktrace": {
            "frames": [{name: frame[name] for name in FRAME if name in frame} for frame in frames]
        },
    }


def start() -> None:
    """Tell faults of requests and tasks from now on; nothing else is switched on."""
    sentry_sdk.init(
        dsn=settings.SENTRY_DSN,
        environment=settings.SENTRY_ENVIRONMENT,
        default_integrations=False,
        auto_enabling_integrations=False,
        integrations=[
            DjangoIntegration(signals_spans=False),
            CeleryIntegration(propagate_traces=False),
            DedupeIntegration(),
            AtexitIntegration(),
        ],
        before_send=without_personal_data,
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        auto_session_tracking=False,
        send_client_reports=False,
        trace_propagation_targets=[],
    )
