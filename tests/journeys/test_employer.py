"""An employer, over HTTP alone: from a draft without an account to completed work."""

import pytest
from django.test import Client

from matching.shortlists import queries
from matching.store import live
from opportunities.applications.models import Application
from tests.factories import CandidateProfileFactory, UserFactory
from tests.journeys.marketplace import apply, approve, in_days, post_role, subjects_to, worked
from tests.journeys.signing_up import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_market():
    live.forget()
    queries.counted_pool.cache_clear()
    yield
    live.forget()
    queries.counted_pool.cache_clear()


def test_from_a_draft_to_completed_work(client):
    role = post_role(client)
    assert (
        "A person decides within 24 hours" in client.get(f"/employer/roles/{role.public_id}/").text
    )
    moderator, candidate = Client(), Client()
    approve(moderator, role)
    ana = CandidateProfileFactory(user=UserFactory(name="Ana Mercer"))
    candidate.force_login(ana.user)
    application = apply(candidate, role)

    client.post("/accounts/logout/")
    sign_in(client, "imogen@harbour.example")
    assert "Ana Mercer" in client.get("/employer/").text
    assert "Ana Mercer" in client.get(f"/employer/roles/{role.public_id}/applicants/").text
    page = f"/employer/applications/{application}/"
    assert "The one by month" in client.get(page).text
    client.post(f"{page}do/shortlist/")
    client.post(f"{page}decide/interview/", {"starts_0": f"{in_days(3)}T10:00", "minutes": "30"})
    slot = Application.objects.get().slots.get()
    candidate.post(f"/applications/{application}/times/{slot.pk}/")
    assert "agreed" in client.get(page).text
    client.post(f"{page}decide/offer/", {"lapses_at": f"{in_days(4)}T12:00"})
    candidate.post(f"/applications/{application}/accept/")
    client.post(
        f"{page}work/", {"hours": "21", "summary": "Four pages.", "paid": "420", **worked()}
    )
    candidate.post(f"/applications/{application}/sign/")
    client.post(f"{page}review/", {"stars": "5", "text": "Clear and on time."})
    client.post(f"/employer/roles/{role.public_id}/act/close/", {"outcome": "filled_here"})

    done = Application.objects.get()
    role.refresh_from_db()
    assert done.status == "completed"
    assert done.completion.is_signed
    assert (role.status, role.outcome) == ("closed", "filled_here")
    subjects = subjects_to("imogen@harbour.example")
    assert len(subjects) == len(set(subjects))
    assert any("Open: Survey analyst" in subject for subject in subjects)
