"""Steps of the three people that more than one journey needs, each over HTTP."""

from datetime import timedelta

from django.core import mail
from django.utils import timezone

from opportunities.messaging import delivery
from opportunities.messaging.models import Letter
from opportunities.roles.models import Opportunity
from tests.desk.minute import let_the_minute_pass
from tests.factories import UserFactory
from tests.journeys.signing_up import address_in, sign_up


def in_days(days):
    return (timezone.now() + timedelta(days=days)).date().isoformat()


def worked():
    """Return the days of work that ended today."""
    return {"started_on": in_days(-9), "ended_on": in_days(0)}


STEPS = {
    "kind": {"title": "Survey analyst", "format": "micro_internship", "field": "data"},
    "work": {
        "summary": "Turn a survey of museum visitors into a short report.",
        "description": "You clean the answers of our survey, count them and write four pages"
        " that the board reads in March.",
        "deliverables.0.title": "A report of four pages",
        "deliverables.0.done_means": "Every question of the survey has its table.",
    },
    "time": {"hours_total": "20", "weeks": "2", "schedule": "flexible"},
    "pay": {"pay_kind": "fixed_fee", "pay_amount": "420", "pay_currency": "GBP", "pay_days": "14"},
    "place": {"mode": "remote", "country": "GB"},
    "questions": {
        "questions.0.text": "Which table would you make first, and why?",
        "questions.0.minutes": "5",
        "capacity": "1",
        "response_days": "5",
    },
}


def role_of_a_visitor(email, *, act="send"):
    """Return what a visitor writes into the role form and sends."""
    written = {name: value for step in STEPS.values() for name, value in step.items()}
    dates = {"apply_by": in_days(28), "start_latest": in_days(60)}
    return written | dates | {"organization": "Harbour Studio", "work_email": email, "act": act}


def verify(client):
    """Confirm the organization's domain by the link in the letter."""
    client.post("/employer/profile/harbour-studio/verify/", {"email": "office@harbour.example"})
    letter = Letter.objects.get(address="office@harbour.example")
    client.post(address_in(letter.body, "/employer/verify/"))


def post_role(client, email="imogen@harbour.example"):
    """Go from nothing to a role in review; return it."""
    asked = client.post("/employer/roles/new/", role_of_a_visitor(email))
    assert asked.status_code == 302, asked.text
    assert asked.url.startswith("/accounts/signup/?")
    there = sign_up(client, email, then="/employer/roles/new/keep/")
    assert there == "/employer/roles/new/keep/"
    role = Opportunity.objects.get(title="Survey analyst")
    sent = client.get(there, follow=True)
    assert sent.redirect_chain[-1][0] == f"/employer/roles/{role.public_id}/"
    assert "Sent for review." in sent.text
    assert role.status == "in_review", sent.text
    return role


def approve(client, role):
    """Let a moderator open the role."""
    client.force_login(UserFactory(moderator=True, name="Samira Boateng"))
    client.post(
        f"/moderate/roles/{role.public_id}/",
        {"outcome": "approve", "message": "", "version": role.version},
    )
    let_the_minute_pass()
    role.refresh_from_db()
    assert role.status == "open"


def apply(client, role, *, name="Ana Mercer"):
    """Send an application; return its public id."""
    sent = client.post(
        f"/opportunities/{role.slug}-{role.public_id}/apply/",
        {"name": name, "answer_0": "The one by month, since it shows the season."},
    )
    assert sent.status_code == 302, sent.text
    return sent.url.rstrip("/").rsplit("/", 1)[-1]


def subjects_to(address):
    """Deliver what is due and return the subjects of an address's mails."""
    delivery.deliver(at=timezone.now())
    return [sent.subject for sent in mail.outbox if address in sent.to]
