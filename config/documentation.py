"""The API's documentation, made from its own schema, and a page for each type of problem."""

import json
import shlex
import threading
from collections import defaultdict
from collections.abc import Hashable
from functools import cache, partial
from typing import Any, Final, cast

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.permissions import AllowAny
from rest_framework.request import Request

from config import api
from config.contract.describing import METHODS, TAGS, WORDS
from opportunities.core import page_cache


class AsTheAddressSays(DefaultContentNegotiation):
    """Let the address of the schema say ``?format=json``; elsewhere ``format`` is a filter."""

    def select_renderer(self, request: Any, renderers: Any, format_suffix: Any = None) -> Any:
        """Return the renderer that the address or the header asks for."""
        asked = format_suffix or request.query_params.get("format")
        return super().select_renderer(request, renderers, asked)


CURES: Final[dict[str, str]] = WORDS["cures"]
"""Cause and cure of every type of problem."""

_writing = threading.Lock()


@cache
def _schema(addresses: Hashable) -> dict[str, Any]:
    """Return the schema, which is the same until the next release gives other addresses."""
    generator: Any = SchemaGenerator
    schema: dict[str, Any] = generator().get_schema(request=None, public=True)
    return schema


@cache
def _written(renderer: Hashable, addresses: Hashable) -> bytes:
    """Return the schema as a class of renderers writes it."""
    kind: Any = renderer
    text: bytes = kind().render(_schema(addresses), renderer_context={})
    return text


@cache
def _listed(addresses: Hashable) -> dict[str, Any]:
    """Return what the page of the documentation shows."""
    schema = _schema(addresses)
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    shown: dict[str, set[str]] = defaultdict(set)
    for path, methods in sorted(schema["paths"].items()):
        for method in METHODS:
            if method in methods:
                told = _operation(path, method, methods[method])
                told["is_new_answer"] = told["answer"] not in shown[_group(path)]
                shown[_group(path)].add(told["answer"])
                groups[_group(path)].append(told)
    return {"groups": sorted(groups.items()), "version": schema["info"]["version"]}


class Schema(SpectacularAPIView):
    """The schema in YAML or JSON, written once in the life of a process."""

    permission_classes = [AllowAny]
    authentication_classes = []
    content_negotiation_class = AsTheAddressSays

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Return the schema in the form asked for."""
        renderer = request.accepted_renderer
        with _writing:  # requests that come meanwhile wait for this text instead of writing another
            content = _written(cast("Hashable", type(renderer)), settings.ROOT_URLCONF)
        name: str = self._get_filename(request, None)  # type: ignore[no-untyped-call]
        return HttpResponse(
            content,
            content_type=renderer.media_type,
            headers={"Content-Disposition": f'inline; filename="{name}"'},
        )


@login_not_required
@require_safe
def docs(request: HttpRequest, group: str | None = None) -> HttpResponse:
    """List every operation, and say how to make a first call; or show one group of operations."""
    return page_cache.page(request, partial(_docs, request, group), reads=())


def _docs(request: HttpRequest, group: str | None, basis: page_cache.Basis) -> HttpResponse:
    basis.ask()
    if group is not None and group not in TAGS:
        raise Http404
    with _writing:
        listed = _listed(settings.ROOT_URLCONF)
    if group is None:
        return render(request, "api/docs.html", listed)
    operations = dict(listed["groups"]).get(group, [])
    context = {"name": group, "about": TAGS[group], "operations": operations}
    return render(request, "api/group.html", context)


@login_not_required
@require_safe
def problem(request: HttpRequest, slug: str) -> HttpResponse:
    """Say what causes one type of problem, and what to do about it."""
    kinds = {kind.slug: kind for kind in vars(api).values() if isinstance(kind, api.Kind)}
    if slug not in CURES or slug not in kinds:
        raise Http404
    return render(request, "api/problem.html", {"kind": kinds[slug], "cure": CURES[slug]})


def _group(path: str) -> str:
    return path.removeprefix("/api/v1/").split("/", 1)[0]


def _operation(path: str, method: str, operation: dict[str, Any]) -> dict[str, Any]:
    sent = _example(operation.get("requestBody", {}))
    done = min(operation["responses"])
    return operation | {
        "curl": _curl(path, method, operation, sent),
        "answer": _written_out(_example(operation["responses"][done])),
        "answer_code": done,
        "path": path,
        "method": method.upper(),
        "answers": sorted(operation["responses"].items()),
    }


def _example(body: dict[str, Any]) -> Any:
    """Return the JSON that a body is shown with, or None."""
    content = body.get("content", {}).get("application/json", {})
    named = [each["value"] for each in content.get("examples", {}).values()]
    return content.get("example", named[0] if named else None)


def _written_out(example: Any) -> str:
    return "" if example is None else json.dumps(example, indent=2, ensure_ascii=False)


def _curl(path: str, method: str, operation: dict[str, Any], sent: Any) -> str:
    """Return a command for a shell that calls an operation, with TOKEN in the environment."""
    asked = {each["name"] for each in operation["parameters"] if each.get("required")}
    parts = [f"curl -X {method.upper()} {shlex.quote(settings.SITE_URL + path)}"]
    if {} not in operation.get("security", []):
        parts.append('-H "Authorization: Bearer $TOKEN"')
    if "If-Match" in asked:
        parts.append("-H 'If-Match: \"the ETag that you read\"'")
    if sent is not None:
        parts.append("-H 'Content-Type: application/json'")
        parts.append(f"-d {shlex.quote(_written_out(sent))}")
    return " \\\n  ".join(parts)
