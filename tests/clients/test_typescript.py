"""What TypeScript and two linters make of the schema."""

import json
import shutil

import pytest

from tests.clients.conftest import HERE, SCHEMA

pytestmark = pytest.mark.long


@pytest.fixture
def flows(run, tmp_path):
    """Compile the flows against the types of the schema, before any transaction waits for it."""
    for name in ("flows.ts", "tsconfig.json"):
        shutil.copy(HERE / name, tmp_path)
    (tmp_path / "package.json").write_text('{"type": "module"}')
    # What has a default may be left out of what is sent. A file of declarations would not be
    # checked: those of others are not, which takes two thirds of the time and says nothing of ours.
    types = ("--default-non-nullable", "false", "-o", "schema.ts")
    run("openapi-typescript", str(SCHEMA), *types)
    run("tsc", "--project", "tsconfig.json")
    return "out/flows.js"


def test_a_client_whose_types_come_from_the_schema_posts_and_applies(run, flows, served):
    told = run(
        "node",
        flows,
        FOOTHOLD_URL=served.url,
        FOOTHOLD_EMPLOYER=served.employer,
        FOOTHOLD_CANDIDATE=served.candidate,
        FOOTHOLD_MODERATOR=served.moderator,
    )

    assert json.loads(told) == {"status": "accepted", "again": 409}


@pytest.mark.parametrize(
    "command",
    [
        ("redocly", "lint", "--config", str(HERE / "redocly.yaml"), "--max-problems=20"),
        ("spectral", "lint", "--ruleset", str(HERE / "spectral.yaml"), "--fail-severity=hint"),
    ],
    ids=["redocly", "spectral"],
)
def test_linters_have_nothing_to_say_about_the_schema(run, command):
    said = run(
        *command, str(SCHEMA), REDOCLY_TELEMETRY="off", REDOCLY_SUPPRESS_UPDATE_NOTICE="true"
    )

    assert "warning" not in said.lower().replace("deprecation warning", "")
