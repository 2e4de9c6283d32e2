"""Import the ESCO classification of skills."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from opportunities.skills import loading
from opportunities.skills.vocabulary.files import ESCO_NOTICE, VocabularyError, read_vocabulary

SHOWN_PROBLEMS = 50


class Command(BaseCommand):
    """Add every ESCO skill beside our own list, linking those that are the same."""

    help = (
        "Import ESCO skills from a folder, a zip or a skills file: the compact form "
        "(skills.csv.gz, skill_broader.csv.gz) or the official CSV download. "
        "Running it twice changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", help="folder, zip or skills file")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            vocabulary = read_vocabulary(options["path"])
        except VocabularyError as error:
            raise CommandError(str(error)) from error
        for problem in vocabulary.problems[:SHOWN_PROBLEMS]:
            self.stderr.write(
                f"{problem.file} line {problem.line}: {problem.field} {problem.reason}"
            )
        unseen = len(vocabulary.problems) - SHOWN_PROBLEMS
        if unseen > 0:
            self.stderr.write(f"... and {unseen} more rows left out.")
        loading.load_own_skills()
        loaded = loading.import_esco(
            vocabulary=vocabulary, own=read_vocabulary(loading.OWN_SKILLS).skills
        )
        self.stdout.write(
            f"ESCO: {len(vocabulary.skills)} skills read, {len(vocabulary.problems)} rows left "
            f"out; {loaded.skills} skills and groups added, {loaded.linked} linked to our own, "
            f"{loaded.changed} renamed; {loaded.aliases} names and {loaded.edges} relations added."
        )
        self.stdout.write(ESCO_NOTICE)
