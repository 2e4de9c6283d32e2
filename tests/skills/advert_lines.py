"""Lines of adverts and CVs of our own, labelled with skills of our list, and how they are measured.

``advert_lines.tsv`` holds 233 lines that say what is done, mostly without a name of the skill, and
45 that mean no skill. Every second line is ``held``: no share or threshold was chosen by it. A line
counts as hit when one of its skills is among the first five.
"""

import csv
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

LINES = Path(__file__).parent / "advert_lines.tsv"


class Line(NamedTuple):
    part: str
    skills: frozenset[str]
    text: str


def labelled() -> list[Line]:
    with LINES.open(encoding="utf-8", newline="") as file:
        return [
            Line(row["part"], frozenset(filter(None, row["skills"].split(","))), row["line"])
            for row in csv.DictReader(file, delimiter="\t")
        ]


def hits(find: Callable[[Sequence[str]], list[list[str]]], part: str) -> float:
    """Return the share of a part's lines for which ``find`` has a right skill among its five."""
    lines = [line for line in labelled() if line.part == part and line.skills]
    found = find([line.text for line in lines])
    right = sum(bool(line.skills & set(ids[:5])) for line, ids in zip(lines, found, strict=True))
    return right / len(lines)
