"""Measure the ranking on what people did: print a table and write JSON."""

import csv
import json
from argparse import ArgumentParser
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from math import isnan
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from matching.engine.evaluation import Audit
from matching.engine.hindsight import judge_chances
from matching.models import Toward
from matching.recommending import evaluation
from matching.recommending.reach import Reach, reach
from matching.store.histories import read_histories

HEADINGS: Final = ("nDCG", "MRR", "recall", "coverage", "exposure Gini")
MAX_K: Final = 1000


class Command(BaseCommand):
    help = "Measure the ranking on feedback and applications, held out by time."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--k", type=int, default=10, help="length of the lists measured")
        parser.add_argument(
            "--split", help="ISO moment; outcomes from then on are held out (default: last fifth)"
        )
        parser.add_argument(
            "--groups",
            metavar="FILE",
            type=Path,
            help="CSV with the columns profile and group: audit being shown, shortlisted, offered",
        )
        parser.add_argument(
            "--json",
            metavar="FILE",
            type=Path,
            default=settings.VAR_DIR / "matching-evaluation.json",
            help="where the figures go (default: %(default)s)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        k = options["k"]
        if not 1 <= k <= MAX_K:
            raise CommandError(f"k: {k} is not between 1 and {MAX_K}.")
        now = timezone.now()
        report: dict[str, Any] = {}
        outcomes = evaluation.read_outcomes()
        split = self.moment(options["split"]) or evaluation.split_by_time(outcomes)
        if split is None:
            self.stdout.write("Nobody has opened, saved or applied yet: there is nothing to judge.")
        else:
            found = evaluation.evaluate(outcomes, split=split, k=k, at=now)
            self.print_rankings(found)
            report["ranking"] = asdict(found) | {
                "split": found.split.isoformat(),
                "rankings": {
                    name: {
                        measure: None if isnan(figure) else figure
                        for measure, figure in asdict(figures).items()
                    }
                    for name, figures in found.rankings.items()
                },
            }
        histories = read_histories(at=now)
        day = histories.day_of
        judged = split and judge_chances(histories.histories, split=day(split), now=day(now))
        if judged:
            for line in judged.lines():
                self.stdout.write(line)
            report["chances"] = asdict(judged)
        else:
            self.stdout.write(
                "Too few applications were answered to judge what is said of chances."
            )
        reached = {toward.value: reach(toward) for toward in Toward}
        self.print_reach(reached)
        report["introductions"] = {name: asdict(counts) for name, counts in reached.items()}
        if options["groups"]:
            audits = evaluation.audit(self.groups(options["groups"]), k=k)
            for name, audit in audits.items():
                self.print_audit(name, audit)
            report["audits"] = {name: asdict(audit) for name, audit in audits.items()}
        target: Path = options["json"]
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(json.dumps(report, indent=1, allow_nan=False))
        except OSError as error:
            raise CommandError(f"json: {target} cannot be written: {error.strerror}.") from error
        self.stdout.write(f"The figures are in {target}.")

    def moment(self, text: str | None) -> datetime | None:
        """Read the split; a moment without a zone is UTC."""
        if text is None:
            return None
        try:
            moment = datetime.fromisoformat(text)
        except ValueError as error:
            raise CommandError(f"split: {text} is not an ISO moment.") from error
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

    def groups(self, path: Path) -> dict[str, str]:
        """Read the group of each profile; an empty group is unknown."""
        try:
            with path.open(newline="", encoding="utf-8") as lines:
                rows = csv.DictReader(lines)
                if not {"profile", "group"}.issubset(rows.fieldnames or ()):
                    raise CommandError(f"groups: {path} needs the columns profile and group.")
                return {row["profile"]: row["group"] for row in rows if row["group"]}
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"groups: {path} cannot be read: {error}.") from error

    def print_rankings(self, found: evaluation.Evaluation) -> None:
        self.stdout.write(
            f"{found.queries} people, {found.roles} roles; {found.held_out} outcomes since "
            f"{found.split:%Y-%m-%d %H:%M}, {found.known} before; lists of {found.k}"
        )
        self.stdout.write(" " * 16 + "".join(f"{heading:>15}" for heading in HEADINGS))
        for name, figures in found.rankings.items():
            columns = "".join(f"{figure:>15.4f}" for figure in asdict(figures).values())
            self.stdout.write(f"{name:16}{columns}")

    def print_reach(self, reached: Mapping[str, Reach]) -> None:
        for name, counts in reached.items():
            steps = ", ".join(f"{step} {count}" for step, count in asdict(counts).items())
            self.stdout.write(f"introductions to the {name}: {steps}")

    def print_audit(self, name: str, audit: Audit) -> None:
        self.stdout.write(f"\n{name}: unknown {audit.unknown}, too few {audit.excluded or 'none'}")
        for group, rate in audit.groups.items():
            ratio = "-" if rate.ratio is None else f"{rate.ratio:.3f}"
            flag = "  below four fifths" if rate.flag else ""
            self.stdout.write(f"{group:16}{rate.n:>8}{rate.rate:>10.3f}{ratio:>10}{flag}")
