"""A whole life over the API alone, with tokens: what an employer, a candidate and a moderator do.

Every answer on the way is held to the schema, as all are (``tests/conftest.py``).
"""

from datetime import timedelta

import pytest
from django.utils import timezone

from matching.shortlists import queries
from matching.store import live
from opportunities.accounts.models import SCOPES
from opportunities.messaging.models import Letter
from opportunities.webhooks import addresses
from opportunities.webhooks.models import Event
from tests.api.test_tokens import token_of
from tests.factories import CandidateProfileFactory, SkillAliasFactory, SkillFactory, UserFactory
from tests.journeys.marketplace import in_days, worked
from tests.journeys.signing_up import address_in

pytestmark = pytest.mark.django_db

BASE = "/api/v1"


@pytest.fixture(autouse=True)
def _fresh_market(monkeypatch):
    monkeypatch.setattr(addresses, "resolve", lambda _, **__: "93.184.215.14")
    live.forget()
    queries.counted_pool.cache_clear()
    yield
    live.forget()
    queries.counted_pool.cache_clear()


class Caller:
    """Somebody with a token that may do whatever they may; a refusal ends the test."""

    def __init__(self, person):
        self.client = token_of(person, *SCOPES)

    def __call__(self, method, path, body=None, **headers):
        answer = getattr(self.client, method)(BASE + path, body, headers=headers)
        assert answer.status_code < 300, (method, path, answer.content)
        if answer.streaming:
            assert b"".join(answer.streaming_content)  # read to the end, the file is closed
            return None
        return answer.json() if answer.content else None

    def change(self, path, body):
        """Change what stands at an address in the version that was just read."""
        seen = self.client.get(BASE + path)["ETag"]
        return self("patch", path, body, **{"If-Match": seen})


def role_for(employer):
    return {
        "employer": employer,
        "title": "Survey analyst",
        "format": "micro_internship",
        "field": "data",
        "description": "You clean the answers of our survey and write four pages about them.",
        "hours_total": 20,
        "weeks": 2,
        "apply_by": in_days(28),
        "mode": "remote",
        "country": "GB",
        "pay_kind": "fixed_fee",
        "pay_amount": "420.00",
        "pay_currency": "GBP",
        "response_days": 5,
        "skills": [{"name": "sql", "level": 1}],
        "questions": [{"text": "Which table would you make first, and why?"}],
        "deliverables": [{"title": "A report", "done_means": "Every question has its table."}],
    }


def found_employer(owner):
    """Found an organization, verify its domain by the link that is mailed; return its id."""
    employer = owner("post", "/employers", {"name": "Harbour Studio", "domain": "harbour.example"})
    there = f"/employers/{employer['id']}"
    assert not employer["verified"]
    owner("post", f"{there}/verifications", {"email": "office@harbour.example"})
    letter = Letter.objects.get(address="office@harbour.example").body
    secret = address_in(letter, "/employer/verify/").rstrip("/").rsplit("/", 1)[1]
    owner("post", "/verifications/confirm", {"secret": secret})
    owner.change(there, {"about": "We count who visits museums."})
    assert owner("get", there)["verified"]
    return employer["id"]


def post_role(owner, moderator, employer):
    """Bring a role from a draft to the market; return its id."""
    role = owner("post", "/opportunities", role_for(employer))["id"]
    there = f"/opportunities/{role}"
    assert owner("get", there)["published_at"] is None
    owner.change(there, {"apply_url": "", "summary": "Turn a survey into a short report."})
    assert owner("get", f"/employers/{employer}/opportunities")["data"][0]["status"] == "draft"
    copy = owner("post", f"{there}/copy")["id"]
    assert owner("get", f"/opportunities/{copy}")["status"] == "draft"
    owner("post", f"{there}/submit")
    owner("get", f"{there}/findings")

    moderator("get", "/moderation/items")
    item = moderator("post", "/moderation/items/next")
    asked = {"reason": "Say in which week it begins.", "rules": ["3.2"]}
    moderator("post", f"/moderation/items/{item['id']}/ask-changes", asked)
    assert owner("get", f"/employers/{employer}/decisions")["data"][0]["opportunity"] == role
    owner.change(there, {"start_earliest": in_days(0)})
    owner("post", f"{there}/submit")
    moderator("post", f"/moderation/items/{role}/claim")
    moderator("post", f"/moderation/items/{role}/approve", {})
    assert moderator("get", "/moderation/decisions")["data"][0]["action"] == "approve"
    assert owner("get", there)["published_at"] is not None
    return role


