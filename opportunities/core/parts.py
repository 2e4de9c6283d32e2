"""Pages of which htmx asks for a part."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def render_part(
    request: HttpRequest, template: str, part: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """Return a page, or to htmx its named part alone; caches keep the two apart."""
    name = f"{template}#{part}" if request.headers.get("HX-Request") else template
    response = render(request, name, context, status=status)
    response.headers["Vary"] = "HX-Request, Cookie"
    return response
