"""The licences of what production installs: ``.venv/bin/python -m tests.licences`` writes the page.

Names come from the bill of materials, licences from what each package says of itself.
"""

import json
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
PAGE: Final = ROOT / "docs" / "licences.md"
HEAD: Final = """\
# Licences of what production installs

Foothold itself is under the Apache License 2.0. This table is written by
`.venv/bin/python -m tests.licences`; a test holds it equal to `uv.lock`, and fails for a licence
that is neither permissive nor a weak copyleft of libraries. Versions and origins stand in the bill
of materials, which `make sbom` writes.

| Package | Licence |
|---|---|
"""


def installed_in_production() -> list[str]:
    """Return the names of the packages that production installs on this kind of machine."""
    subprocess.run([sys.executable, "config/bootstrap.py", "--sbom"], cwd=ROOT, check=True)
    told = json.loads((ROOT / "var" / "sbom.json").read_text())
    return sorted(each["name"] for each in told["components"])


def licence_of(name: str) -> str | None:
    """Return what a package says of its licence, or None where it is not for this machine."""
    try:
        told = metadata(name)
    except PackageNotFoundError:
        return None
    if said := told.get("License-Expression"):
        return str(said)
    marked = [each for each in told.get_all("Classifier", []) if each.startswith("License")]
    named = [each.rsplit(" :: ", 1)[1] for each in marked]
    return "; ".join(named) or str(told.get("License")).partition("\n")[0]


def page() -> str:
    """Return the page as it should be."""
    told = {name: licence_of(name) for name in installed_in_production()}
    return HEAD + "".join(f"| {name} | {said} |\n" for name, said in told.items() if said)


if __name__ == "__main__":
    PAGE.write_text(page())