def seek(candidate, role):
    """Fill in a profile, look around, keep and apply; return the application's id."""
    wanted = {"interests": {"data": 1}, "skills": [{"name": "sql"}], "targets": [{"name": "sql"}]}
    candidate.change("/profile", wanted)
    assert candidate("get", "/opportunities?skill=SQL")["data"][0]["id"] == role
    assert candidate("post", "/match-runs", {"limit": 10})["matches"]
    candidate("get", f"/matches/{role}/explanation")
    candidate("put", f"/matches/{role}/feedback", {"saved": True})
    candidate("post", "/saved", {"opportunity": role})
    candidate("get", "/saved")
    candidate("post", "/alerts", {"query": "field=data", "name": "Data"})
    candidate("get", "/alerts")
    candidate("post", f"/opportunities/{role}/questions", {"question": "Is the work remote?"})
    sent = {"opportunity": role, "name": "Ada Byron", "answers": ["The one by month."]}
    return candidate("post", "/applications", sent)["id"]


def select(owner, candidate, role, application):
    """Shortlist, talk, offer and accept."""
    there = f"/applications/{application}"
    (post,) = owner("get", f"/opportunities/{role}/questions")["data"]
    owner("post", f"/opportunities/{role}/questions/{post['id']}/answer", {"text": "Yes."})
    assert owner("get", f"/applications?opportunity={role}")["data"][0]["id"] == application
    owner("get", f"/opportunities/{role}/candidates")
    owner("post", f"{there}/shortlist")
    owner("post", f"{there}/notes", {"text": "Wrote clearly."})
    owner("get", f"{there}/notes")
    begins = (timezone.now() + timedelta(days=3)).isoformat()
    slots = owner("post", f"{there}/interview", {"slots": [{"starts_at": begins}]})["slots"]
    candidate("post", f"{there}/slots/{slots[0]['id']}/choose")
    candidate("post", f"{there}/messages", {"text": "When would the work begin?"})
    owner("get", f"{there}/messages")
    owner("post", f"{there}/offer", {"message": "We would like to work with you."})
    assert "accept" in candidate("get", there)["actions"]
    candidate("post", f"{there}/accept")


def work(owner, candidate, application):
    """Write down what was done, sign it, review each other, and show the credential."""
    done = {"hours": 21, "summary": "Four pages.", "paid": {"amount": "420", "currency": "GBP"}}
    there = f"/applications/{application}"
    completion = owner("post", f"{there}/complete", done | worked())["id"]
    candidate("post", f"{there}/sign")
    for caller in (owner, candidate):
        caller("post", f"/completions/{completion}/review", {"stars": 5, "text": "Clear."})
        caller("get", f"/completions/{completion}")
    candidate("post", f"/completions/{completion}/show", {"is_public": True})
    candidate("get", "/completions")
    return candidate("get", f"/credentials/{completion}")


def test_a_role_and_an_application_from_the_first_request_to_the_last():
    SkillAliasFactory(skill=SkillFactory(slug="sql", name="SQL"), text="SQL", normalized="sql")
    person, ada = UserFactory(confirmed=True), CandidateProfileFactory(user__confirmed=True).user
    owner, candidate = Caller(person), Caller(ada)
    moderator = Caller(UserFactory(moderator=True))
    for caller in (owner, candidate, moderator):
        caller("get", "/me")
        caller("get", "/meta")
    candidate("get", "/skills?q=sql")
    candidate("get", "/places?q=leeds")

    employer = found_employer(owner)
    hook = {"employer": employer, "url": "https://hooks.example/foothold"}
    made = owner("post", "/webhook-endpoints", hook | {"types": ["opportunity.published"]})
    owner("post", f"/webhook-endpoints/{made['id']}/test")
    role = post_role(owner, moderator, employer)
    application = seek(candidate, role)
    select(owner, candidate, role, application)
    credential = work(owner, candidate, application)
    owner("post", f"/opportunities/{role}/close", {"outcome": "filled_here"})

    assert owner("get", f"/opportunities/{role}")["status"] == "closed"
    assert candidate("get", f"/applications/{application}")["status"] == "completed"
    assert credential is not None
    owner("get", f"/webhook-endpoints/{made['id']}/deliveries")
    Event.objects.update(transaction=1)  # as if each step had been a transaction of its own
    assert owner("get", "/events")["events"]
    for caller in (owner, candidate):
        assert caller("get", "/notices")["data"]
    candidate("post", "/profile/export")
    candidate("post", "/profile/erase", {"confirm": ada.email})
