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
_ROLE: Final[dict[str, Any]] = {
    "title": "Survey analyst",
    "format": "micro_internship",
    "field": "data",
    "summary": "Turn a survey of visitors into a short report.",
    "description": "You clean the answers of our survey, count them and write four pages.",
    "hours_total": 20,
    "weeks": 2,
    "schedule": "flexible",
    "apply_by": "2027-03-01",
    "mode": "remote",
    "country": "GB",
    "pay_kind": "fixed_fee",
    "pay_amount": "420.00",
    "pay_currency": "GBP",
    "pay_days": 14,
    "steps": ["questions"],
    "capacity": 1,
    "response_days": 5,
    "skills": [{"name": "sql", "level": 1, "importance": 2, "must": True}],
    "deliverables": [
        {"title": "A report", "done_means": "Every question has its table.", "publishable": True}
    ],
    "questions": [{"text": "Which table would you make first, and why?", "minutes": 5}],
}
_PROFILE: Final[dict[str, Any]] = {
    "headline": "Second-year student of statistics",
    "about": "I like to find out what numbers hide.",
    "school": "University of Leeds",
    "goal": 0.3,
    "available_from": "2026-12-07",
    "available_until": "2027-03-29",
    "hours_per_week": 12,
    "weekly_hours": [{"from": "2027-01-04", "until": "2027-01-24", "hours": 30}],
    "blocked_weeks": ["2026-12-21"],
    "interests": {"data": 1, "research": 0.5},
    "modes": ["remote", "hybrid"],
    "regions": ["Leeds, 30 km"],
    "currency": "GBP",
    "evidence_wanted": ["reference"],
    "importance": {"pay": 3, "depth": 4},
    "top3": ["depth"],
    "rights": ["GB"],
    "rate_floor": "12.21",
    "rate_target": "18.00",
    "skills": [{"name": "sql", "level": 2}],
    "targets": [{"name": "sql", "priority": 1}],
}
_EMPLOYER: Final = {
    "name": "Harbour Studio",
    "about": "We count who visits museums, and why.",
    "website": "https://harbour.example/",
    "domain": "harbour.example",
    "field": "research",
    "place": "Leeds",
    "country": "GB",
}
SENT: Final[dict[str, dict[str, Any]]] = {
    "alerts_add": {"query": "field=data&mode=remote", "name": "Data, remote", "rhythm": "weekly"},
    "applications_apply": {
        "opportunity": "opp_01kd3q8p4wz6c9y2v5m7t1n0ab",
        "name": "Ada Byron",
        "answers": [],
        "cover_letter": "I counted the visitors of our library for a year.",
        "work_sample_url": "https://ada.example/report",
    },
    "applications_bulk": {
        "action": "reject",
        "applications": ["app_01kd3q8p4wz6c9y2v5m7t1n0ab"],
        "reason": "skills",
        "message": "Thank you for the time that you took.",
    },
    "applications_complete": {
        "hours": 20,
        "started_on": "2026-11-02",
        "ended_on": "2026-11-20",
        "summary": "Counted the answers and wrote four pages.",
        "deliverables": [{"title": "A report", "url": "https://harbour.example/report"}],
        "skills": [{"name": "sql", "level": 2}],
    },
    "applications_interview": {
        "slots": [{"starts_at": "2026-12-01T10:00:00Z", "minutes": 30, "where": "By video"}]
    },
    "applications_offer": {
        "lapses_at": "2026-12-04T12:00:00Z",
        "message": "Your report on river levels is close to what we do.",
    },
    "employers_create": _EMPLOYER,
    "employers_update": _EMPLOYER,
    "moderation_approve": {"version": 1, "employer_checked": True},
    "moderation_answer_report": {"upheld": True, "answer": "The pay is now stated."},
    "moderation_sanction": {
        "employer": "emp_01kd3q8p4wz6c9y2v5m7t1n0ab",
        "level": "warning",
        "reason": "Three applicants had no answer.",
    },
    "notices_quiet_choose": {"time_zone": "Europe/London", "quiet_from": 22, "quiet_until": 7},
    "opportunities_amend": {"summary": "Turn a survey into four pages."},
    "opportunities_assess": {"employer": "emp_01kd3q8p4wz6c9y2v5m7t1n0ab", **_ROLE},
    "opportunities_by_source": {"employer": "emp_01kd3q8p4wz6c9y2v5m7t1n0ab", **_ROLE},
    "opportunities_create": {"employer": "emp_01kd3q8p4wz6c9y2v5m7t1n0ab", **_ROLE},
    "opportunities_update": _ROLE,
    "profile_patch": {"hours_per_week": 12, "available_until": "2027-03-29"},
    "profile_put": _PROFILE,
    "reports_create": {
        "opportunity": "opp_01kd3q8p4wz6c9y2v5m7t1n0ab",
        "reason": "misleading",
        "text": "The advert says paid; the interviewer said it is not.",
    },
    "verifications_ask": {"email": "office@harbour.example"},
}
"""What is sent, by the name of the operation, where values of the right shape are not enough."""

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
