"""Measure the real web server under load: pages at 1, 8 and 32 connections, and under an attack.

Run: ``python -m tests.benchmarks.bench_mixed_load [--roles 4000] [--seconds 25] [--only attack]``.
Two processes of ``web`` serve the demo market, as compose starts them; clients are programs of
their own on loopback addresses. Three parts, one JSON object:

``loads``   eight pages asked over 1, 8 and 32 connections without a pause, and the bare view of the
            same run: median and 95th percentile in milliseconds, answers a second, and the bare
            view's answers a second over these. Limits are lifted for it.
``attack``  browse, apply and liveness, each asked by one visitor at a steady pace, alone and while
            32 connections from one other address ask for plans, documentation, match-runs and
            uploads as fast as they are answered. With the limits of every deployment. Alone and
            beside take turns, so that other work on the machine counts on both sides.
``apply``   processor time of the web processes for one application: form, check, sending, list.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from config.processes import PROCESSES
from tests.benchmarks.standing_alone import own_servers
from tests.running_site import free_port

ROOT: Final = Path(__file__).parents[2]
CONNECTIONS: Final = (1, 8, 32)
WEB_PROCESSES: Final = 2
ATTACKERS: Final = 32
TURNS: Final = 4
VISITOR, ATTACKER, WATCHER = "127.0.0.2", "127.0.0.1", "127.0.0.3"
TICK: Final = os.sysconf("SC_CLK_TCK")

type Ask = dict[str, Any]


def main() -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--roles", type=int, default=4_000)
    parser.add_argument("--seconds", type=float, default=25.0)
    parser.add_argument("--only", choices=["loads", "attack", "apply"])
    chosen = parser.parse_args()
    with own_servers("tests.settings"):
        figures = measure(chosen.roles, chosen.seconds, chosen.only)
    sys.stdout.write(json.dumps(figures, indent=2) + "\n")
    return 0


def measure(roles: int, seconds: float, only: str | None) -> dict[str, Any]:
    """Build the market, serve it, and load it."""
    from tests.benchmarks import crowding, visiting  # noqa: PLC0415  (they need Django set up)

    listed, _ = crowding.crowd(roles)
    world = visiting.people()
    figures: dict[str, Any] = {"roles": listed, "web_processes": WEB_PROCESSES}
    if only in (None, "loads"):
        with serving(quota=1_000_000) as port:
            figures["loads"] = loads(port, world, seconds=max(1.0, seconds / 8))
    if only in (None, "apply"):
        with serving(quota=1_000_000) as port:
            figures["apply"] = cost_of_applying(port, world)
    if only in (None, "attack"):
        with serving(quota=1) as port:
            figures["attack"] = attack(port, world, seconds)
    return figures


# --- The server ---


@contextmanager
def serving(*, quota: int) -> Iterator[int]:
    """Serve the site as every deployment does; give the port."""
    port = free_port()
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.benchmarks.serving_settings",
        "DEMO": "true",
        "DEBUG": "false",
        "SECRET_KEY": secret_key(),
        "TRUSTED_PROXIES": "0",
        "LOG_LEVEL": "ERROR",
        "API_QUOTA_FACTOR": str(quota),
        "STATEMENT_TIMEOUT_MS": "15000",
        "GUNICORN_CMD_ARGS": f"--bind=127.0.0.1:{port} --workers={WEB_PROCESSES}",
    }
    env.pop("SITE_URL", None)
    server = subprocess.Popen([sys.executable, "-m", *PROCESSES["web"].command], cwd=ROOT, env=env)
    try:
        for _ in range(300):
            if answers(port):
                break
            assert server.poll() is None
            time.sleep(0.1)
        for _ in range(20):  # both processes have met every kind of page
            for path in ("/", "/opportunities/", "/api/v1/opportunities", "/api/docs/"):
                answers(port, path)
        serving_pids.append(server.pid)
        yield port
    finally:
        serving_pids.clear()
        server.terminate()
        server.wait(30)


serving_pids: list[int] = []


def secret_key() -> str:
    """Return the key that the sessions here are signed with."""
    from django.conf import settings  # noqa: PLC0415

    return str(settings.SECRET_KEY)


def answers(port: int, path: str = "/healthz") -> bool:
    """Say whether the server answers."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def web_seconds() -> float:
    """Return the processor time that the web processes have taken."""
    total = 0
    for pid in Path(f"/proc/{serving_pids[0]}/task/{serving_pids[0]}/children").read_text().split():
        user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
        total += int(user) + int(system)
    return total / TICK


