"""Marks the exact words that checks mean, in the text as its author wrote it."""

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from typing import Final, NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from opportunities.moderation.models import Finding

WORDS: Final = re.compile(r"\s+|\S+")


class Mark(NamedTuple):
    """Characters from ``start`` up to ``end``, and the number of the check that means them."""

    start: int
    end: int
    number: int


def marks_in(field: str, findings: Sequence[Finding]) -> list[Mark]:
    """Return the marks of numbered findings in one field, in order, without overlaps."""
    found = sorted(
        Mark(span["start"], span["end"], number)
        for number, finding in enumerate(findings, start=1)
        for span in finding.spans
        if span["field"] == field
    )
    kept: list[Mark] = []
    for mark in found:
        if not kept or mark.start >= kept[-1].end:
            kept.append(mark)
    return kept


def marked(text: str, marks: Iterable[Mark]) -> SafeString:
    """Return the text as HTML with each mark linked to its check."""
    pieces: list[SafeString] = []
    place = 0
    for mark in marks:
        start, end = max(mark.start, place), min(mark.end, len(text))
        if start >= end:
            continue
        pieces += [
            format_html("{}", text[place:start]),
            format_html(
                '<mark>{}<sup><a href="#c{}">{}</a></sup></mark>',
                text[start:end],
                mark.number,
                mark.number,
            ),
        ]
        place = end
    pieces.append(format_html("{}", text[place:]))
    return format_html_join("", "{}", ((piece,) for piece in pieces))


def differences(here: str, there: str) -> tuple[SafeString, SafeString]:
    """Return two texts as HTML, each with the words marked that the other does not have there."""
    mine, theirs = WORDS.findall(here), WORDS.findall(there)
    left: list[SafeString] = []
    right: list[SafeString] = []
    for kind, a, b, c, d in SequenceMatcher(None, mine, theirs).get_opcodes():
        for pieces, text in ((left, "".join(mine[a:b])), (right, "".join(theirs[c:d]))):
            is_same = kind == "equal" or not text.strip()
            pieces.append(format_html("{}" if is_same else "<mark>{}</mark>", text))
    return (
        format_html_join("", "{}", ((piece,) for piece in left)),
        format_html_join("", "{}", ((piece,) for piece in right)),
    )
