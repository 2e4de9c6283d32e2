"""Put one fault in at a time, run the tests that guard the place, and keep what they said."""

import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from tests.mutants.areas import AREAS
from tests.mutants.by_hand import BY_HAND
from tests.mutants.generating import NOT_REACHED, ROOT, Mutant, sample

RESULTS: Final = ROOT / "tests" / "mutants" / "results.json"
"""What earlier runs found; kept with the code, so that only what is new is run."""
PATIENCE: Final = 600.0
"""Seconds after which tests that do not end are ended: a fault may keep them, or a busy machine."""
PYTEST: Final = (
    *(sys.executable, "-m", "pytest", "-x", "-q", "--no-header", "--tb=no"),
    *("-p", "no:randomly", "-p", "no:cacheprovider", "-p", "no:xdist"),
)
FAILED: Final = re.compile(r"^(?:FAILED|ERROR) (\S+)", re.MULTILINE)
BY_HAND_AREA: Final = "seen before"


class Verdict(NamedTuple):
    """What the tests said of one mutant."""

    outcome: str
    """killed, survived, timeout or unreached."""
    by: str
    seconds: float


def by_hand() -> list[Mutant]:
    """Return the faults that were written out."""
    rows = []
    for meaning, path, passage, instead, _ in BY_HAND:
        whole = (ROOT / path).read_text()
        start = len(whole[: whole.index(passage)].encode())
        line = whole[: whole.index(passage)].count("\n") + 1
        end = start + len(passage.encode())
        rows.append(Mutant(path, line, start, end, passage, instead, "by hand", meaning))
    return rows


def drawn() -> list[Mutant]:
    """Return the faults that are drawn from every area."""
    return [mutant for row in AREAS.values() for mutant in sample(row.modules, row.number)]


def chosen(area: str) -> Iterator[tuple[Mutant, tuple[str, ...]]]:
    """Yield an area's mutants with the tests that guard them."""
    if area == BY_HAND_AREA:
        yield from zip(by_hand(), (row[4] for row in BY_HAND), strict=True)
        return
    row = AREAS[area]
    for mutant in sample(row.modules, row.number):
        yield mutant, row.tests


def name_of(mutant: Mutant) -> str:
    """Return a short name that stays while the passage and what is done to it stay."""
    return hashlib.sha256(f"{mutant.key}\n{mutant.text}".encode()).hexdigest()[:10]


def run(mutant: Mutant | None, tests: Iterable[str], *, job: int, env: dict[str, str]) -> Verdict:
    """Run tests with one fault in the product, or without any, until the first that fails."""
    began = time.monotonic()
    command = [*PYTEST]
    env = {**env, "PYTEST_XDIST_WORKER": f"gw{job}"}
    with tempfile.NamedTemporaryFile(suffix=".py") as source:
        if mutant is not None:
            source.write(mutant.source())
            source.flush()
            env["MUTANT"] = json.dumps({"module": mutant.module, "source": source.name})
            command += ["-p", "tests.mutants.applying"]
        try:
            ran = subprocess.run(
                [*command, *tests], cwd=ROOT, env=env, capture_output=True, text=True,
                timeout=PATIENCE, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return Verdict("timeout", "", time.monotonic() - began)
    seconds = round(time.monotonic() - began, 1)
    if ran.returncode == 0:
        return Verdict("survived", "", seconds)
    if ran.returncode == NOT_REACHED:
        return Verdict("unreached", "", seconds)
    found = FAILED.search(ran.stdout)
    last = (ran.stdout + ran.stderr).strip().splitlines()[-1:]
    return Verdict("killed", found[1] if found else " ".join(last)[:200], seconds)


def run_together(
    mutants: Sequence[Mutant], tests: Iterable[str], *, job: int, env: dict[str, str]
) -> Iterator[tuple[Mutant, Verdict]]:
    """Run tests that are collected once, in a fork for each fault; yield what came of each."""
    command = [*PYTEST, "-p", "tests.mutants.forking", *tests]
    by_name = {name_of(mutant): mutant for mutant in mutants}
    reading, writing = os.pipe()
    with tempfile.TemporaryDirectory() as folder:
        given = []
        for name, mutant in by_name.items():
            source = Path(folder) / f"{name}.py"
            source.write_bytes(mutant.source())
            given.append({"name": name, "module": mutant.module, "source": str(source)})
        env |= {"MUTANTS": json.dumps(given), "ANSWERS": str(writing)}
        env |= {"PYTEST_XDIST_WORKER": f"gw{job}"}
        running = subprocess.Popen(
            command, cwd=ROOT, env=env, pass_fds=[writing], stdout=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(writing)
        with os.fdopen(reading) as answers:
            for line in answers:
                name, *verdict = json.loads(line)
                if not name:
                    raise RuntimeError(f"Without any fault {verdict[1]} fails.")
                yield by_name[name], Verdict(*verdict)
        running.wait()


def kept() -> dict[str, Any]:
    """Return what earlier runs found, by the names of the mutants."""
    return json.loads(RESULTS.read_text()) if RESULTS.exists() else {}


def keep(mutant: Mutant, area: str, verdict: Verdict) -> None:
    """Store what was found of one mutant beside the rest."""
    found = kept()
    found[name_of(mutant)] = {
        "area": area,
        "path": mutant.path,
        "line": mutant.line,
        "was": mutant.was,
        "text": mutant.text,
        "key": mutant.key,
        "outcome": verdict.outcome,
    }
    fresh = RESULTS.with_suffix(".new")
    fresh.write_text(json.dumps(dict(sorted(found.items())), indent=1) + "\n")
    fresh.replace(RESULTS)


def environment(urls: dict[str, str]) -> dict[str, str]:
    """Return what the tests of every mutant run in, beside servers that stand already."""
    return {**os.environ, **urls, "PYTHONHASHSEED": "0"}


def database_of(url: str, job: int) -> str:
    """Return the address of the same server's database for one job."""
    return re.sub(r"/(\w+)\?", rf"/\1_{job}?", url)
