"""Patterns that are kept as data beside the module that reads by them."""

import re
import tomllib
from pathlib import Path


def read_patterns(path: Path, **known: str) -> dict[str, re.Pattern[str]]:
    """Return the patterns of a TOML file by their names, the lines of each joined.

    ``{{date}}`` in one stands for the part of that name: one of ``known``, or of the table
    ``parts``. Those of ``cues`` are read without regard to case, those of ``exactly`` with it.
    """
    said = tomllib.loads(path.read_text("utf-8"))
    parts = dict(known)

    def whole(text: str) -> str:
        return re.sub(r"\{\{(\w+)\}\}", lambda part: parts[part[1]], text.replace("\n", ""))

    for name, text in said["parts"].items():
        parts[name] = whole(text)
    flags = (("cues", re.IGNORECASE), ("exactly", re.NOFLAG))
    return {
        name: re.compile(whole(text), flag)
        for table, flag in flags
        for name, text in said.get(table, {}).items()
    }
