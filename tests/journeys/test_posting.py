"""From nobody to a role in review: the draft, the account, the organization and its proof."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from opportunities.core.models import Site
from opportunities.employers.models import Employer
from opportunities.messaging.models import Letter
from opportunities.roles.models import Opportunity
from tests.factories import EmployerFactory, MembershipFactory, UserFactory
from tests.journeys.marketplace import post_role, role_of_a_visitor, verify
from tests.journeys.signing_up import PASSWORD, sign_in, sign_up

pytestmark = pytest.mark.django_db

NEW = "/employer/roles/new/"
KEEP = "/employer/roles/new/keep/"
ADA = "ada@harbour.example"


def send(client, email=ADA, **more):
    return client.post(NEW, role_of_a_visitor(email) | more)


def arrive(client, email=ADA):
    """Sign up after sending, and return the page that the person comes to."""
    sign_up(client, email, then=KEEP)
    return client.get(KEEP, follow=True)


def test_a_confirmed_address_at_the_domain_is_all_the_proof_that_is_asked(client):
    role = post_role(client, ADA)

    employer = role.employer
    assert (employer.name, employer.domain, employer.country) == (
        "Harbour Studio", "harbour.example", "GB",
    )  # fmt: skip
    assert employer.is_verified
    assert employer.memberships.get().role == "owner"
    assert not Letter.objects.exists()
    assert len(mail.outbox) == 1  # the code
    assert not {"role_draft", "role_poster"} & set(client.session.keys())


def test_the_sign_up_knows_the_address_already(client):
    asked = send(client)

    assert f'value="{ADA}"' in client.get(asked.url).text


def test_an_address_of_a_free_provider_proves_nothing_and_the_role_waits_for_a_person(client):
    role = post_role(client, "ada@gmail.com")

    assert (role.employer.domain, role.employer.is_verified) == ("", False)
    assert role.findings.get(check_name="employer_known").verdict == "look"


def test_the_link_in_a_letter_proves_it_as_well(client):
    post_role(client, "ada@gmail.com")
    client.post(
        "/employer/profile/harbour-studio/",
        {"name": "Harbour Studio", "domain": "harbour.example"},
    )

    verify(client)

    assert Employer.objects.get().is_verified


@pytest.mark.parametrize(
    ("email", "said"),
    [
        ("", "Enter your work email address."),
        ("ada at harbour", "This is not an email address."),
        ("ada@mailinator.com", "mailinator.com gives out throw-away addresses."),
    ],
)
def test_an_address_that_leads_nowhere_is_refused_at_its_field(client, email, said):
    asked = send(client, email)

    assert asked.status_code == 422
    assert f'<a class="c-bad" href="#id_work_email">Your work email: {said}</a>' in asked.text
    assert "Turn a survey of museum visitors" in asked.text


def test_an_organization_of_the_domain_that_is_verified_is_not_claimed(client):
    others = MembershipFactory(
        owner=True, employer=EmployerFactory(verified=True, domain="harbour.example")
    ).employer

    role = post_role(client, ADA)

    assert role.employer != others
    assert not role.employer.is_verified
    assert others.memberships.count() == 1


def test_a_member_who_was_signed_out_posts_for_the_organization_they_have(client):
    member = MembershipFactory(
        owner=True,
        user=UserFactory(email=ADA, confirmed=True),
        employer=EmployerFactory(verified=True, domain="harbour.example"),
    )
    member.user.set_password(PASSWORD)
    member.user.save()
    send(client)

    sign_in(client, ADA)

    assert Opportunity.objects.get().employer == member.employer
    assert Employer.objects.count() == 1


def test_nobody_else_at_the_same_browser_sends_it(client):
    stranger = UserFactory(email="bo@other.example", confirmed=True)
    stranger.set_password(PASSWORD)
    stranger.save()
    send(client)

    sign_in(client, "bo@other.example")

    assert not Opportunity.objects.exists()
    assert not Employer.objects.exists()
    client.post("/accounts/logout/")
    arrive(client)
    assert not Opportunity.objects.exists()


def test_a_draft_that_was_only_saved_is_not_sent_by_the_sign_up(client):
    client.post(NEW, role_of_a_visitor(ADA, act="save"))

    page = arrive(client)

    assert not Opportunity.objects.exists()
    assert page.redirect_chain[-1][0] == NEW
    assert 'value="Survey analyst"' in page.text
    assert 'value="Harbour Studio"' in page.text


def test_after_an_hour_the_person_sends_it_again(client):
    send(client)

    with time_machine.travel(timezone.now() + timedelta(hours=1, minutes=1)):
        page = arrive(client)

    assert not Opportunity.objects.exists()
    assert 'value="Survey analyst"' in page.text


def test_where_owners_need_a_second_factor_nothing_is_sent_before_it(client):
    Site.objects.update_or_create(pk=1, defaults={"owners_need_second_factor": True})
    send(client)

    page = arrive(client)
    refused = send(client, domain="harbour.example")

    assert 'value="Survey analyst"' in page.text
    assert refused.status_code == 422
    assert "needs a second factor" in refused.text
    assert not Opportunity.objects.exists()
    assert not Employer.objects.exists()


def test_what_the_rules_refuse_at_the_last_moment_stays_in_the_form(client):
    send(client, apply_url="https://jobs.other.example/7")

    page = arrive(client)

    assert not Opportunity.objects.exists()
    assert not Employer.objects.exists()
    assert (
        "It leads applicants to jobs.other.example, not to the verified domain harbour.example."
        in page.text
    )
    assert 'value="Survey analyst"' in page.text


def test_an_incomplete_role_is_asked_again_with_everything_that_was_typed(client):
    asked = send(client, pay_amount="")

    assert asked.status_code == 422
    assert "Say what it pays." in asked.text
    for words in ("Survey analyst", "A report of four pages", "Harbour Studio", ADA):
        assert words in asked.text
    assert "role_draft" not in Client().session
