"""Matches, plans and lists in German: nothing stays in English, and pictures keep their numbers."""

import html
import re
from datetime import UTC, datetime

import pytest
from django.urls import reverse
from django.utils import translation

from config import catalogues
from matching.introductions import people, telling
from matching.models import Introduction, Toward
from matching.recommending import introduced
from matching.recommending.reasons import reasons
from opportunities.candidates.models import Visibility
from opportunities.messaging.models import Notice
from tests.factories import (
    ApplicationFactory,
    CandidatePlanFactory,
    CandidateProfileFactory,
    CandidateSkillFactory,
    MembershipFactory,
    OpportunityFactory,
    OpportunitySkillFactory,
    PlannedRoleFactory,
)
from tests.matching.markets import market_at

NOW = datetime(2026, 11, 25, 10, tzinfo=UTC)
LONG_ENOUGH = 16
"""A shorter text may well be a part of a longer one."""
ROOMS = [catalogues.ROOT / name for name in (
    "matching", "opportunities/catalogue", "opportunities/places",
)]  # fmt: skip
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_ten():
    with market_at(NOW):
        yield


@pytest.fixture
def market():
    """A market of roles with skills, two of them internships."""
    internships = OpportunityFactory.create_batch(2, open=True, internship=True, at=NOW)
    roles = [*internships, *OpportunityFactory.create_batch(5, open=True, at=NOW)]
    for place, role in enumerate(roles):
        role.hourly_minor = 1_450 + 130 * place
        role.save(update_fields=["hourly_minor"])
        OpportunitySkillFactory(opportunity=role)
    return roles


@pytest.fixture
def profile(market):
    profile = CandidateProfileFactory(
        at=NOW, goal=0.1, hours_per_week=37.5, interests={}, user__language="de"
    )
    CandidateSkillFactory(profile=profile, skill=market[2].skills.get().skill, level=3)
    return profile


def english():
    """Return the whole English texts of these rooms that are long enough to be told apart."""
    found = set()
    for room in ROOMS:
        for message in catalogues.read(room / "locale" / "de" / "LC_MESSAGES" / "django.po"):
            ids = message.id if isinstance(message.id, tuple) else (message.id,)
            strings = message.string if isinstance(message.string, tuple) else (message.string,)
            found |= {text for text in ids if text not in strings}
    return {text for text in found if len(text) >= LONG_ENOUGH and "%" not in text}


def text_of(response):
    """Return what a page says between its head and its foot, which are those of all pages."""
    assert response.status_code == 200
    (main,) = re.findall(r"<main\b.*?</main>", response.text, re.DOTALL)
    return html.unescape(main)


def pages(market, profile):
    plan = CandidatePlanFactory(profile=profile, made_at=NOW)
    PlannedRoleFactory(plan=plan, role=market[3])
    role = market[2]
    ids = "&".join(f"ids={one.public_id}" for one in market[:3])
    return [
        "/", "/opportunities/", "/formats/", "/formats/micro-internship/", "/how-matching-works/",
        f"/employers/{role.employer.slug}/", f"/opportunities/{role.slug}-{role.public_id}/",
        f"/opportunities/{role.slug}-{role.public_id}/report/",
        *(f"/start/{step}/" for step in ("field", "skills", "time", "start-date", "place", "pay")),
        reverse("matching:check"), "/matches/", "/matches/?view=one", "/keep/", "/matches/new/",
        reverse("matching:why", args=[role.public_id]),
        reverse("matching:not_for_me", args=[role.public_id]),
        f"/compare/?{ids}", "/paths/", reverse("matching:plans"),
        reverse("matching:plan", args=[plan.public_id]),
    ]  # fmt: skip


class TestPages:
    def test_leave_no_text_of_these_rooms_in_english(self, client, market, profile):
        texts = english()
        assert len(texts) > 300
        client.force_login(profile.user)

        for page in pages(market, profile):
            said = text_of(client.get(page))
            assert {text for text in texts if text in said} == set(), page

    def test_write_the_numbers_of_pictures_as_svg_reads_them(self, client, market, profile):
        client.force_login(profile.user)

        for page in pages(market, profile):
            assert re.findall(r'="-?\d+,\d+%?"', client.get(page).text) == [], page

    def test_write_the_numbers_of_sentences_as_german_does(self, client, market, profile):
        client.force_login(profile.user)

        assert "37,5 Stunden pro Woche" in text_of(client.get("/paths/"))
        assert "22,30 £" in text_of(client.get("/matches/"))

    def test_an_employer_reads_the_list_of_applicants(self, client, market, profile):
        member = MembershipFactory(employer=market[2].employer, user__language="de").user
        ApplicationFactory(opportunity=market[2], profile=profile)
        client.force_login(member)

        for name in ("matching:applicants", "matching:candidates"):
            said = text_of(client.get(reverse(name, args=[market[2].public_id])))
            assert {text for text in english() if text in said} == set()
        assert (
            "Niemand wird wegen einer Zahl abgelehnt".lower()
            in text_of(
                client.get(reverse("matching:applicants", args=[market[2].public_id]))
            ).lower()
        )


def test_reasons_are_said_in_the_language_that_is_active(market, profile):
    row = Introduction.objects.create(candidate=profile, role=market[2], score=1, at=NOW)
    (shown,) = introduced.shown_of(profile, [row], at=NOW)

    def said(language):
        with translation.override(language):
            found = reasons(shown.explanation, shown.role, shown.person, currency="GBP")
            return [reason.sentence for reason in found]

    assert len(said("de")) == len(said("en-gb")) > 1
    assert not set(said("de")) & set(said("en-gb"))


class TestNotices:
    def test_tell_a_candidate_in_the_language_of_the_account(self, market, profile):
        for role in market[2:4]:
            Introduction.objects.create(candidate=profile, role=role, score=1, at=NOW)

        telling.explain_new(at=NOW)
        Introduction.objects.update(due_at=NOW)
        telling.tell_due(at=NOW)

        notice = Notice.objects.get(recipient=profile.user)
        assert notice.subject == "2 neue Matches für dich"
        assert "von 100." in notice.body
        assert not {text for text in english() if text in notice.body}
        with translation.override("en-gb"):
            assert notice.told.subject == "2 new matches for you"
            assert "of 100." in notice.told.body
            assert not set(notice.told.body.splitlines()) & set(notice.body.splitlines()) - {""}

    def test_tell_each_member_of_an_employer_in_their_own(self, market):
        role = market[2]
        german = MembershipFactory(employer=role.employer, user__language="de").user
        english_one = MembershipFactory(employer=role.employer).user
        someone = CandidateProfileFactory(at=NOW, visibility=Visibility.PSEUDONYM)
        Introduction.objects.create(
            candidate=someone, role=role, toward=Toward.EMPLOYER, score=81, at=NOW
        )

        people.plan_new(at=NOW)
        people.tell_due(at=NOW)

        subjects = {one.recipient_id: one.subject for one in Notice.objects.all()}
        assert subjects == {
            german.pk: f"1 neue Person passt zu: {role.title}",
            english_one.pk: f"1 new person fits {role.title}",
        }
