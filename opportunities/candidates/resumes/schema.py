"""The shape of JSON Resume 1.0.0, as facts: sections, their fields and types.

No field is required and further ones are allowed, as the standard has it.
"""

from typing import Any, Final

from jsonschema import Draft7Validator

MAX_ITEMS: Final = 200

_TEXT: Final = {"type": "string", "maxLength": 20_000}
_DATE: Final = {
    "type": "string",
    "pattern": r"^([1-2][0-9]{3}(-[0-1][0-9](-[0-3][0-9])?)?)?$",
}
"""A year, a month or a day; a present engagement has none."""


def _object(*texts: str, **others: Any) -> dict[str, Any]:
    return {"type": "object", "properties": dict.fromkeys(texts, _TEXT) | others}


def _list(item: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": item, "maxItems": MAX_ITEMS}


_TEXTS: Final = _list(_TEXT)
_SPAN: Final = {"startDate": _DATE, "endDate": _DATE}

RESUME: Final[dict[str, Any]] = _object(
    "$schema",
    basics=_object(
        "name", "label", "image", "email", "phone", "url", "summary",
        location=_object("address", "postalCode", "city", "countryCode", "region"),
        profiles=_list(_object("network", "username", "url")),
    ),
    work=_list(
        _object(
            "name", "location", "description", "position", "url", "summary",
            highlights=_TEXTS, **_SPAN,
        )
    ),
    volunteer=_list(
        _object("organization", "position", "url", "summary", highlights=_TEXTS, **_SPAN)
    ),
    education=_list(
        _object("institution", "url", "area", "studyType", "score", courses=_TEXTS, **_SPAN)
    ),
    awards=_list(_object("title", "awarder", "summary", date=_DATE)),
    certificates=_list(_object("name", "url", "issuer", date=_DATE)),
    publications=_list(_object("name", "publisher", "url", "summary", releaseDate=_DATE)),
    skills=_list(_object("name", "level", keywords=_TEXTS)),
    languages=_list(_object("language", "fluency")),
    interests=_list(_object("name", keywords=_TEXTS)),
    references=_list(_object("name", "reference")),
    projects=_list(
        _object(
            "name", "description", "url", "entity", "type",
            highlights=_TEXTS, keywords=_TEXTS, roles=_TEXTS, **_SPAN,
        )
    ),
    meta=_object("canonical", "version", "lastModified"),
)  # fmt: skip

SECTIONS: Final = tuple(RESUME["properties"])
VALIDATOR: Final = Draft7Validator(RESUME)
