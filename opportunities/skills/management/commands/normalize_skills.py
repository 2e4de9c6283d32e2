"""Find the skills that lines of free text mean."""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from itertools import batched
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from opportunities.skills import loading, lookup
from opportunities.skills.vocabulary.files import VocabularyError, read_vocabulary
from opportunities.skills.vocabulary.link import enriched
from opportunities.skills.vocabulary.meaning import Meanings, Rows, word_vectors
from opportunities.skills.vocabulary.resolve import MAX_TEXT, MAX_TOP, Resolved, Resolver

_TOGETHER = 100
"""Lines that are looked up in one go."""

type _Find = Callable[[Sequence[str], int], list[list[Resolved]]]
"""From texts and a number of candidates to the candidates of each text."""


class Command(BaseCommand):
    """Write, for each line of a file, the skills it may mean as NDJSON, the surest first."""

    help = (
        "Find the skills that each line of FILE means. Writes one JSON object a line for each "
        'line and candidate, surest first: {"line": 1, "text": "...", "rank": 1, "skill": id, '
        '"label": "...", "score": 0..1}. A line that means nothing known gives none. '
        "With --vocabulary the ids are those of its files and no database is needed; "
        "without, they are the slugs of the stored skills. Lines are compared by their words; "
        "with the extra semantic by word vectors and letters, which finds more."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="text file, one line a text; - reads standard input")
        parser.add_argument("--top", type=int, default=5, help=f"candidates a line, 1 to {MAX_TOP}")
        parser.add_argument("--vocabulary", help="folder, zip or skills file, as import_esco reads")
        parser.add_argument(
            "--by",
            choices=("words", "meaning"),
            help="compare by words alone, or by meaning; the default is meaning where it can be",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        top = options["top"]
        if not 1 <= top <= MAX_TOP:
            raise CommandError(f"--top is a number from 1 to {MAX_TOP}.")
        find = _finder(self._rows(options["vocabulary"]), options["by"])
        try:
            for lines in batched(_lines(options["file"]), _TOGETHER, strict=False):
                found = find([text for _, text in lines], top)
                for (number, text), hits in zip(lines, found, strict=True):
                    for rank, hit in enumerate(hits, 1):
                        row = {
                            "line": number,
                            "text": text,
                            "rank": rank,
                            "skill": hit.id,
                            "label": hit.label,
                            "score": hit.score,
                        }
                        self.stdout.write(json.dumps(row, ensure_ascii=False))
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be read: {error}") from error

    def _rows(self, path: str | None) -> Rows:
        if path is None:
            rows = lookup.stored_rows()
            if not rows:
                raise CommandError("No skills are stored: run load_skills, or give --vocabulary.")
            return rows
        try:
            vocabulary = read_vocabulary(path)
        except VocabularyError as error:
            raise CommandError(str(error)) from error
        for problem in vocabulary.problems:
            self.stderr.write(
                f"{problem.file} line {problem.line}: {problem.field} {problem.reason}"
            )
        own = read_vocabulary(loading.OWN_SKILLS).skills
        return tuple(
            (skill.id, skill.label, skill.aliases) for skill in enriched(vocabulary.skills, own)
        )


def _finder(rows: Rows, by: str | None) -> _Find:
    if by != "words" and (vectors := word_vectors()) is not None:
        return Meanings(rows, vectors).likely
    if by == "meaning":
        raise CommandError("The extra semantic is missing: uv sync --inexact --extra semantic.")
    resolver = Resolver(rows)
    return lambda texts, top: [resolver.resolve(text, top) for text in texts]


def _lines(path: str) -> Iterator[tuple[int, str]]:
    """Yield the lines that hold text, with their numbers; each is cut at ``MAX_TEXT``."""
    with (
        nullcontext(sys.stdin)
        if path == "-"
        else Path(path).open(encoding="utf-8-sig", errors="replace")
    ) as file:
        for number, line in enumerate(file, 1):
            if text := line.strip()[:MAX_TEXT]:
                yield number, text