# --- Clients ---


def begin(port: int, asks: list[Ask], **plan: Any) -> "subprocess.Popen[str]":
    """Start a program of clients."""
    program = subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.clients"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert program.stdin is not None
    json.dump({"port": port, "asks": asks, **plan}, program.stdin)
    program.stdin.close()
    program.stdin = None
    return program


def end(program: "subprocess.Popen[str]") -> dict[str, Any]:
    """Wait for a program of clients and return what it found."""
    said, _ = program.communicate(timeout=200)
    assert program.returncode == 0
    found: dict[str, Any] = json.loads(said)
    return found


def require_answers(found: dict[str, Any], *, may_be_busy: bool = False) -> None:
    """Stop the run unless what was asked was answered: the time of a refusal measures nothing.

    With ``may_be_busy`` the limits of a site under attack may refuse some (429, 503), never all.
    """
    for kind, statuses in found["statuses"].items():
        served = sum(number for status, number in statuses.items() if status[0] in "23")
        allowed = sum(statuses.get(status, 0) for status in ("429", "503")) if may_be_busy else 0
        if not served or served + allowed < sum(statuses.values()):
            raise SystemExit(f"{kind} was not served: {statuses}")


def percentile(milliseconds: list[float], share: float) -> float:
    """Return a percentile of some times."""
    ordered = sorted(milliseconds)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


# --- The parts ---


def loads(port: int, world: Any, *, seconds: float) -> dict[str, Any]:
    """Ask each page over 1, 8 and 32 connections."""
    table: dict[str, Any] = {}
    kinds = {"bare": [{"path": "/bare/"}], **world.pages()}
    every = [ask | {"kind": "any"} for asks in kinds.values() for ask in asks] * 8
    every += [ask | {"kind": "any"} for ask in world.applications(32, with_form=True)]
    end(begin(port, every, source=VISITOR, seconds=60, connections=8, once=True))
    for connections in CONNECTIONS:
        for kind, asks in kinds.items():
            named = [ask | {"kind": kind} for ask in asks]
            if kind == "apply":
                named = [ask | {"kind": kind} for ask in world.applications(60 * connections)]
            found = end(
                begin(
                    port, named, source=VISITOR, seconds=seconds, connections=connections,
                    once=kind == "apply",
                )
            )  # fmt: skip
            require_answers(found)
            spent = found["milliseconds"][kind]
            table.setdefault(kind, {})[str(connections)] = {
                "median_ms": round(statistics.median(spent), 1),
                "p95_ms": round(percentile(spent, 0.95), 1),
                "a_second": round(connections * 1000 / statistics.mean(spent), 1),
                "statuses": found["statuses"][kind],
            }
    for rows in table.values():
        for connections, row in rows.items():
            bare = table["bare"][connections]
            row["bare_views"] = round(bare["a_second"] / row["a_second"], 1)
    return table


def cost_of_applying(port: int, world: Any, *, times: int = 60) -> dict[str, float]:
    """Return the processor time of one application: form, check, sending, list."""
    warm = [ask | {"kind": "apply"} for ask in world.applications(20, with_form=True)]
    end(begin(port, warm, source=VISITOR, seconds=60, connections=1, once=True))
    asks = [ask | {"kind": "apply"} for ask in world.applications(times, with_form=True)]
    idle = web_seconds()
    time.sleep(2)
    idle = web_seconds() - idle
    before = web_seconds()
    began = time.monotonic()
    found = end(begin(port, asks, source=VISITOR, seconds=100, connections=1, once=True))
    took = time.monotonic() - began
    require_answers(found)
    spent = web_seconds() - before - idle / 2 * took
    return {"applications": times, "cpu_ms": round(1000 * spent / times, 1)}


