"""Compute all matches anew, through Celery, and show how far it is."""

import sys
import time
from argparse import ArgumentParser
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from matching import ENGINE_VERSION, tasks
from matching.jobs.runs import steps
from matching.models import Market, Run, RunState
from opportunities.core import nudge

POLL_SECONDS: Final = 0.1


class Command(BaseCommand):
    help = "Compute all matches anew, through the Celery workers."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--no-wait", action="store_true", help="only ask for it; the workers go on alone"
        )
        parser.add_argument(
            "--if-needed",
            action="store_true",
            help="do nothing where a run of this engine is published",
        )
        parser.add_argument("--cancel", metavar="RUN", help="stop a run instead")
        parser.add_argument("--resume", metavar="RUN", help="wait for a run that is on its way")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        if options["cancel"]:
            steps.cancel(self.run_named(options["cancel"]).pk, at=now)
            self.stdout.write("The run stops at its next step.")
            return
        if options["resume"]:
            run = self.run_named(options["resume"])
        elif options["if_needed"] and is_current():
            self.stdout.write("All matches are up to date with this engine.")
            return
        else:
            run = steps.request_run(at=now)
        nudge.send(tasks.advance_run, run_id=run.pk)
        self.stdout.write(f"Run {run.public_id}")
        if not options["no_wait"]:
            self.wait(run)

    def run_named(self, public_id: str) -> Run:
        """Return a run by its public id."""
        run = Run.objects.filter(public_id=public_id).first()
        if run is None:
            raise CommandError(f"There is no run {public_id}.")
        return run

    def wait(self, run: Run) -> None:
        """Follow the run until it ends: by a bar for a person, by lines for a log."""
        is_watched = sys.stderr.isatty()
        with tqdm(unit=" candidates", file=sys.stderr, disable=not is_watched) as bar:
            told = ""
            while True:
                run.refresh_from_db()
                tenths = 10 * run.done // run.candidate_count if run.candidate_count else 0
                line = f"{run.get_state_display()}: {10 * tenths} %"
                if is_watched:
                    bar.total = run.candidate_count or None
                    bar.set_description(run.get_state_display(), refresh=False)
                    bar.update(run.done - bar.n)
                elif line != told:
                    self.stderr.write(line)
                    told = line
                if run.is_finished:
                    break
                time.sleep(POLL_SECONDS)
        if run.state not in {RunState.PUBLISHED, RunState.SUPERSEDED}:
            raise CommandError(f"The run ended: {run.get_state_display()}. {run.last_error}")
        took = (run.finished_at or timezone.now()) - run.created_at
        self.stdout.write(
            f"{run.candidate_count} candidates and {run.role_count} roles in"
            f" {took.total_seconds():.1f} s: {run.get_state_display().lower()}."
        )


def is_current() -> bool:
    """Say whether a run of this engine is published."""
    run = Market.load().run
    return run is not None and run.engine_version == ENGINE_VERSION
