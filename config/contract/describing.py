"""What the schema says of every operation alike: problems, conditions, keys, pages, examples."""

import json
import tomllib
from pathlib import Path
from typing import Any, Final

from config import api
from config.contract.conditions import UNCONDITIONAL
from config.contract.examples import SENT, example_of
from opportunities.webhooks.models import EVENT_TYPES

METHODS: Final = ("get", "post", "put", "patch", "delete")
BARE_LISTS: Final = frozenset({"opportunities_findings"})
"""Operations that answer a short list whole, without pages."""

READ_PROBLEMS: Final = (400, 401, 403, 404, 406, 422, 429)
WRITE_PROBLEMS: Final = (400, 401, 403, 404, 406, 409, 413, 415, 422, 429)
CONDITION_PROBLEMS: Final = (412, 428)
WORDS: Final = tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))
TAGS: Final[dict[str, str]] = WORDS["tags"]
"""What each group of operations is about."""

_SHARED: Final[dict[str, Any]] = json.loads(
    Path(__file__).with_name("shared.json").read_text(encoding="utf-8")
)
"""Shapes that operations refer to, and what all webhooks have in common."""


def complete(result: dict[str, Any], **_: object) -> dict[str, Any]:
    """Return the schema with what all operations share, and the webhooks."""
    components = result["components"]
    statuses = sorted({*READ_PROBLEMS, *WRITE_PROBLEMS, *CONDITION_PROBLEMS})
    components["responses"] = {str(status): _problem_response(status) for status in statuses}
    for kind, shared in _SHARED["components"].items():
        components.setdefault(kind, {}).update(shared)
    schemas = components["schemas"]
    schemas["WebhookEvent"]["properties"]["type"]["enum"] = list(EVENT_TYPES)
    if "cookieAuth" in components.get("securitySchemes", {}):
        components["securitySchemes"]["cookieAuth"]["name"] = "__Host-sessionid"
    result["tags"] = [{"name": name, "description": text} for name, text in TAGS.items()]
    for path, methods in result["paths"].items():
        for method in METHODS:
            if method in methods:
                _complete(path, method, methods[method], methods, schemas)
        _tag_what_is_made(path, methods, result["paths"])
    for schema in schemas.values():
        _simplify(schema)
    result["webhooks"] = {kind: _webhook(kind) for kind in EVENT_TYPES}
    return result


def _complete(
    path: str,
    method: str,
    operation: dict[str, Any],
    methods: dict[str, Any],
    schemas: dict[str, Any],
) -> None:
    text = operation.get("description", "")
    operation["summary"] = operation.get("summary") or text.split(".")[0].split("\n")[0][:120]
    parameters = {(each["in"], each["name"]): each for each in operation.get("parameters", [])}
    is_list = method == "get" and _make_page(operation, schemas)
    if is_list:
        _add(parameters, "query", "limit", {"type": "integer", "minimum": 1, "maximum": 100})
        _add(parameters, "query", "cursor", {"type": "string", "maxLength": 1000})
    if method == "get":
        _add(parameters, "header", "If-None-Match", {"type": "string"})
    if method == "post":
        key = {"type": "string", "pattern": "^[!-~]{1,64}$"}
        _add(parameters, "header", "Idempotency-Key", key)
    conditional = is_conditional(path, method, methods)
    if conditional:
        _add(parameters, "header", "If-Match", {"type": "string"}, required=True)
    operation["parameters"] = [parameters[key] for key in sorted(parameters)]
    answers = operation["responses"]
    problems = READ_PROBLEMS if method == "get" else WRITE_PROBLEMS
    for status in (*problems, *(CONDITION_PROBLEMS if conditional else ())):
        answers.setdefault(str(status), {"$ref": f"#/components/responses/{status}"})
    _tag_what_is_read(method, answers)
    _exemplify(operation.get("requestBody", {}), schemas, SENT.get(operation["operationId"]))
    for answer in answers.values():
        _exemplify(answer, schemas)
    for code, answer in answers.items():
        if not answer.get("description") and "$ref" not in answer:
            answer["description"] = "Done; there is nothing to say." if code == "204" else "Done."


def _tag_what_is_read(method: str, answers: dict[str, Any]) -> None:
    """Say that what is read or changed comes with its version, and may be unchanged."""
    if method in {"get", "patch"} and "200" in answers:
        answers["200"].setdefault("headers", {})["ETag"] = {"$ref": "#/components/headers/ETag"}
    if method == "get":
        answers["304"] = {"description": "What If-None-Match names is still so."}


