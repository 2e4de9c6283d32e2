"""The shape of JSON Resume 1.0.0, as facts: sections, their fields and what each holds.

No field is required and further ones are allowed, as the standard has it.
"""

from typing import Final

TEXT: Final = "text"
DATE: Final = "date"
"""A year, a month or a day; a present engagement has none."""

type Shape = str | list[Shape] | dict[str, Shape]
"""A text or a date, a list of one shape, or an object by the names of its members."""


def _object(*texts: str, **others: Shape) -> dict[str, Shape]:
    return dict.fromkeys(texts, TEXT) | others


_TEXTS: Final[Shape] = [TEXT]
_SPAN: Final[dict[str, Shape]] = {"startDate": DATE, "endDate": DATE}

RESUME: Final[dict[str, Shape]] = _object(
    "$schema",
    basics=_object(
        "name", "label", "image", "email", "phone", "url", "summary",
        location=_object("address", "postalCode", "city", "countryCode", "region"),
        profiles=[_object("network", "username", "url")],
    ),
    work=[
        _object(
            "name", "location", "description", "position", "url", "summary",
            highlights=_TEXTS, **_SPAN,
        )
    ],
    volunteer=[_object("organization", "position", "url", "summary", highlights=_TEXTS, **_SPAN)],
    education=[
        _object("institution", "url", "area", "studyType", "score", courses=_TEXTS, **_SPAN)
    ],
    awards=[_object("title", "awarder", "summary", date=DATE)],
    certificates=[_object("name", "url", "issuer", date=DATE)],
    publications=[_object("name", "publisher", "url", "summary", releaseDate=DATE)],
    skills=[_object("name", "level", keywords=_TEXTS)],
    languages=[_object("language", "fluency")],
    interests=[_object("name", keywords=_TEXTS)],
    references=[_object("name", "reference")],
    projects=[
        _object(
            "name", "description", "url", "entity", "type",
            highlights=_TEXTS, keywords=_TEXTS, roles=_TEXTS, **_SPAN,
        )
    ],
    meta=_object("canonical", "version", "lastModified"),
)  # fmt: skip

SECTIONS: Final = tuple(RESUME)
