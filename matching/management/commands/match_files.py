"""Match roles and candidates that live in files."""

import json
from collections.abc import Iterator
from itertools import batched
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from matching.engine import Vocabulary
from matching.files.parse import Problem, read_candidates, read_opportunities
from matching.files.rank import match
from matching.files.vocabulary import vocabulary_of
from opportunities.skills.vocabulary.files import VocabularyError, read_vocabulary

PORTION = 2_000
SHOWN_PROBLEMS = 100


class Command(BaseCommand):
    """Rank roles for candidates without a database: NDJSON files in, NDJSON out."""

    help = (
        "Rank the roles of one file for the candidates of another. Both hold one JSON object a "
        "line, with the fields described in docs/matching.md; an absent field is unstated. Prints "
        "one JSON object for each match, best first for every candidate. Lines that cannot be "
        "used are named on standard error, and the exit code is then 1."
    )
    requires_system_checks = ()
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--opportunities", required=True, type=Path, metavar="FILE")
        parser.add_argument("--candidates", required=True, type=Path, metavar="FILE")
        parser.add_argument("--top", type=int, default=10, metavar="K", help="matches for each")
        parser.add_argument(
            "--vocabulary",
            type=Path,
            metavar="PATH",
            help="skills by whose ids the files name skills: a folder, a zip or a skills file",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["top"] < 1:
            raise CommandError("--top: must be at least 1")
        vocabulary = self._vocabulary(options["vocabulary"])
        role_problems: list[Problem] = []
        people_problems: list[Problem] = []
        roles = list(read_opportunities(_lines(options["opportunities"]), role_problems))
        people = read_candidates(_lines(options["candidates"]), people_problems)
        portions = batched(people, PORTION, strict=False)
        matches = match(portions, roles, top=options["top"], vocabulary=vocabulary)
        for some in batched(matches, 1_000, strict=False):
            self.stdout.write("\n".join(json.dumps(line) for line in some))
        self._report(options["opportunities"], role_problems)
        self._report(options["candidates"], people_problems)
        if any(not problem.ignored for problem in role_problems + people_problems):
            raise CommandError("Some lines were left out.")

    def _vocabulary(self, path: Path | None) -> Vocabulary | None:
        if path is None:
            return None
        try:
            source = read_vocabulary(path)
        except (OSError, VocabularyError) as error:
            raise CommandError(f"--vocabulary: {error}") from error
        for problem in source.problems[:SHOWN_PROBLEMS]:
            self.stderr.write(
                f"{problem.file} line {problem.line}: {problem.field}: {problem.reason}"
            )
        return vocabulary_of(source)

    def _report(self, path: Path, problems: list[Problem]) -> None:
        for problem in problems[:SHOWN_PROBLEMS]:
            self.stderr.write(f"{path} {problem}{' (ignored)' if problem.ignored else ''}")
        if len(problems) > SHOWN_PROBLEMS:
            self.stderr.write(f"{path}: {len(problems) - SHOWN_PROBLEMS} more problems")


def _lines(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            yield from file
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}") from error
