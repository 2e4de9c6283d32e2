"""The middleware that every request under ``/api/v1/`` passes."""

from collections.abc import Callable
from functools import cache
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.utils.cache import patch_vary_headers
from rest_framework.views import APIView

from config import api
from config.contract import conditions, limits, replaying
from config.contract.asking import asker_of

PREFIX: Final = "/api/v1/"
NONE: Final = (b"", b"{}")
"""Bodies that count as no body at all."""

WITHOUT_TLS: Final = (
    "The API is called by https:// alone. A token that was sent without is known to others: revoke"
    " it."
)


class ApiGate:
    """Keep the promises that all addresses of the API share."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in JSON whatever happens, with entity tags and what is left of the quota."""
        if not request.path.startswith(PREFIX):
            return self.get_response(request)
        if settings.SECURE_SSL_REDIRECT and not request.is_secure():
            return api.problem_page(request, api.FORBIDDEN, WITHOUT_TLS)
        if request.path.endswith("/") and request.path != PREFIX:
            query = request.META.get("QUERY_STRING", "")
            there = request.path.rstrip("/") + (f"?{query}" if query else "")
            return HttpResponsePermanentRedirect(there, preserve_request=True)
        response = _in_json(request, self.get_response(request))
        patch_vary_headers(response, ("Authorization", "Cookie", "Origin"))
        response = conditions.tag(request, response)
        if response.status_code == 304:
            limits.give_back(request)
        limits.write_headers(request, response)
        if request.method in {"GET", "HEAD"} and not _carries_credentials(request):
            response["Access-Control-Allow-Origin"] = "*"
            response["Access-Control-Expose-Headers"] = ", ".join(settings.CORS_EXPOSE_HEADERS)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Refuse what must not reach a view; call the view here where its effect is conditional."""
        view_class: Any = getattr(view, "cls", None)
        if not request.path.startswith(PREFIX) or view_class is None:
            return None
        try:
            if (refused := _refusal(request, view_class)) is not None:
                return refused
            if request.method == "POST" and "Idempotency-Key" in request.headers:
                asker = asker_of(request, view_class)
                return replaying.once(request, asker, view, *args, **kwargs)
            conditional = conditions.needs_match(request, view_class)
            if conditional and asker_of(request, view_class).is_known:
                return conditions.write_if_match(request, view, *args, **kwargs)
        except RequestDataTooBig:
            return api.problem_page(request, api.TOO_LARGE, "The body is too large.")
        return None


@cache
def takes_body(view_class: type[APIView], method: str) -> bool:
    """Say whether an operation is documented with a body; reading and deleting never are."""
    if method in {"GET", "HEAD", "OPTIONS", "DELETE"}:
        return False
    described: Any = getattr(getattr(view_class, method.lower()), "kwargs", {}).get("schema")
    if described is None:
        return True
    schema, view = described(), view_class()
    view.setup(HttpRequest())
    schema.view, schema.method = view, method
    return schema.get_request_serializer() is not None


def _refusal(request: HttpRequest, view_class: type[APIView]) -> HttpResponse | None:
    """Refuse what no database can compare, and methods or bodies that an address does not take."""
    if "%00" in request.META.get("QUERY_STRING", ""):
        return api.problem_page(request, api.VALIDATION, "The query holds the character NUL.")
    offered = {name for name in view_class.http_method_names if hasattr(view_class, name)}
    if "get" in offered:  # Django answers HEAD by the same method
        offered.add("head")
    if (request.method or "").lower() in offered:
        kind: Any = view_class
        if takes_body(kind, request.method or "") or not _has_body(request):
            return None
        return api.problem_page(request, api.MALFORMED, "This operation takes no body.")
    refused = api.problem_page(request, api.METHOD, f"{request.method} is not offered here.")
    refused["Allow"] = ", ".join(sorted(name.upper() for name in offered))
    return refused


def _has_body(request: HttpRequest) -> bool:
    reads = request.method not in {"GET", "HEAD", "OPTIONS"}
    return reads and request.body.strip() not in NONE


def _in_json(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Turn a page that says what went wrong into problem details."""
    is_page = response.get("Content-Type", "").startswith("text/html")
    if response.status_code < 400 or not is_page:
        return response
    if response.status_code >= 500 and response.status_code != 503:
        return api.problem_page(request, api.SERVER, "The fault is ours and is written down.")
    kind = api.BY_STATUS.get(response.status_code, api.MALFORMED)
    return api.problem_page(request, kind, f"{kind.title}.")


def _carries_credentials(request: HttpRequest) -> bool:
    return "Authorization" in request.headers or settings.SESSION_COOKIE_NAME in request.COOKIES
