"""Patterns that are kept as data, in a TOML file beside the module that reads by them."""

import re
import tomllib
from pathlib import Path


class Patterns:
    """What a file of patterns says.

    Lines of a pattern are joined, and ``{{date}}`` in one stands for the part of that name: one of
    ``known``, or of the file's table ``parts``.
    """

    def __init__(self, path: Path, **known: str) -> None:
        self.said = tomllib.loads(path.read_text("utf-8"))
        self._parts = known
        for name, text in self.said["parts"].items():
            self._parts[name] = self.whole(text)

    def whole(self, text: str) -> str:
        """Return a pattern in one line, with the parts that it names."""
        return re.sub(r"\{\{(\w+)\}\}", lambda part: self._parts[part[1]], text.replace("\n", ""))

    def compiled(self, table: str, flags: re.RegexFlag = re.NOFLAG) -> dict[str, re.Pattern[str]]:
        """Return the patterns of a table by their names."""
        return {
            name: re.compile(self.whole(text), flags) for name, text in self.said[table].items()
        }
