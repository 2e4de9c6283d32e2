"""Examples for the schema: drawn from the shapes, with values that read like the real thing."""

from typing import Any, Final

VALUES: Final[dict[str, Any]] = {
    "title": "Survey analyst",
    "summary": "Turn a survey of visitors into a short report.",
    "description": "You clean the answers of our survey, count them and write four pages.",
    "name": "sql",
    "label": "SQL",
    "slug": "harbour-studio",
    "text": "May I start a week later?",
    "message": "Your report on river levels is close to what we do.",
    "reason": "The task is not described.",
    "question": "May I start a week later?",
    "answer": "Yes, from the second week.",
    "country": "GB",
    "currency": "GBP",
    "pay_currency": "GBP",
    "amount": "420.00",
    "pay_amount": "400.00",
    "language": "en",
    "place": "Leeds",
    "email": "ada@example.org",
    "url": "https://hooks.example/foothold",
    "website": "https://harbour.example/",
    "domain": "harbour.example",
    "cursor": "cD0yMDI2LTExLTAy",
    "external_id": "2026-117",
    "source": "our-ats",
    "id": "opp_01kd3q8p4wz6c9y2v5m7t1n0ab",
    "opportunity": "opp_01kd3q8p4wz6c9y2v5m7t1n0ab",
    "employer": "emp_01kd3q8p4wz6c9y2v5m7t1n0ab",
    "application": "app_01kd3q8p4wz6c9y2v5m7t1n0ab",
    "weeks": 2,
    "hours_total": 20,
    "hours_per_week": 10,
    "hours": 20,
    "rules": ["3.1"],
    "query": "field=data&mode=remote",
}
FORMATS: Final = {
    "date": "2027-03-01",
    "date-time": "2027-03-01T09:00:00Z",
    "email": "ada@example.org",
    "uri": "https://harbour.example/",
    "uuid": "018f2f60-7c1e-7b8a-9a53-5d2f4f3c2b1a",
    "decimal": "12.50",
}
DEEPEST: Final = 24


def example_of(
    schema: dict[str, Any], components: dict[str, Any], name: str = "", depth: int = 0
) -> Any:
    """Return a value of a shape; ``name`` is the property that it stands for."""
    if depth > DEEPEST:
        return None
    if "$ref" in schema:
        schema = components[schema["$ref"].rsplit("/", 1)[1]]
    for key in ("allOf", "oneOf", "anyOf"):
        if key in schema:
            return example_of(schema[key][0], components, name, depth + 1)
    kind = schema.get("type", "object")
    kind = (
        next((each for each in kind if each != "null"), "null") if isinstance(kind, list) else kind
    )
    if "enum" in schema:
        return next((value for value in schema["enum"] if value not in ("", None)), None)
    if kind == "object":
        return _object(schema, components, depth)
    if kind == "array":
        return _array(schema, components, name, depth)
    return _scalar(schema, kind, name)


def _object(schema: dict[str, Any], components: dict[str, Any], depth: int) -> dict[str, Any]:
    return {
        name: example_of(part, components, name, depth + 1)
        for name, part in schema.get("properties", {}).items()
    }


def _array(schema: dict[str, Any], components: dict[str, Any], name: str, depth: int) -> list[Any]:
    usual = VALUES.get(name)
    if isinstance(usual, list) and schema.get("items", {}).get("type") == "string":
        return list(usual)
    return [example_of(schema.get("items", {}), components, name, depth + 1)]


def _scalar(schema: dict[str, Any], kind: str, name: str) -> Any:
    value = VALUES.get(name)
    if kind == "string":
        text = value if isinstance(value, str) else FORMATS.get(schema.get("format", ""), "text")
        if schema.get("format") in FORMATS and not isinstance(value, str):
            return text
        return text[: schema.get("maxLength", 300)]
    if kind in {"integer", "number"}:
        usual = value if isinstance(value, int) else 1
        return min(max(usual, schema.get("minimum", usual)), schema.get("maximum", usual))
    return {"boolean": True}.get(kind)
