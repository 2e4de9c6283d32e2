"""The labelled lines of an advert, and headings with their value below them."""

import re
from typing import Final

from opportunities.importing.adverts.advert import MOST, Labelled, Span
from opportunities.importing.adverts.words import CUES, field_labelled

LINE: Final = re.compile(r"^[^\n]*$", re.MULTILINE)
_SIGNED: Final = {"📍": "location"} | dict.fromkeys("💷💶💵💰", "pay")
"""Signs that stand before a fact in posts, instead of a label."""
_BY_DASH: Final = frozenset(
    {"duration", "commitment", "pay", "start", "period", "apply_by", "location", "capacity",
     "skills", "hours_per_week"}
)  # fmt: skip
_ASKED: Final = _BY_DASH | {"mode"}
"""Fields whose label may be a question: "Where? Leeds"."""
_NUMBERED: Final = frozenset({"duration", "commitment", "pay", "hours_per_week"})
_LISTS: Final = frozenset({"skills", "deliverables", "steps", "other"})


def _labels_in(line: str) -> list[tuple[re.Match[str], str]]:
    """Return the labels of a line with the field that each names."""
    here = [(match, field_labelled(match["label"])) for match in CUES["label_colon"].finditer(line)]
    if known := [
        (match, name) for match, name in here if name and (match["sign"] == ":" or name in _ASKED)
    ]:
        return known
    for pattern, fields in ((CUES["label_dash"], _BY_DASH), (CUES["label_bare"], _NUMBERED)):
        found = pattern.match(line)
        if found and (name := field_labelled(found["label"])) in fields:
            return [(found, name)]
    sign = CUES["label_sign"].match(line)
    return [(sign, _SIGNED[sign["label"]])] if sign else []


def find_labels(plain: str) -> list[Labelled]:
    """Return the lines of the form "Label: value", and headings with their value below them."""
    lines = [found.span() for found in LINE.finditer(plain)]
    found: list[Labelled] = []
    for number, (start, end) in enumerate(lines):
        line = plain[start:end]
        known = _labels_in(line)
        if not known and (name := _heading(line)):
            value = _below(plain, lines, number, name)
            if value:
                found.append(Labelled(name, line.strip(" *_#:").casefold(), Span(start, value.end),
                                      value))  # fmt: skip
            continue
        for place, (match, name) in enumerate(known):
            stop = start + known[place + 1][0].start() if place + 1 < len(known) else end
            value = trimmed(plain, start + match.end(), stop)
            if value.start >= value.end and place + 1 == len(known):
                below = _below(plain, lines, number, name)
                if below:
                    value = below
            if name not in _LISTS or (
                name == "skills" and "\n" not in plain[value.start : value.end]
            ):
                value = _first_sentence(plain, value)
            if value.start < value.end:
                label = match["label"].strip(" *_").casefold()
                found.append(Labelled(name, label, Span(start + match.start(), value.end), value))
    return found[:MOST]


def _first_sentence(plain: str, value: Span) -> Span:
    """Cut a value in running text where its sentence ends."""
    found = CUES["end_within"].search(plain, value.start, value.end)
    return Span(value.start, found.start()) if found else value


def _heading(line: str) -> str:
    """Return the field that a line names which is nothing but a label."""
    plain = line.strip(" *_#:\t")
    if not plain or len(plain) > 48 or line.rstrip().endswith((".", ",", "!", "?")):
        return ""
    return "" if plain.casefold() == "remote" else field_labelled(plain)


def _below(plain: str, lines: list[tuple[int, int]], number: int, name: str) -> Span | None:
    """Return the value that stands under a heading: one line, or a list of lines."""
    first = last = None
    for start, end in lines[number + 1 : number + 14]:
        line = plain[start:end]
        if not line.strip():
            if first is not None:
                break
            continue
        if _heading(line) or any(
            field_labelled(m["label"]) for m in CUES["label_colon"].finditer(line)
        ):
            break
        if first is None:
            first = start
        elif (
            name in _LISTS
            and not CUES["bullet"].match(line)
            and CUES["bullet"].match(plain[first:end])
        ):
            break
        last = end
        if name not in _LISTS:
            break
    return None if first is None or last is None else trimmed(plain, first, last)


def trimmed(plain: str, start: int, end: int) -> Span:
    """Return the place without the spaces, marks and the one last point around its words."""
    start = end - len(plain[start:end].lstrip(" \t*_|;•·,\n-"))
    end = start + len(plain[start:end].rstrip(" \t*_|;•·,\n"))
    if start < end and plain[end - 1] == "." and plain[start:end].count(".") == 1:
        end -= 1
    return Span(start, end)
