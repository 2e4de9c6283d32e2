"""Rank the parts of a run that are named as arguments, when told to: one worker of a benchmark."""

import sys

import django


def main() -> None:
    """Say ``ready``, wait for a line, and rank."""
    django.setup()
    from django.utils import timezone  # noqa: PLC0415

    from matching.engine import rank  # noqa: PLC0415
    from matching.jobs.runs import ranking  # noqa: PLC0415
    from matching.jobs.runs.cells import stretches_of  # noqa: PLC0415
    from matching.models import RunPart  # noqa: PLC0415
    from tests.benchmarks import market  # noqa: PLC0415

    parts = [int(word) for word in sys.argv[1:]]
    run_id = RunPart.objects.values_list("run_id", flat=True).get(pk=parts[0])
    next(stretches_of(run_id)).index()
    rank(market.candidates(8), market.opportunities(8), k=5, kernel="fast")
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    for part in parts:
        ranking.rank_part(part, clock=timezone.now)


if __name__ == "__main__":
    main()
