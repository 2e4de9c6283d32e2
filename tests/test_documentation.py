import gzip
import html
import json
import re
import shlex
from itertools import pairwise

import pytest

from config import api
from config.contract.describing import TAGS
from config.documentation import CURES
from opportunities.accounts.models import SCOPES
from tests.api.test_tokens import secret_of
from tests.factories import SkillFactory, employer_with_owner

pytestmark = pytest.mark.django_db

SLUGS = {kind.slug for kind in vars(api).values() if isinstance(kind, api.Kind) and kind.slug}


def test_every_operation_of_the_schema_is_in_the_documentation(client):
    schema = client.get("/api/schema/?format=json").json()

    text = client.get("/api/docs/").text

    assert schema["openapi"].startswith("3.1")
    assert len(schema["paths"]) > 20
    assert all(f"<code>{path}</code>" in text for path in schema["paths"])


def test_the_commands_of_the_documentation_do_what_they_say(client):
    employer, owner = employer_with_owner()
    SkillFactory(slug="sql")
    text = html.unescape(client.get("/api/docs/opportunities/").text)
    command = re.search(r"curl -X POST \S+/api/v1/opportunities .*?(?=</code>)", text, re.DOTALL)[0]
    words = shlex.split(command.replace("$TOKEN", secret_of(owner, *SCOPES)))
    headers = dict(each.split(": ", 1) for name, each in pairwise(words) if name == "-H")
    body = json.loads(words[words.index("-d") + 1]) | {"employer": employer.public_id}

    made = client.post(
        words[3].removeprefix("https://testserver"),
        json.dumps(body),
        content_type=headers["Content-Type"],
        headers={"Authorization": headers["Authorization"]},
    )

    assert made.status_code == 201


def test_the_documentation_shows_what_is_sent_and_answered_and_how_to_sign_in(client):
    text = html.unescape(client.get("/api/docs/opportunities/").text)
    begin = html.unescape(client.get("/api/docs/").text)

    assert '"description": "You clean the answers' in text
    assert "Answers 201:" in text
    assert 'href="/me/tokens/"' in begin
    assert "If-Match: " in text
    # What everybody may read is asked without a token.
    public = re.search(r"<code>(curl -X GET \S+/api/v1/opportunities)</code>", text)
    assert public, "a public operation asks for a token"


def test_the_groups_are_those_of_the_api(client):
    schema = client.get("/api/schema/?format=json").json()

    assert {path.split("/")[3] for path in schema["paths"]} == set(TAGS)


def test_a_group_that_the_api_lacks_is_no_page(client):
    assert client.get("/api/docs/luck/").status_code == 404


@pytest.mark.parametrize("group", sorted(TAGS))
def test_every_group_has_a_page_of_its_own_that_is_light(client, group):
    answer = client.get(f"/api/docs/{group}/")

    assert answer.status_code == 200
    assert TAGS[group] in html.unescape(answer.text)
    assert len(gzip.compress(answer.content)) <= 14_000


def test_every_type_of_problem_has_cause_and_cure():
    assert set(CURES) == SLUGS


@pytest.mark.parametrize("slug", sorted(CURES))
def test_the_address_of_a_problem_type_is_a_page(client, slug):
    response = client.get(f"/problems/{slug}")

    assert response.status_code == 200
    assert slug in response.text


def test_an_unknown_problem_is_none(client):
    assert client.get("/problems/luck").status_code == 404
