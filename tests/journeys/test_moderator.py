"""A moderator, over HTTP alone: the oldest waiting role, decisions, a report, an appeal."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from matching.shortlists import queries
from matching.store import live
from opportunities.accounts.models import User
from opportunities.moderation.models import Decision, Report
from tests.attacks.entering import code_of, set_up_app
from tests.desk.minute import let_the_minute_pass
from tests.factories import UserFactory
from tests.journeys.marketplace import post_role, subjects_to
from tests.journeys.signing_up import sign_up

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_market():
    live.forget()
    queries.counted_pool.cache_clear()
    yield
    live.forget()
    queries.counted_pool.cache_clear()


def test_from_signing_up_to_an_appeal_heard_by_somebody_else(client):
    employer = Client()
    role = post_role(employer)
    sign_up(client, "samira@example.org")
    assert client.get("/moderate/").status_code == 403
    samira = User.objects.get(email="samira@example.org")
    samira.user_permissions.add(Permission.objects.get(codename="moderate_opportunity"))
    assert client.get("/moderate/").url.startswith("/accounts/2fa/")
    app = set_up_app(samira)
    asked = client.get("/moderate/").url
    client.post(asked, {"code": code_of(app)})

    desk = client.get("/moderate/")
    assert desk.url == f"/moderate/roles/{role.public_id}/"
    client.post(f"{desk.url}claim/")
    client.post(
        desk.url,
        {"outcome": "ask_changes", "message": "Say who reads it.", "rule": "5.1"},
    )
    assert "Say who reads it." not in employer.get(f"/employer/roles/{role.public_id}/").text
    let_the_minute_pass()
    text = employer.get(f"/employer/roles/{role.public_id}/").text
    assert "Say who reads it." in text
    employer.post(
        f"/employer/roles/{role.public_id}/edit/",
        {
            "summary": "Turn a survey of museum visitors into a report for the board.",
            "description": "You clean the answers, count them and write four pages.",
        },
    )
    employer.post(f"/employer/roles/{role.public_id}/act/submit/")
    client.post(desk.url, {"outcome": "reject", "message": "There is no vacancy.", "rule": "5.3"})
    let_the_minute_pass()
    rejected = Decision.objects.get(action="reject")
    employer.post(f"/employer/decisions/{rejected.pk}/appeal/", {"text": "There is one."})

    assert "There is one." not in client.get("/moderate/appeals/").text
    second = Client()
    second.force_login(UserFactory(moderator=True))
    assert "There is one." in second.get("/moderate/appeals/").text
    second.post(
        f"/moderate/appeals/{rejected.appeal.public_id}/", {"granted": "1", "answer": "Shown."}
    )
    role.refresh_from_db()
    assert role.status == "in_review"
    client.post(desk.url, {"outcome": "approve", "message": "", "version": role.version})
    let_the_minute_pass()
    role.refresh_from_db()
    assert role.status == "open"

    reported = f"/opportunities/{role.slug}-{role.public_id}/report/"
    Client().post(reported, {"reason": "misleading", "text": "The hours are longer."})
    report = Report.objects.get()
    assert "The hours are longer." in client.get("/moderate/reports/").text
    client.post(f"/moderate/reports/{report.public_id}/", {"upheld": "0", "answer": "They agree."})

    report.refresh_from_db()
    assert report.upheld is False
    assert "Reinstated" in client.get("/moderate/log/").text
    subjects = subjects_to("imogen@harbour.example")
    assert len(subjects) == len(set(subjects))
