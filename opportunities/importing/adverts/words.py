"""What labels and words of adverts name, and how adverts write dates."""

import re
import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import Any, Final

from opportunities.importing.columns import LABELS, field_called
from opportunities.importing.parsing.languages import MONTH

_SAID: Final[Mapping[str, Any]] = tomllib.loads(
    files("opportunities.importing.adverts").joinpath("words.toml").read_text("utf-8")
)
PATTERNS: Final[Mapping[str, Mapping[str, re.Pattern[str]]]] = {
    kind: {
        name: re.compile(rf"\b(?:{'|'.join(words)})\b", re.IGNORECASE)
        for name, words in said.items()
    }
    for kind, said in _SAID.items()
}
"""What tells steps of selection, evidence, schedules and flags, by their names."""

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


DATE: Final = (
    r"(?:\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{4}"
    rf"|\d{{1,2}}(?:st|nd|rd|th|er|\.)?\s+(?:of\s+)?(?:{MONTH})\b\.?,?(?:\s+\d{{4}}"
    rf"|\s*'\s?\d{{2}})?|(?:{MONTH})\b\.?\s+\d{{1,2}}(?:st|nd|rd|th)?\b(?!\d)(?:,?\s+\d{{4}})?)"
)
MONTH_YEAR: Final = rf"(?:{MONTH})\b\.?\s+\d{{4}}"
