import pytest

from config import api
from config.documentation import CURES

pytestmark = pytest.mark.django_db

SLUGS = {kind.slug for kind in vars(api).values() if isinstance(kind, api.Kind) and kind.slug}


def test_every_operation_of_the_schema_is_in_the_documentation(client):
    schema = client.get("/api/schema/?format=json").json()

    text = client.get("/api/docs/").text

    assert schema["openapi"].startswith("3.1")
    assert len(schema["paths"]) > 20
    assert all(f"<code>{path}</code>" in text for path in schema["paths"])


def test_every_type_of_problem_has_cause_and_cure():
    assert set(CURES) == SLUGS


@pytest.mark.parametrize("slug", sorted(CURES))
def test_the_address_of_a_problem_type_is_a_page(client, slug):
    response = client.get(f"/problems/{slug}")

    assert response.status_code == 200
    assert slug in response.text


def test_an_unknown_problem_is_none(client):
    assert client.get("/problems/luck").status_code == 404
