"""What labels and words of adverts name, and how adverts write dates."""

import re
import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import Any, Final

from opportunities.importing.columns import LABELS, field_called
from opportunities.importing.parsing.languages import COUNTED, MONTH, WEEKDAY


def _said(name: str) -> Mapping[str, Any]:
    return tomllib.loads(files("opportunities.importing.adverts").joinpath(name).read_text("utf-8"))


PATTERNS: Final[Mapping[str, Mapping[str, re.Pattern[str]]]] = {
    kind: {
        name: re.compile(rf"\b(?:{'|'.join(words)})\b", re.IGNORECASE)
        for name, words in said.items()
    }
    for kind, said in _said("words.toml").items()
}
"""What tells steps of selection, evidence, schedules and flags, by their names."""


def _patterns() -> tuple[dict[str, str], dict[str, re.Pattern[str]]]:
    """Return the parts and the patterns of ``cues.toml``, parts put in where they are named."""
    said = _said("cues.toml")
    parts = {"month": MONTH, "weekday": WEEKDAY, "counted": COUNTED}

    def whole(text: str) -> str:
        return re.sub(r"\{\{(\w+)\}\}", lambda part: parts[part[1]], text.replace("\n", ""))

    for name, text in said["parts"].items():
        parts[name] = whole(text)
    cues = {name: re.compile(whole(text), re.IGNORECASE) for name, text in said["cues"].items()}
    return parts, cues | {name: re.compile(whole(text)) for name, text in said["exactly"].items()}


PARTS, CUES = _patterns()
"""What words around a fact say of it; and the parts of which these patterns are made."""

MOST_LABEL: Final = 48

_READ: Final = frozenset(LABELS.values()) | {
    "capacity", "apply_by", "min_age", "title", "schedule", "mode", "skills",
    "deliverables", "steps",
}  # fmt: skip


def field_labelled(label: str) -> str:
    """Return what a label of an advert names, by its own words or those of boards, or nothing."""
    plain = " ".join(label.casefold().replace("\u2019", "'").split()).strip(" *_#:.-\u2022")
    if not plain or len(plain) > MOST_LABEL:
        return ""
    if name := LABELS.get(plain, ""):
        return name
    name = field_called(plain)
    return name if name in _READ else ""


DATE: Final = PARTS["date"]
MONTH_YEAR: Final = PARTS["month_year"]
