"""What labels and words of adverts name, and how adverts write dates."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from opportunities.core.patterns import Patterns
from opportunities.importing.columns import LABELS, field_called
from opportunities.importing.parsing.languages import COUNTED, MONTH, WEEKDAY

_HERE: Final = Path(__file__).parent
PATTERNS: Final[Mapping[str, Mapping[str, re.Pattern[str]]]] = {
    kind: {
        name: re.compile(rf"\b(?:{'|'.join(words)})\b", re.IGNORECASE)
        for name, words in said.items()
    }
    for kind, said in tomllib.loads((_HERE / "words.toml").read_text("utf-8")).items()
}
"""What tells steps of selection, evidence, schedules and flags, by their names."""


_SAID: Final = Patterns(_HERE / "cues.toml", month=MONTH, weekday=WEEKDAY, counted=COUNTED)
CUES: Final = _SAID.compiled("cues", re.IGNORECASE) | _SAID.compiled("exactly")
"""What words around a fact say of it."""

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
