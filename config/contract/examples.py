"""Examples for the schema: drawn from the shapes, with values that read like the real thing."""

from typing import Any, Final

from opportunities.core.data import read_beside

_KEPT: Final[dict[str, dict[str, Any]]] = read_beside(__file__)
VALUES: Final = _KEPT["values"]
"""A value for each name of a field, where one is likelier than its shape alone says."""
FORMATS: Final = _KEPT["formats"]
_ROLE: Final = _KEPT["role"]
_ROLE_OF_EMPLOYER: Final = {"employer": VALUES["employer"], **_ROLE}
SENT: Final[dict[str, dict[str, Any]]] = _KEPT["sent"] | {
    "employers_create": _KEPT["employer"],
    "employers_update": _KEPT["employer"],
    "opportunities_assess": _ROLE_OF_EMPLOYER,
    "opportunities_by_source": _ROLE_OF_EMPLOYER,
    "opportunities_create": _ROLE_OF_EMPLOYER,
    "opportunities_update": _ROLE,
}
"""What is sent, by the name of the operation, where values of the right shape are not enough."""


def example_of(schema: dict[str, Any], components: dict[str, Any], name: str = "") -> Any:
    """Return a value of a shape; ``name`` is the property that it stands for."""
    if "$ref" in schema:
        schema = components[schema["$ref"].rsplit("/", 1)[1]]
    for key in ("allOf", "oneOf", "anyOf"):
        if key in schema:
            return example_of(schema[key][0], components, name)
    kind = schema.get("type", "object")
    if isinstance(kind, list):
        kind = next((each for each in kind if each != "null"), "null")
    if "enum" in schema:
        return next((value for value in schema["enum"] if value not in ("", None)), None)
    if kind == "object":
        parts = schema.get("properties", {})
        return {part: example_of(inner, components, part) for part, inner in parts.items()}
    if kind == "array":
        usual = VALUES.get(name)
        if isinstance(usual, tuple) and schema["items"].get("type") == "string":
            return usual
        return [example_of(schema["items"], components, name)]
    return _scalar(schema, kind, name)


def _scalar(schema: dict[str, Any], kind: str, name: str) -> Any:
    value = VALUES.get(name)
    if kind == "string":
        text = value if isinstance(value, str) else FORMATS.get(schema.get("format", ""), "text")
        return text[: schema.get("maxLength")]
    if kind in {"integer", "number"}:
        usual = value if isinstance(value, int) else 1
        return min(max(usual, schema.get("minimum", usual)), schema.get("maximum", usual))
    return {"boolean": True}.get(kind)
