"""Compute a candidate's past list again from the record of a run."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from matching.engine import POINT
from matching.jobs.replay import replay
from matching.management.commands.explain_match import number_of
from matching.models import Run
from opportunities.candidates.models import CandidateProfile
from opportunities.core.errors import NotFound
from opportunities.roles.models import Opportunity


class Command(BaseCommand):
    help = "Print the list that a run computed for a candidate, as JSON."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--candidate", required=True, help="public id (cnd_…) or number")
        parser.add_argument("--run", required=True, help="public id (run_…)")

    def handle(self, *args: Any, candidate: str, run: str, **options: Any) -> None:
        found = Run.objects.filter(public_id=run).first()
        if found is None:
            raise CommandError(f"There is no run {run}.")
        profile_id = number_of(CandidateProfile, candidate)
        try:
            past = replay(run=found, profile_id=profile_id)
        except NotFound as refusal:
            raise CommandError(str(refusal)) from refusal
        names = dict(Opportunity.objects.filter(pk__in=past.ids).values_list("pk", "public_id"))
        self.stdout.write(
            json.dumps(
                {
                    "run": found.public_id,
                    "engine_version": found.engine_version,
                    "input_digest": found.input_digest,
                    "candidate": candidate,
                    "opportunities": [names.get(role, str(role)) for role in past.ids],
                    "scores": [score / POINT for score in past.scores],
                    "same_as_recorded": past.is_same,
                }
            )
        )
        if not past.is_same:
            raise CommandError("The list does not have the digest that the run recorded.")
