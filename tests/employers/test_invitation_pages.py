"""The page of an invitation to a team: who may join, and what is said where nobody can."""

import re

import pytest
from django.utils import timezone

from opportunities.employers import operations as employing
from opportunities.employers.models import Membership, TeamInvitation
from opportunities.messaging.models import Letter
from tests.factories import EmployerFactory, MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(client):
    member = MembershipFactory(owner=True, employer=EmployerFactory(verified=True))
    client.force_login(member.user)
    return member


def invited(role="member"):
    """Return the team and the address to which an invitation of new@example.org leads."""
    team = MembershipFactory(owner=True, employer__name="Harbour Mill")
    employing.invite(
        employer_id=team.employer_id, actor=team.user, email="new@example.org", role=role,
        at=timezone.now(),
    )  # fmt: skip
    return team, re.search(r"/employer/join/[^/\s]+/", Letter.objects.latest("pk").body)[0]


def test_an_invitation_says_to_which_team_and_who_joins(client):
    _, address = invited("owner")
    client.force_login(UserFactory(email="new@example.org"))

    asked, joined = client.get(address).text, client.post(address, follow=True)
    again = [client.get(address, follow=True).text, client.post(address, follow=True).text]
    Membership.objects.filter(user__email="new@example.org").delete()
    after = client.get(address).text

    assert "<b><bdi>Harbour Mill</bdi></b> as an owner. You are signed in as new@" in asked
    assert "You are in the team." in joined.text
    assert all("You are in this team already." in text for text in again)
    assert "The invitation was used already. Ask whoever invited you for a new" in after
    assert ">Join</button>" not in after


def test_an_invitation_that_has_run_out_says_so(client):
    _, address = invited()
    TeamInvitation.objects.update(expires_at=timezone.now())
    client.force_login(UserFactory(email="new@example.org"))

    page = client.get(address).text

    assert "The invitation has run out. Ask whoever invited you for a new one." in page
    assert ">Join</button>" not in page


def test_an_invitation_of_somebody_else_is_no_button_that_fails(client, member):
    team, address = invited()

    page = client.get(address)

    assert "This invitation is for another email address." in page.text
    assert f"You are signed in as {member.user.email}: sign out" in page.text
    out = client.post("/accounts/logout/", {"next": address}, follow=True)
    assert "To join the team, sign in or create an account" in out.text
    assert team.employer.name not in page.text
    assert ">Join</button>" not in page.text


def test_whoever_signs_in_to_join_is_told_with_which_address(client):
    _, address = invited()

    asked = client.get(address, follow=True).text
    signing_up = client.get("/accounts/signup/", {"next": address}).text

    said = "To join the team, sign in or create an account with the address to which the"
    assert said in asked
    assert said in signing_up
    assert said not in client.get("/accounts/login/").text
