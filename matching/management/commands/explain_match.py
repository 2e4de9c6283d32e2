"""Explain one pair on the terminal, with the same figures as page and API."""

import json
from argparse import ArgumentParser
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from matching.engine import explain
from matching.priors import PRIORS
from matching.store import live, read_profiles, read_roles
from opportunities.candidates.models import CandidateProfile
from opportunities.roles.models import Opportunity

FIGURES: Final = ("fit", "low", "high", "suit", "mutual")


class Command(BaseCommand):
    help = "Explain how a role fits a candidate."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("candidate", help="public id (cnd_…) or number")
        parser.add_argument("opportunity", help="public id (opp_…) or number")
        parser.add_argument("--json", action="store_true", help="one JSON object")

    def handle(self, *args: Any, candidate: str, opportunity: str, **options: Any) -> None:
        now = timezone.now()
        profile_id = number_of(CandidateProfile, candidate)
        role_id = number_of(Opportunity, opportunity)
        people = read_profiles([profile_id], at=now)
        if profile_id not in people:
            raise CommandError(f"{candidate} was erased.")
        explanation = explain(
            people[profile_id].candidate,
            read_roles([role_id], at=now, listed=False)[role_id].opportunity,
            priors=PRIORS,
            vocabulary=live.roles(at=now).vocabulary,
        )
        if options["json"]:
            lines = [
                {"key": line.name, "weight": line.weight, "value": line.value,
                 "points": line.points, "known": line.known}
                for line in explanation.aspects
            ]  # fmt: skip
            figures = {name: getattr(explanation, name) for name in FIGURES}
            told = figures | {"gates": list(explanation.gates), "aspects": lines}
            self.stdout.write(json.dumps(told))
            return
        for gate in explanation.gates:
            self.stdout.write(f"missed: {gate}")
        for line in explanation.aspects:
            unstated = "" if line.known else "  (not stated)"
            self.stdout.write(
                f"{line.name:<12} {line.weight:6.3f} x {line.value:5.3f} ="
                f" {line.points:8.4f}{unstated}"
            )
        self.stdout.write(
            f"fit {explanation.fit:.4f} ({explanation.low:.4f} to {explanation.high:.4f}),"
            f" suit {explanation.suit:.4f}, mutual {explanation.mutual:.4f}"
        )


def number_of(model: type[CandidateProfile | Opportunity], name: str) -> int:
    """Return the row's number from its public id or the number itself."""
    by = {"pk": int(name)} if name.isdigit() and len(name) < 19 else {"public_id": name}
    found = model.objects.filter(**by).values_list("pk", flat=True).first()
    if found is None:
        raise CommandError(f"There is no {name}.")
    return int(found)
