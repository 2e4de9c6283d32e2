"""The committed schema as a judge: what it says of an answer that a client has got."""

import re
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml
from django.conf import settings
from django.urls import Resolver404, resolve
from jsonschema_rs import Draft202012Validator

PREFIX: Final = "/api/v1/"
LONGEST: Final = 200


@cache
def schema() -> dict[str, Any]:
    """Return the committed schema."""
    text = (Path(settings.BASE_DIR) / "docs" / "openapi.yaml").read_text()
    loaded: dict[str, Any] = yaml.load(text, Loader=yaml.CSafeLoader)
    return loaded


@cache
def operation(route: str, method: str) -> dict[str, Any] | None:
    """Return what the schema says of a method at a route of Django's, or None."""
    path = "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route)
    found: dict[str, Any] | None = schema()["paths"].get(path, {}).get(method.lower())
    return found


@cache
def _answer(route: str, method: str, status: int) -> dict[str, Any] | None:
    described = operation(route, method) or {}
    found: dict[str, Any] | None = described.get("responses", {}).get(str(status))
    if found and "$ref" in found:
        return schema()["components"]["responses"][found["$ref"].rsplit("/", 1)[1]]  # type: ignore[no-any-return]
    return found


@cache
def _validator(route: str, method: str, status: int, media: str) -> Any:
    content = (_answer(route, method, status) or {}).get("content", {})
    if media not in content:
        return None
    shape = {**content[media]["schema"], "components": schema()["components"]}
    return Draft202012Validator(shape, validate_formats=True)


def breaches(response: Any) -> list[str]:
    """Return what of an answer the schema does not say; of no operation of the API, nothing.

    What the server broke (5xx) and methods that an address lacks are no part of the contract.
    """
    method, status = response.request["REQUEST_METHOD"], response.status_code
    route = _route(response)
    if route is None or operation(route, method) is None or status >= 500 or status == 405:
        return []
    where = f"{method} {route} {status}"
    if _answer(route, method, status) is None:
        return [f"{where} is not documented"]
    if response.streaming or not response.content:
        return []
    media = response.get("Content-Type", "").split(";")[0]
    validator = _validator(route, method, status, media)
    if validator is None:
        return [f"{where}: {media} is not documented"]
    return [
        f"{where} at {'/'.join(map(str, error.instance_path))}: {error.message[:LONGEST]}"
        for error in (validator.iter_errors(response.json()) if media.endswith("json") else ())
    ]


def _route(response: Any) -> str | None:
    """Return the route of the address of the API that answered, or None for others."""
    path = response.request["PATH_INFO"]
    if not path.startswith(PREFIX):
        return None
    if match := response.wsgi_request.resolver_match:
        found: str = match.route
        return found
    with suppress(Resolver404):  # it was answered before it came to its view
        return resolve(path).route
    return None
