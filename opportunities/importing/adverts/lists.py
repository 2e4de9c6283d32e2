"""The lists of an advert: what applicants go through, results and skills."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from opportunities.importing.adverts.advert import MOST, UNKNOWN_SKILL, Advert, Span
from opportunities.importing.adverts.words import CUES, PATTERNS
from opportunities.roles.fields import PARTS

type Skills = Callable[[Iterable[str]], Mapping[str, str]]
"""Returns the slug of each text that is exactly the name of a skill."""

_I: Final = re.IGNORECASE


def read_steps(advert: Advert) -> None:
    """Fill what applicants go through, in the order in which the advert names it."""
    places: list[tuple[int, str, Span]] = []
    for name, pattern in PATTERNS["steps"].items():
        for match in advert.matches(pattern):
            span = Span.of(match)
            in_label = any(line.value.holds(span) for line in advert.of("steps"))
            if not in_label and not CUES["apply_cue"].search(advert.sentence(span)):
                continue
            before, after = advert.before(span.start), advert.after(span.end)
            if advert.is_negated(span.start) or CUES["not_needed"].match(after):
                continue
            if CUES["or_this"].search(before) or CUES["or_that"].match(after):
                advert.leave("steps", span)
                continue
            places.append((span.start, name, span))
    places.sort()
    if places:
        names = list(dict.fromkeys(name for _, name, _ in places))
        advert.add("steps", names, [span for _, _, span in places])


_ITEM: Final = re.compile(r"[^\n]+")
_MARK: Final = re.compile(r"^\s*(?:[-*•·\u2013‣○]|\d{1,2}[.)])\s*")


def _items(advert: Advert, value: Span) -> Iterator[Span]:
    """Yield the entries of a list: its lines, or what stands between semicolons."""
    words = advert.at(value)
    lines = [line for line in _ITEM.finditer(words) if line[0].strip()]
    is_list = len(lines) != 1 or _MARK.match(words)
    for piece in lines if is_list else re.finditer("[^;]+", words):
        mark = _MARK.match(piece[0])
        start = value.start + piece.start() + (mark.end() if mark else 0)
        end = value.start + piece.end()
        start = end - len(advert.plain[start:end].lstrip(" \t*_"))
        end = start + len(advert.plain[start:end].rstrip(" \t*_.;,"))
        if start < end:
            yield Span(start, end)


def read_deliverables(advert: Advert) -> None:
    """Fill the results from the list under their heading."""
    found: list[Span] = []
    most = PARTS["deliverables"].fields["title"].most  # type: ignore[attr-defined]
    for line in advert.of("deliverables"):
        for item in _items(advert, line.value):
            words = advert.at(item)
            if len(words) > most:
                advert.leave("deliverables", item, why="too_long")
            elif re.fullmatch(r"[\d\s]*|tbc|tbd|none|keine|aucun", words, _I):
                advert.leave("deliverables", item)
            else:
                found.append(item)
    if found and len(found) <= PARTS["deliverables"].most:
        entries = [{"title": " ".join(advert.text[s.start : s.end].split())} for s in found]
        advert.add("deliverables", entries, found)


_BETWEEN: Final = re.compile(r"[,;|•·\n/]|\s+(?:and|or|und|oder|et|ou)\s+|&", _I)


def read_skills(advert: Advert, lookup: Skills | None) -> None:
    """Fill the skills whose names stand in a list of skills or behind "experience with"."""
    if lookup is None:
        return
    candidates: list[tuple[Span, str, bool]] = []
    for line in advert.of("skills"):
        for item in _items(advert, line.value):
            candidates += [(span, words, True) for span, words in _names(advert, item)]
    for match in CUES["skill_cue"].finditer(advert.plain):
        if not advert.is_negated(match.start()) and not CUES["not"].search(match["list"]):
            span = Span.of(match, "list")
            candidates += [(span, words, False) for span, words in _names(advert, span)]
    candidates = candidates[:MOST]
    known = lookup([words for _, words, _ in candidates])
    found: dict[str, list[Span]] = {}
    for span, words, is_listed in candidates:
        if slug := known.get(words):
            found.setdefault(slug, []).append(span)
        elif is_listed:
            advert.leave("skills", span, why=UNKNOWN_SKILL)
    if found and len(found) <= PARTS["skills"].most:
        entries = [named_skill(slug) for slug in found]
        advert.add("skills", entries, [span for spans in found.values() for span in spans])


def named_skill(slug: str) -> dict[str, Any]:
    """Return a skill that an advert names: some of it, useful, not a must."""
    return {"name": slug, "level": 1, "importance": 1, "must": False}


def _names(advert: Advert, item: Span) -> Iterator[tuple[Span, str]]:
    words = advert.at(item)
    place = 0
    for cut in [*_BETWEEN.finditer(words), None]:
        end = cut.start() if cut else len(words)
        piece = words[place:end].lstrip()
        lead = CUES["levels"].match(piece + " ")
        start = end - len(piece)
        if lead and lead.end() < len(piece.rstrip()):
            start += lead.end()
        name = CUES["after_skill"].sub("", words[start:end].strip(" .*_'\"-"))
        begin = words.find(name, start, end) if name else -1
        if begin >= 0 and len(name) <= 60:
            yield Span(item.start + begin, item.start + begin + len(name)), name
        place = cut.end() if cut else end
