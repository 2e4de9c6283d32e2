"""What a role is called: by a label, by the first line, or by whom an advert looks for."""

import re
from collections.abc import Iterator
from typing import Final

from opportunities.importing.adverts.advert import Advert, Span
from opportunities.importing.adverts.rows import begins_with_fact, is_fact, is_town
from opportunities.importing.adverts.words import CUES, field_labelled
from opportunities.roles.fields import FIELDS

_I: Final = re.IGNORECASE

_PARTING: Final = re.compile(
    r"\s+(?:-|\||·|•|@)\s+|\s*[|•]\s*|\s+·\s*|·\s+|\s+\((?=[^)]*\)\s*(?:$|-))|,\s+|\s*:\s+"
)


def read_title(advert: Advert, lists: list[list[Span]]) -> None:
    """Fill the title from the surest place that has one."""
    for span in _candidates(advert):
        if _add_title(advert, span):
            return
    if not _title_before_facts(advert, lists):
        _title_of_list(advert, lists)


def _candidates(advert: Advert) -> Iterator[Span]:
    """Yield where the title may stand, the surest place first."""
    lines = advert.of("title")
    first, *others = (CUES[label] for label in ("title_label", "project_label", "subject_label"))
    yield from (line.value for line in lines if first.fullmatch(line.label))
    head = _first_line(advert)
    wanted = list(_wanted(advert))
    if start := _before_facts(advert):
        yield start
    if head:
        yield from (span for span in wanted if head.start < span.start < span.end == head.end)
        if CUES["role_word"].search(advert.at(head)) or _heads_facts(advert, head):
            yield head
    yield from wanted
    for pattern in others:
        named = (line.value for line in lines if pattern.fullmatch(line.label))
        yield from (value for value in named if not CUES["passed_on"].match(advert.at(value)))


def _before_facts(advert: Advert) -> Span | None:
    """Return what an advert of one paragraph calls the role before a colon and its facts."""
    start = len(advert.plain) - len(advert.plain.lstrip())
    head, colon, rest = advert.plain[start:].partition("\n")[0].partition(": ")
    head = head.rstrip()
    if not colon or len(head.split()) > MOST_WORDS or not begins_with_fact(rest.lstrip()):
        return None
    is_else = CUES["greeting"].match(head) or _is_label(head) or CUES["of_sentences"].search(head)
    is_title = CUES["role_word"].search(head) and not re.search(r"[.!?]\s", head) and not is_else
    return Span(start, start + len(head)) if is_title else None


def _wanted(advert: Advert) -> Iterator[Span]:
    """Yield whom an advert says that it looks for."""
    for match in advert.matches(CUES["wanted"]):
        span = Span.of(match, "title")
        words = advert.at(span)
        lead = match[0][: span.start - match.start()]
        # The accusative of a German word is not its name.
        is_inflected = re.search(r"\beinen\s+$", lead, _I) and words.endswith("en")
        is_title = CUES["role_word"].search(words) and not CUES["not_title"].search(words)
        if is_title and not is_inflected:
            yield span


MOST_WORDS: Final = 10
"""Words of a title that nothing but its place shows to be one."""


def _title_before_facts(advert: Advert, lists: list[list[Span]]) -> bool:
    """Take what stands first in a first line whose other parts are all facts."""
    start = len(advert.plain) - len(advert.plain.lstrip())
    for parts in lists:
        if parts[0].start == start and len(parts) > 2 and not is_fact(advert, parts[0]):
            head = advert.at(parts[0])
            if CUES["greeting"].match(head) or len(head.split()) > MOST_WORDS:
                return False
            others = all(is_fact(advert, part) for part in parts[1:])
            return others and _add_title(advert, parts[0])
    return False


def _heads_facts(advert: Advert, first: Span) -> bool:
    """Say whether a short line stands right above the labelled facts of a role."""
    below = advert.plain[first.end :].lstrip("*_# \t\n")
    line = below.split("\n", 1)[0]
    facts = {each.name for each in advert.labelled} - {"other", "title", "kind"}
    start = len(advert.plain) - len(below)
    stands_over = is_fact(advert, Span(start, start + len(line.rstrip()))) or any(
        start <= each.line.start <= start + len(line) for each in advert.labelled
    )
    words = advert.at(first)
    is_heading = advert.plain[: first.start].strip(" \n").startswith("#")
    is_short = len(words.split()) <= MOST_WORDS
    return is_short and len(facts) >= 3 and (is_heading or stands_over)


def _is_label(words: str) -> bool:
    """Say whether words are a label, rather than the kind of role: "Internship: survey analyst"."""
    return bool(field_labelled(words)) and not CUES["kind_label"].fullmatch(words.strip(" *_#"))


def _first_line(advert: Advert) -> Span | None:
    """Return the first line if it may be a title: short, no greeting, no sentence."""
    for match in re.finditer(r"[^\n]+", advert.plain):
        line = match[0].strip(" *_#\t=-")
        if not line:
            continue
        if (
            len(line) > 110
            or (line.endswith((".", "!", "?", ",", ":", ";")) and not CUES["sought"].search(line))
            or CUES["greeting"].match(line)
            or re.search(r"[.!?]\s", line)
            or (":" in line and _is_label(line.split(":")[0]))
            or CUES["of_sentences"].search(line)
        ):
            return None
        start = match.start() + match[0].index(line)
        return Span(start, start + len(line))
    return None


_ORNAMENT: Final = re.compile(r"^[^\w(\"'\u201e\u201c\u00ab]+|\s+[^\w\s()]+$")
"""Signs before and behind a title, as posts have them: a rocket is no part of what it is called."""


def _add_title(advert: Advert, span: Span) -> bool:
    """Keep a title without the facts that follow it: "Survey analyst | 6 weeks | Leeds"."""
    words = advert.at(span)
    end = span.end
    for part in _PARTING.finditer(words):
        head = words[: part.start()]
        rest = words[part.end() :]
        tail = Span(span.start + part.end(), span.end)
        first = re.split(_PARTING, rest.rstrip(")"))[0]
        first_span = Span(tail.start, tail.start + len(first))
        if CUES["role_word"].search(head) and (
            is_fact(advert, first_span) or is_town(first.strip()) or begins_with_fact(rest)
            or any(sign in part[0] for sign in "@|·•")
            or CUES["of_facts"].search(first)
        ):  # fmt: skip
            end = span.start + len(head)
            break
    title = Span(span.start, end)
    value = " ".join(advert.at(title).split()).strip(' "*_-')
    most = FIELDS["title"].kind.most  # type: ignore[attr-defined]
    value = CUES["sought"].sub("", value)
    value = _ORNAMENT.sub("", value)
    if not 3 <= len(value) <= min(most, 110) or not re.search(r"[^\W\d_]{3}", value):
        return False
    if advert.plain[title.start : title.end] != value:
        place = advert.plain.find(value, title.start, title.end)
        title = Span(place, place + len(value)) if place >= 0 else title
    shown = advert.text[title.start : title.end]
    value = " ".join(shown.split())
    advert.add("title", value[0].upper() + value[1:], [title])
    return True


def _title_of_list(advert: Advert, lists: list[list[Span]]) -> None:
    """Take the one part that is no fact, of an advert that is nothing but a list of them."""
    if len(lists) != 1 or advert.plain.strip().count("\n"):
        return
    others = [part for part in lists[0] if not is_fact(advert, part)]
    others = [
        part
        for part in others
        if not CUES["near_facts"].search(advert.at(part)) and len(advert.at(part).split()) >= 2
    ]
    if len(others) == 1:
        _add_title(advert, others[0])
