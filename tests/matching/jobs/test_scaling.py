"""Any number of processes give the same lists, bit for bit."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from matching.jobs.runs import freezing, ranking, steps
from matching.models import Run, RunPart, RunState
from matching.store import live
from tests.matching.markets import build_market, fresh_lists, role_lists

ROOT = Path(__file__).resolve().parents[3]
RANK = """
import sys, django
django.setup()
from django.conf import settings
from django.db import connection
from django.utils import timezone
settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = sys.argv[1]
from matching.jobs.runs import ranking
for part in sys.argv[2:]:
    ranking.rank_part(int(part), clock=timezone.now)
"""


@pytest.mark.django_db(transaction=True)
def test_two_processes_rank_what_one_ranks(monkeypatch):
    monkeypatch.setattr(freezing, "SMALLEST_PART", 20)
    live.forget()
    build_market(31, roles=70, candidates=120, at=timezone.now())

    alone = steps.request_run(at=timezone.now())
    for part in steps.advance(alone.pk, clock=timezone.now):
        ranking.rank_part(part, clock=timezone.now)
    steps.advance(alone.pk, clock=timezone.now)
    of_one = role_lists()

    shared = steps.request_run(at=timezone.now())
    parts = steps.advance(shared.pk, clock=timezone.now)
    processes = [
        subprocess.Popen(
            [
                sys.executable,
                "-c",
                RANK,
                str(connection.settings_dict["NAME"]),
                *map(str, parts[first::2]),
            ],
            cwd=ROOT,
            env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"},
        )
        for first in (0, 1)
    ]
    assert [process.wait(120) for process in processes] == [0, 0]
    steps.advance(shared.pk, clock=timezone.now)

    assert Run.objects.get(pk=shared.pk).state == RunState.PUBLISHED
    assert len(parts) == 6
    assert role_lists() == of_one == fresh_lists(at=timezone.now())[1]
    digests = RunPart.objects.order_by("run", "number").values_list("digests", flat=True)
    assert [*map(bytes, digests[:6])] == [*map(bytes, digests[6:])]
    assert [len(part) for part in digests[:6]] == [16 * 20] * 6
