"""Prepare a fresh machine: find Python >= 3.12 and uv, sync .venv from uv.lock, run the command.

Runs on any Python >= 3.8 with pip, or with a working uv on the PATH; imports only the standard
library. Usage: ``python3 config/bootstrap.py [--dev] <arguments of Python>``, or with ``--sbom``
alone to write the bill of materials of what production installs, or with ``--audit``
alone to compare uv.lock with known advisories.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from glob import glob
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FLOOR = (3, 12)
VENV = ROOT / ".venv"
TOOLS = ROOT / ".tools"
PINNED_UV = ROOT / "config" / "uv.txt"
PYTHON = VENV / "bin" / "python"
NEEDED_MEGABYTES = 1500
AUDIT = ("audit", "--frozen", "--preview-features", "audit-command")
AUDIT_FAILED = 2
# What the image can hold: every extra but the demo market's.
SBOM = (
    *("export", "--frozen", "--no-default-groups", "--all-extras", "--no-extra", "demo"),
    *("--format", "cyclonedx1.5"),
)
SBOM_FLAGS = ("--preview-features", "sbom-export", "--quiet", "--output-file")
UNREACHABLE = re.compile(r"error sending request|Request failed after")
INHERITED = ("VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME", "UV_PROJECT_ENVIRONMENT", "UV_PYTHON")


def works(program: str | Path, *args: str) -> bool:
    """Say whether a program really runs: a shim may exist and yet fail."""
    try:
        done = subprocess.run([str(program), *args], capture_output=True, check=False, cwd=ROOT)
    except OSError:
        return False
    return done.returncode == 0


def find_python() -> str:
    """Return an interpreter that is new enough, or the version that uv shall fetch."""
    names = [f"python3.{minor}" for minor in (14, 13, 12)] + ["python3", "python"]
    candidates: list[str | Path | None] = [os.environ.get("PYTHON_FOR_VENV"), sys.executable]
    candidates += [shutil.which(name) for name in names]
    # A shim that fails stands beside interpreters that work: look where pyenv keeps them.
    pyenvs = [Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")]
    pyenvs += [Path(found).parent.parent for found in map(shutil.which, names) if found]
    places = [(root / "versions", "3.1[2-4]*/bin/python") for root in pyenvs]
    places += [
        (Path.home(), ".local/share/uv/python/cpython-3.1[2-4]*/bin/python3"),
        (Path.home(), ".local/share/mise/installs/python/3.1[2-4]*/bin/python"),
        (Path("/"), "opt/homebrew/bin/python3.1[2-4]"),
        (Path("/"), "opt/*/bin/python3.1[2-4]"),
        (Path("/"), "usr/local/bin/python3.1[2-4]"),
    ]
    for place, pattern in places:
        # Unlike Path.glob, this passes by folders of somebody else that may not be read.
        candidates += sorted(glob(str(place / pattern)), reverse=True)  # noqa: PTH207
    check = f"import sys; sys.exit(sys.version_info[:2] < {FLOOR})"
    for program in candidates:
        if program and works(program, "-c", check):
            return str(program)
    return "{}.{}".format(*FLOOR)


def find_uv() -> str:
    """Return a uv that runs; install it into .tools where there is none."""
    own = TOOLS / "bin" / "uv"
    home = Path.home() / ".local" / "bin" / "uv"
    for program in (os.environ.get("UV"), own, shutil.which("uv"), home):
        if program and works(program, "--version"):
            return str(program)
    if not works(sys.executable, "-m", "pip", "--version"):
        sys.exit("bootstrap: neither uv nor pip was found: install uv, or python3-pip.")
    print("bootstrap: installing uv into .tools/", flush=True)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    env = dict(os.environ, PIP_ROOT_USER_ACTION="ignore")
    pinned = ["--only-binary", ":all:", "--require-hashes", "--requirement", str(PINNED_UV)]
    if subprocess.run([*pip, "--target", str(TOOLS), *pinned], env=env, check=False).returncode:
        sys.exit("bootstrap: pip could not install uv; its message is above.")
    return str(own)


def sync(*, dev: bool) -> None:
    """Make .venv hold exactly what uv.lock says, unless it already does."""
    digest = hashlib.sha256()
    for name in ("pyproject.toml", "uv.lock"):
        digest.update((ROOT / name).read_bytes())
    stamp, wanted = VENV / ".stamp", digest.hexdigest()
    have = stamp.read_text().split() if stamp.exists() and works(PYTHON, "-c", "") else []
    if have[:1] == [wanted] and (not dev or "dev" in have):
        return
    free = shutil.disk_usage(ROOT).free >> 20
    if not have and free < NEEDED_MEGABYTES:
        sys.exit(
            f"bootstrap: only {free} MB are free on the disk of {ROOT}; "
            f"{NEEDED_MEGABYTES} MB are needed."
        )
    dev = dev or "dev" in have
    env = {key: value for key, value in os.environ.items() if key not in INHERITED}
    env.setdefault("UV_SYSTEM_CERTS", "true")  # trust what the machine trusts
    command = [find_uv(), "sync", "--frozen", "--quiet", "--python", find_python()]
    print("bootstrap: installing the locked packages into .venv/", flush=True)
    # Without --inexact a first `make up` would take away what somebody else installed.
    # The demo market is what it shows.
    command += ["--all-groups", "--all-extras"] if dev else ["--inexact", "--extra", "demo"]
    if subprocess.run(command, cwd=ROOT, env=env, check=False).returncode:
        sys.exit(
            "bootstrap: could not build .venv. Python {}.{} or newer and the package index are "
            "needed: install that Python, or set PYTHON_FOR_VENV=/path/to/python.".format(*FLOOR)
        )
    stamp.write_text(wanted + (" dev" if dev else ""))


def audit() -> int:
    """Ask for advisories on the locked packages; only a source that does not answer is forgiven."""
    command = [find_uv(), *AUDIT]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    print(done.stdout, done.stderr, sep="", end="")
    if done.returncode == AUDIT_FAILED and UNREACHABLE.search(done.stderr):
        print("audit: SKIPPED, because no advisory source can be reached; nothing was compared.")
        return 0
    return done.returncode


def bill_of_materials() -> int:
    """Write what production installs, by name, version and origin, as CycloneDX 1.5."""
    there = ROOT / "var" / "sbom.json"
    there.parent.mkdir(exist_ok=True)
    command = [find_uv(), *SBOM, *SBOM_FLAGS, str(there)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, check=False)
    if done.returncode == 0:
        print(f"The bill of materials stands in {there.relative_to(ROOT)}.")
    return done.returncode


def main() -> None:
    """Sync, then become the command."""
    args = sys.argv[1:]
    if args == ["--audit"]:
        sys.exit(audit())
    if args == ["--sbom"]:
        sys.exit(bill_of_materials())
    dev = args[:1] == ["--dev"]
    try:
        sync(dev=dev)
    except OSError as error:
        sys.exit(f"bootstrap: {error}")
    # Else every process would compile all of Django anew.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.chdir(ROOT)
    command = [str(PYTHON), *(args[1:] if dev else args)]
    os.execv(command[0], command)  # noqa: S606  (no shell is wanted)


if __name__ == "__main__":
    main()
