"""What a generator of Python clients makes of the schema."""

import importlib
import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.api.contract import schema
from tests.clients.conftest import HERE

pytestmark = pytest.mark.long

PACKAGE = "foothold_client"


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    """Generate the client; whatever the generator cannot express is a fault of the schema."""
    there = tmp_path_factory.mktemp("client")
    path = there / "openapi.json"  # the generator's reader of YAML takes half of its time
    path.write_text(json.dumps(schema()))
    done = subprocess.run(
        [
            str(Path(sys.executable).with_name("openapi-python-client")), "generate",
            "--path", str(path), "--config", str(HERE / "python.yaml"), "--meta", "none",
            "--output-path", str(there / PACKAGE), "--fail-on-warning",
        ],
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    sys.path.insert(0, str(there))
    yield PACKAGE
    sys.path.remove(str(there))


@pytest.fixture
def call(package, served):
    """Return what calls an operation of the generated client as one of three people."""
    client_of = importlib.import_module(f"{package}.client").AuthenticatedClient

    def call(who, operation, *arguments, **values):
        module = importlib.import_module(f"{package}.api.{operation}")
        client = client_of(served.url, token=getattr(served, who), raise_on_unexpected_status=True)
        with client:
            answer = module.sync_detailed(*arguments, client=client, **values)
        assert answer.status_code < 300, answer.content
        return answer

    return call


def test_a_generated_client_posts_a_role_and_applies(package, call):
    shapes = importlib.import_module(f"{package}.models")
    me = call("employer", "me.me_retrieve").parsed
    draft = shapes.NewRoleInputRequest(
        employer=me.employers[0].id,
        title="Survey analyst",
        format_=shapes.FormatEnum.MICRO_INTERNSHIP,
        description="You clean the answers of our survey and write four pages about them.",
        hours_total=20,
        weeks=2,
        apply_by=(datetime.now(UTC) + timedelta(28)).date(),
        mode=shapes.ModeEnum.REMOTE,
        pay_kind=shapes.PayKindEnum.FIXED_FEE,
        pay_amount="420.00",
        pay_currency=shapes.CurrencyEnum.GBP,
        questions=[shapes.QuestionInputRequest(text="Which table would you make first?")],
    )
    made = call("employer", "opportunities.opportunities_create", body=draft)
    role = made.parsed
    assert role.published_at is None
    change = shapes.PatchedRoleInputRequest(summary="Turn a survey into a short report.")
    call(
        "employer", "opportunities.opportunities_update", role.id,
        body=change, if_match=made.headers["ETag"],
    )  # fmt: skip
    call("employer", "opportunities.opportunities_submit", role.id)
    call("moderator", "moderation.moderation_claim", role.id)
    call(
        "moderator", "moderation.moderation_approve", role.id,
        body=shapes.DecideApproveInputRequest(),
    )  # fmt: skip

    found = call("candidate", "opportunities.opportunities_list", q="survey").parsed
    assert [each.id for each in found.data] == [role.id]
    sent = shapes.ApplyInputRequest(
        opportunity=role.id, name="Ada Byron", answers=["The one by month."]
    )
    application = call("candidate", "applications.applications_apply", body=sent).parsed.id
    call("employer", "applications.applications_shortlist", application)
    call(
        "employer", "applications.applications_offer", application,
        body=shapes.OfferInputRequest(message="We would like to work with you."),
    )  # fmt: skip
    call("candidate", "applications.applications_accept", application)

    seen = call("candidate", "applications.applications_read", application).parsed
    assert seen.status == shapes.ApplicationStatusEnum.ACCEPTED
