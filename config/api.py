"""API-wide policy: how a refusal becomes an HTTP answer."""

from typing import Any

from rest_framework.response import Response
from rest_framework.views import exception_handler


def problem_details(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Render a refusal as RFC 9457 problem details."""
    return exception_handler(exc, context)