def _tag_what_is_made(path: str, methods: dict[str, Any], paths: dict[str, Any]) -> None:
    """Say that what is made comes with its address, and with its version where it is whole."""
    made = methods.get("post", {}).get("responses", {}).get("201")
    there = paths.get(f"{path}/{{public_id}}", {}).get("get")
    if made is None or there is None:
        return
    told = made.setdefault("headers", {})
    told["Location"] = {"description": "Its address.", "schema": {"type": "string"}}
    if _shape(made) == _shape(there["responses"]["200"]):
        told["ETag"] = {"$ref": "#/components/headers/ETag"}


def _shape(answer: dict[str, Any]) -> Any:
    return answer["content"]["application/json"]["schema"]


def _simplify(schema: Any) -> None:
    """Keep ``oneOf``, which allows one match, from what fits two of its shapes.

    "Anything or null" is anything; an empty text is an address to whoever checks no formats.
    """
    if isinstance(schema, dict):
        shapes = schema.get("oneOf", [])
        if shapes == [{}, {"type": "null"}]:
            del schema["oneOf"]
        elif {"type": "string", "maxLength": 0} in shapes:
            schema["anyOf"] = schema.pop("oneOf")
        for inner in schema.values():
            _simplify(inner)
    elif isinstance(schema, list):
        for inner in schema:
            _simplify(inner)


def is_conditional(path: str, method: str, methods: dict[str, Any]) -> bool:
    """Say whether an operation needs ``If-Match``."""
    is_file = path.endswith("/resumes/{resume_id}") and "resume" in UNCONDITIONAL
    return method in {"patch", "delete"} and "get" in methods and not is_file


def _make_page(operation: dict[str, Any], schemas: dict[str, Any]) -> bool:
    """Describe a list as the page that it is; say whether the operation answers one."""
    content = operation["responses"].get("200", {}).get("content", {}).get("application/json")
    if content is None or operation["operationId"] in BARE_LISTS:
        return False
    schema = content["schema"]
    links = {"$ref": "#/components/schemas/PageLinks"}
    if schema.get("type") == "array":
        content["schema"] = {
            "type": "object",
            "required": ["data", "page"],
            "properties": {"data": schema, "page": links},
        }
        return True
    name = schema.get("$ref", "").rsplit("/", 1)[-1]
    properties = schemas.get(name, {}).get("properties", {})
    if {"data", "page"} <= properties.keys():
        properties["page"] = links
        return True
    return False


def _exemplify(body: dict[str, Any], schemas: dict[str, Any], given: Any = None) -> None:
    """Give a body an example, unless it has one: the one given, or one drawn from its shape."""
    content = body.get("content", {}).get("application/json")
    if content is not None and not {"example", "examples"} & content.keys():
        content["example"] = given or example_of(content["schema"], schemas)


def _add(
    parameters: dict[tuple[str, str], dict[str, Any]],
    place: str,
    name: str,
    schema: dict[str, Any],
    *,
    required: bool = False,
) -> None:
    described = {"in": place, "name": name, "schema": schema}
    parameters[place, name] = described | ({"required": True} if required else {})


def _problem_response(status: int) -> dict[str, Any]:
    kinds = [kind for kind in vars(api).values() if isinstance(kind, api.Kind)]
    [kind, *others] = [kind for kind in kinds if kind.status == status]
    example = {
        "type": f"https://foothold.example/problems/{kind.slug}" if kind.slug else "about:blank",
        "title": kind.title,
        "status": status,
        "detail": f"{kind.title}.",
        "instance": "urn:request:0123456789abcdef0123456789abcdef",
    }
    schema = {"$ref": "#/components/schemas/Problem"}
    content = {api.MEDIA_TYPE: {"schema": schema, "example": example}}
    titles = "; ".join(each.title for each in (kind, *others))
    return {"description": f"{titles}.", "content": content}


def _webhook(kind: str) -> dict[str, Any]:
    subject, act = kind.split(".")
    schema = {"$ref": "#/components/schemas/WebhookEvent"}
    example = {"type": kind, **_SHARED["event"]}
    operation = {
        "operationId": f"webhook_{kind.replace('.', '_')}",
        "summary": f"{subject.capitalize()} {act.replace('_', ' ')}",
        **_SHARED["webhook"],
        "requestBody": {"content": {"application/json": {"schema": schema, "example": example}}},
        "responses": {
            "2XX": {"description": "Taken."},
            "410": {"description": "Send no more."},
        },
    }
    return {"post": operation}
