"""Who withdrew is offered to apply again, on every page where the role stands."""

import pytest
from django.utils import timezone

from matching.store import live
from opportunities.applications import applying
from opportunities.applications.applying import Papers
from opportunities.applications.models import Application
from tests.factories import CandidateProfileFactory, OpportunityFactory, SavedRoleFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def profile(client):
    made = CandidateProfileFactory(hours_per_week=40)
    client.force_login(made.user)
    return made


@pytest.fixture
def role():
    live.forget()
    yield OpportunityFactory(open=True)
    live.forget()


def send(role, profile):
    papers = Papers(name="Ana Baker")
    return applying.apply(
        opportunity_id=role.pk, candidate=profile.user, papers=papers, at=timezone.now()
    )


@pytest.fixture
def left(role, profile):
    sent = send(role, profile)
    applying.withdraw(application_id=sent.pk, candidate=profile.user, at=timezone.now())
    return sent


def page_of(role):
    return f"/opportunities/{role.slug}-{role.public_id}/"


def test_every_page_of_the_role_offers_it(client, role, profile, left):
    SavedRoleFactory(profile=profile, opportunity=role)

    for path in ("/matches/", page_of(role), "/saved/", f"/applications/{left.public_id}/"):
        assert "Apply again" in client.get(path).text, path


def test_the_form_comes_and_makes_a_second_application(client, role, left):
    form = client.get(f"{page_of(role)}apply/")
    answer = client.post(f"{page_of(role)}apply/", {"name": "Ana Baker"})

    assert form.status_code == 200
    sent = Application.objects.exclude(pk=left.pk).get()
    assert answer.url == f"/applications/{sent.public_id}/"
    assert "Apply again" not in client.get(f"/applications/{left.public_id}/").text


def test_sent_twice_it_is_one_application(client, role, left):
    body = {"name": "Ana Baker", "csrfmiddlewaretoken": "a" * 64}
    answers = [client.post(f"{page_of(role)}apply/", body) for _ in range(2)]

    assert answers[0].url == answers[1].url
    assert Application.objects.exclude(pk=left.pk).count() == 1


def test_the_application_that_stands_is_the_one_that_is_told(client, role, profile, left):
    send(role, profile)

    text = client.get(page_of(role)).text

    assert "Applied<span" in text
    assert "Apply again" not in text


def test_after_the_last_time_the_application_is_shown_instead_of_the_form(client, role, profile):
    for _ in range(applying.MAX_TIMES):
        last = send(role, profile)
        applying.withdraw(application_id=last.pk, candidate=profile.user, at=timezone.now())

    answer = client.get(f"{page_of(role)}apply/")

    assert answer.url == f"/applications/{last.public_id}/"
