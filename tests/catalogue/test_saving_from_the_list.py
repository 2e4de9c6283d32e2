"""Roles are saved on the cards of the list, in place, by guests as well."""

import re

import pytest
from django.test import Client

from opportunities.candidates.models import SavedRole
from tests.factories import ApplicationFactory, CandidateProfileFactory, OpportunityFactory

pytestmark = pytest.mark.django_db
HX = {"HX-Request": "true"}


def card(client, role):
    text = client.get("/opportunities/").text
    [found] = re.findall(rf'<article[^>]*id="role-{role.public_id}".*?</article>', text, re.DOTALL)
    return found


def test_a_guest_saves_in_place_and_finds_it_saved(client):
    role, other = OpportunityFactory.create_batch(2, open=True)
    assert 'aria-pressed="false"' in card(client, role)

    part = client.post(f"/saved/{role.public_id}/", headers=HX)

    assert "Saved" in part.text
    assert SavedRole.objects.get().opportunity == role
    assert 'aria-pressed="true"' in card(client, role)
    assert 'aria-pressed="false"' in card(client, other)


def test_the_button_is_named_with_its_role_in_each_state(client):
    role = OpportunityFactory(open=True)
    place = {"at": f"role-{role.public_id}"}

    saved = client.post(f"/saved/{role.public_id}/", place, headers=HX).text

    assert re.sub("<[^>]+>", "", card(client, role)).rstrip().endswith(f"Saved: {role.title}")
    assert f": {role.title}</span></button>" in saved


def test_what_one_guest_saved_is_not_shown_to_another(client):
    role = OpportunityFactory(open=True)
    client.get("/opportunities/")
    client.post(f"/saved/{role.public_id}/", headers=HX)
    card(client, role)

    assert 'aria-pressed="false"' in card(Client(), role)


def test_without_script_one_comes_back_to_the_card(client):
    role = OpportunityFactory(open=True)

    answer = client.post(
        f"/saved/{role.public_id}/",
        {"at": f"role-{role.public_id}"},
        headers={"Referer": "http://testserver/opportunities/?kind=micro"},
    )

    assert answer.url == f"/opportunities/?kind=micro#role-{role.public_id}"


def test_a_role_that_one_applied_to_says_so(client):
    profile = CandidateProfileFactory()
    application = ApplicationFactory(profile=profile)
    client.force_login(profile.user)

    assert "Applied" in card(client, application.opportunity)
    assert "Applied" not in card(Client(), application.opportunity)
