"""Every module of matching has its place in the one order of imports."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
LISTED = {
    name.strip()
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"][
        "contracts"
    ]
    if contract.get("containers") == ["matching"]
    for layer in contract["layers"]
    for name in layer.split("|")
}


def lint(tmp_path, *, without: str) -> subprocess.CompletedProcess[str]:
    """Check the imports with one name struck from the layers."""
    text = (ROOT / "pyproject.toml").read_text()
    begin = text.index('containers = ["matching"]')
    end = text.index("[[", begin)
    layers = text[begin:end].replace(f'"{without}"', "").replace(f"{without} | ", "")
    config = tmp_path / "pyproject.toml"
    config.write_text(text[:begin] + layers.replace("\n  ,\n", "\n") + text[end:])
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--config", config, "--no-cache"],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )


def test_every_room_and_module_is_named():
    found = {path.stem for path in (ROOT / "matching").glob("*.py")} | {
        path.parent.name for path in (ROOT / "matching").glob("*/__init__.py")
    }

    assert found - {"__init__"} == LISTED


@pytest.mark.parametrize("name", ["files", "metrics"], ids=["a package", "a module"])
def test_one_that_no_layer_names_fails(tmp_path, name):
    done = lint(tmp_path, without=name)

    assert done.returncode == 1
    assert f"not listed as layers:\n\n- matching.{name}\n" in done.stdout