def attack(port: int, world: Any, seconds: float) -> dict[str, Any]:
    """Ask as visitors do, alone and while somebody hammers what costs most."""
    visited(port, world, min(5.0, seconds))  # both processes have met every kind of page
    found: dict[str, list[dict[str, Any]]] = {"alone": [], "beside": [], "hammered": []}
    turn = seconds / TURNS
    for _ in range(TURNS):
        found["alone"].append(visited(port, world, turn))
        hammering = begin(
            port, world.costly(ATTACKERS), source=ATTACKER, seconds=turn + 3, connections=ATTACKERS
        )
        time.sleep(1.5)
        found["beside"].append(visited(port, world, turn))
        found["hammered"].append(end(hammering))
    alone, beside, hammered = (together(turns) for turns in found.values())
    require_answers(alone)
    require_answers(beside, may_be_busy=True)
    answered = sum(map(len, hammered["milliseconds"].values()))
    figures: dict[str, Any] = {
        "load_average": [round(load, 1) for load in os.getloadavg()],
        "hammered": {
            "statuses": hammered["statuses"],
            "a_second": round(answered / (seconds + 3 * TURNS), 1),
            "busy_without_retry_after": hammered["busy_without_retry_after"],
        },
    }
    for kind in ("browse", "apply", "health"):
        figures[kind] = {
            "alone_median_ms": round(statistics.median(alone["milliseconds"][kind]), 1),
            "beside_median_ms": round(statistics.median(beside["milliseconds"][kind]), 1),
            "alone_p95_ms": round(percentile(alone["milliseconds"][kind], 0.95), 1),
            "beside_p95_ms": round(percentile(beside["milliseconds"][kind], 0.95), 1),
            "beside_most_ms": round(max(beside["milliseconds"][kind]), 1),
            "beside_over_alone": round(
                percentile(beside["milliseconds"][kind], 0.95)
                / percentile(alone["milliseconds"][kind], 0.95),
                2,
            ),
            "statuses": beside["statuses"][kind],
        }
    everything = [*hammered["statuses"].values(), *beside["statuses"].values()]
    figures["faults"] = (
        sum(
            number
            for statuses in everything
            for status, number in statuses.items()
            if not status.isdigit() or (int(status) >= 500 and status != "503")
        )
        + hammered["busy_without_retry_after"]
    )
    return figures


def visited(port: int, world: Any, seconds: float) -> dict[str, Any]:
    """Browse, apply and ask for liveness at a steady pace."""
    browse = [ask | {"kind": "browse"} for ask in world.pages()["browse"]]
    apply = [ask | {"kind": "apply"} for ask in world.applications(int(seconds * 4))]
    health = [{"path": "/healthz", "kind": "health"}]
    programs = [
        begin(port, browse, source=VISITOR, seconds=seconds, connections=2, pause=0.05),
        begin(port, apply, source=VISITOR, seconds=seconds, connections=1, pause=0.2, once=True),
        begin(port, health, source=WATCHER, seconds=seconds, connections=1, pause=0.1),
    ]
    return together([end(program) for program in programs])


def together(found: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what several programs of clients, or several turns of them, found in all."""
    milliseconds: dict[str, list[float]] = defaultdict(list)
    statuses: dict[str, Counter[str]] = defaultdict(Counter)
    for each in found:
        for kind, spent in each["milliseconds"].items():
            milliseconds[kind] += spent
        for kind, numbers in each["statuses"].items():
            statuses[kind].update(numbers)
    busy = sum(each["busy_without_retry_after"] for each in found)
    return {
        "milliseconds": milliseconds,
        "statuses": statuses,
        "busy_without_retry_after": busy,
    }


if __name__ == "__main__":
    sys.exit(main())
