"""A candidate, over HTTP alone: from six questions without an account to a public portfolio."""

import pytest
from django.test import Client

from matching.shortlists import queries
from matching.store import live
from opportunities.applications.models import Application
from opportunities.candidates.models import CandidateProfile
from tests.journeys.marketplace import approve, post_role, subjects_to, worked
from tests.journeys.signing_up import sign_up

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_market():
    live.forget()
    queries.counted_pool.cache_clear()
    yield
    live.forget()
    queries.counted_pool.cache_clear()


def test_from_six_questions_to_a_portfolio(client):
    employer = Client()
    role = post_role(employer)
    approve(Client(), role)
    for step, answer in (
        ("field", "data"), ("time", "20"), ("start-date", "now"), ("place", "remote"),
        ("pay", "15"),
    ):  # fmt: skip
        client.post(f"/start/{step}/", {"answer": answer})
    assert role.title in client.get("/matches/").text

    link = client.post("/keep/", {"action": "make"}, follow=True).context["link"]
    client.post(f"/saved/{role.public_id}/")
    secret = link[link.index("/k/") :]
    sign_up(client, "ana@example.org")
    client.get(secret)
    client.post("/k/")
    profile = CandidateProfile.objects.get()
    assert profile.user.email == "ana@example.org"
    assert role.title in client.get("/saved/").text

    page = f"/opportunities/{role.slug}-{role.public_id}/apply/"
    assert "Which table would you make first" in client.get(page).text
    sent = client.post(page, {"name": "Ana Mercer", "answer_0": "The one by month."})
    track = client.get(sent.url)
    assert track.status_code == 200
    application = Application.objects.get()
    there = f"/employer/applications/{application.public_id}/"
    employer.post(f"{there}decide/offer/", {"message": "Welcome."})
    assert "You have an offer" in client.get(sent.url).text
    client.post(f"{sent.url}accept/")
    employer.post(f"{there}work/", {"hours": "20", "summary": "Four clear pages.", **worked()})
    client.post(f"{sent.url}sign/")
    client.post(f"{sent.url}review/", {"stars": "4", "text": "Quick answers."})
    client.post(f"{sent.url}show/", {"public": "1"})
    client.post("/me/visibility/", {"visibility": "hidden", "portfolio": "on"})

    assert "Four clear pages." in Client().get(f"/people/{profile.public_id}/").text
    subjects = subjects_to("ana@example.org")
    assert len(subjects) == len(set(subjects))
    assert any("offer" in subject.lower() for subject in subjects)


def test_a_micro_application_takes_three_requests_after_signing_in(client):
    role = post_role(Client())
    approve(Client(), role)
    sign_up(client, "ana@example.org")
    requests = 0

    page = client.get(f"/opportunities/{role.slug}-{role.public_id}/apply/")
    requests += 1
    assert page.status_code == 200
    sent = client.post(page.request["PATH_INFO"], {"name": "Ana", "answer_0": "By month."})
    requests += 1
    shown = client.get(sent.url)
    requests += 1

    assert "By month." in shown.text
    assert requests <= 3
