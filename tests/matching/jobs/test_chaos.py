"""The short form of ``make chaos``: real workers, broker and database, killed under edits."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.long, pytest.mark.xdist_group("storms")]
ROOT = Path(__file__).resolve().parents[3]
OF_THIS_RUN = ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "PYTEST_XDIST_WORKER")


@pytest.fixture(scope="module")
def storms() -> list[dict[str, object]]:
    """What became of the storm, and of the one without the sweep."""
    env = {name: value for name, value in os.environ.items() if name not in OF_THIS_RUN}
    done = subprocess.run(
        [sys.executable, "-m", "tests.chaos", "--short", "--json", "storm", "control"],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(found) == 2, done.stderr[-3000:]
    return found


def test_nothing_is_lost_when_workers_broker_and_database_are_killed(storms):
    found, _ = storms

    assert found["faults"] == {
        "worker kills": 4,
        "broker wipes": 2,
        "database kills": 1,
        "clock jumps": 1,
        "rebuilds": 1,
    }
    assert found["edits"] > 20
    assert found["reads"] > 100
    assert found["told"] > 20
    assert found["pages"] > 20
    assert found["holds"], found


def test_without_the_sweep_the_same_storm_loses(storms):
    _, found = storms

    assert found["owed"] > 0
    assert found["stale"] + found["wrong_rankings"] > 0
