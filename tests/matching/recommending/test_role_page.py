"""The fit on the page of a role: for whom, what is missing, and changes that hold when applied."""

import re
from datetime import timedelta

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext

from matching.engine import GATES, Candidate, gates
from matching.onboarding import visitors
from matching.priors import PRIORS
from matching.recommending.missing import MISSING_WORDS, missing
from matching.recommending.own_changes import own_changes
from matching.recommending.queries import Shown
from matching.store import live, read_profiles, read_roles
from opportunities.candidates.models import CandidateProfile
from opportunities.roles.models import Opportunity
from tests.demo.market import AT, demo_market
from tests.factories import (
    CandidateProfileFactory,
    CandidateSkillFactory,
    OpportunityFactory,
    OpportunitySkillFactory,
    RoleInvitationFactory,
    SkillFactory,
)
from tests.matching.markets import market_at, publish
from tests.matching.recommending.test_reasons import faults_of
from tests.matching.recommending.test_views import answer

MOST_QUERIES = 30
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at():
    caches["pages"].clear()
    with market_at(AT):
        yield


def page(client, role):
    return client.get(f"/opportunities/{role.slug}-{role.public_id}/", follow=True)


class TestWhoSeesIt:
    def test_nobody_who_told_nothing(self, client):
        text = page(client, OpportunityFactory(open=True)).text

        assert "for-you-h" not in text

    def test_a_guest_with_answers_and_nobody_else(self, client):
        role = OpportunityFactory(open=True)
        other = type(client)()
        before = page(client, role).text
        answer(client, time="20")

        text = page(client, role).text

        assert "for-you-h" not in before
        assert "How it fits you" in text
        assert "for-you-h" not in page(other, role).text

    def test_its_number_is_that_of_the_list(self, client):
        role = OpportunityFactory(open=True)
        answer(client, time="40")
        number = re.compile(r'class="fit">\s*<p><b>(\d+)</b>')

        [on_page] = number.findall(page(client, role).text)

        assert number.findall(client.get("/matches/").text) == [on_page]

    def test_it_sets_what_they_want_against_what_the_role_offers(self, client):
        role = OpportunityFactory(open=True, hours_total=60, weeks=2, hours_per_week=30)
        answer(client, time="40")

        text = page(client, role).text

        assert 'class="gap want-offer"' in text
        assert "up to 40" in text

    def test_nothing_that_nobody_said_is_told_as_a_wish(self, client):
        role = OpportunityFactory(open=True, task_areas=1, mentor_minutes_per_week=0, contacts=4)
        profile = CandidateProfileFactory(goal=0.5, hours_per_week=40)
        client.force_login(profile.user)
        spoken_of = ["Scope", "Mentoring", "People to meet"]
        row = '<th scope="row">{}</th>'.format

        before = page(client, role).text
        profile.scope_wish, profile.top3 = 0.5, ["network"]
        profile.importance = {"mentorship": 3}
        profile.save()
        after = page(client, role).text

        assert [label for label in spoken_of if row(label) in before] == []
        assert [label for label in spoken_of if row(label) in after] == spoken_of

    def test_a_changed_profile_is_on_the_next_page(self, client):
        profile = CandidateProfileFactory(hours_per_week=40)
        role = OpportunityFactory(open=True, hours_total=60, weeks=2, hours_per_week=30)
        client.force_login(profile.user)
        assert "How it fits you" in page(client, role).text

        profile.hours_per_week = 12
        profile.save()

        text = page(client, role).text
        assert "Not open to you yet" in text
        assert "It takes 30 hours a week, and you have 12 hours." in text


class TestMissing:
    def test_every_gate_has_words_that_name_what_is_asked(self):
        skill = SkillFactory(slug="sql", name="SQL")
        role = OpportunityFactory(
            open=True, mode="onsite", region="Leeds", place="Leeds", country="GB", field="events",
            hours_total=60, weeks=2, hours_per_week=30, requires_enrolment=True, min_age=18,
            work_rights="GB", start_earliest=AT.date() + timedelta(20),
            start_latest=AT.date() + timedelta(30), pay_kind="hourly", pay_amount_minor=1300,
        )  # fmt: skip
        OpportunitySkillFactory(opportunity=role, skill=skill, level=2, must=True)
        facts = read_roles([role.pk], at=AT)[role.pk].opportunity
        until = (AT.date() + timedelta(60)).isoformat()
        person = Candidate(
            id=1, available_from=(AT.date() + timedelta(45)).isoformat(), available_until=until,
            hours_per_week=5, modes=frozenset({"remote"}), rate_floor=50, credit="required",
            enrolled=False, age_ok=16, skills={"sql": 1}, only_fields=frozenset({"data", "law"}),
        )  # fmt: skip
        shut = gates(person, facts, priors=PRIORS)

        told = dict(zip(shut, missing(shut, Shown(role, person, None, 0, "GBP")), strict=True))

        assert set(MISSING_WORDS) == set(GATES)
        assert set(shut) >= set(GATES) - {"blocked_weeks", "ends_after_available"}
        assert told["weekly_hours"] == "It takes 30 hours a week, and you have 5 hours."
        assert told["field"] == (
            "It is in events and hospitality, and you chose only data and analysis and law."
        )
        assert told["mode"] == "The work is on site, and you chose remote."
        assert told["must_have_skill"] == "It asks for SQL (some practice)."
        assert told["rate_floor"] == "Its pay is £13 an hour; you work for £50 an hour or more."
        assert told["age"] == "It is for people who are at least 18."
        for text in told.values():
            assert not faults_of(text), text
            assert text.endswith(".")


def opened_by(change, person, *, at):
    """Count the roles one by one, by the gates alone, before and after."""
    ids = Opportunity.objects.listed(at=at).values_list("pk", flat=True)
    roles = [facts.opportunity for facts in read_roles(ids, at=at).values()]
    vocabulary = live.roles(at=at).vocabulary
    before, after = (
        sum(not gates(each, role, priors=PRIORS, vocabulary=vocabulary) for role in roles)
        for each in (person, change.applied_to(person))
    )
    return after - before


class TestOwnChanges:
    def test_a_skill_and_four_hours_are_counted_on_the_page(self, client):
        skill = SkillFactory(slug="sql", name="SQL")
        profile = CandidateProfileFactory(hours_per_week=10)
        CandidateSkillFactory(profile=profile, skill=skill, level=1)
        role = OpportunityFactory(open=True, hours_total=20, weeks=2, hours_per_week=10)
        for each in (role, OpportunityFactory(open=True, hours_total=20, weeks=2)):
            OpportunitySkillFactory(opportunity=each, skill=skill, level=2, must=True)
        OpportunityFactory(open=True, hours_total=28, weeks=2, hours_per_week=14)
        client.force_login(profile.user)

        text = page(client, role).text

        assert "SQL from “basics” to “some practice” would open 2 more roles." in text
        assert "Four more hours a week would open 1 more role." in text

    def test_each_is_true_when_applied_on_the_demo_market(self, client):
        demo_market()
        publish()
        roles = list(Opportunity.objects.listed(at=AT).order_by("pk"))
        people = [
            facts.candidate
            for facts in read_profiles(
                CandidateProfile.objects.order_by("pk").values_list("pk", flat=True)[:12], at=AT
            ).values()
        ]
        guests = [
            {"time": ["10"]},
            {"field": ["data"], "field-rule": ["only"], "time": ["40"]},
            {"field": ["law"], "field-rule": ["first"], "skills": ["negotiation:2"], "pay": ["22"]},
            {"place": ["remote"], "pay": ["15"], "time": ["40"], "start-date": ["half"]},
        ]
        people += [visitors.person_from(visitors.asked(AT), given, AT) for given in guests]
        found = [
            (person, change)
            for place, person in enumerate(people)
            for change in own_changes(person, roles[7 * place].pk, at=AT)
        ]

        assert len(found) >= 12
        for person, change in found:
            assert opened_by(change, person, at=AT) == change.adds > 0
            assert f"would open {change.adds} more role" in change.text
        assert {"skills", "hours_per_week"} <= {change.field for _, change in found}
        for guest in people[-len(guests) :]:
            assert len([change for person, change in found if person is guest]) == 2

    def test_where_no_skill_and_no_hour_helps_another_limit_does(self, client):
        roles = OpportunityFactory.create_batch(3, open=True, field="law")
        [role] = OpportunityFactory.create_batch(1, open=True, field="events")
        answer(client, field=["data"], field_rule="only", time="40")

        text = page(client, roles[0]).text

        assert "It is in law, and you chose only data and analysis." in text
        assert "Being open to other fields too would open 4 more roles." in text
        assert "Looking at law too would open 3 more roles." in text
        assert (
            "Looking at events and hospitality too would open 1 more role."
            in page(client, role).text
        )


class TestChangesHere:
    def test_what_would_open_it_opens_it(self, client):
        profile = CandidateProfileFactory(hours_per_week=22)
        role = OpportunityFactory(open=True, hours_total=60, weeks=2, hours_per_week=30)
        client.force_login(profile.user)

        text = page(client, role).text
        profile.hours_per_week = 30
        profile.save()

        assert "What would open it to you" in text
        assert "Eight more hours a week would open this role to you." in text
        assert "Four more hours a week would open this" not in text
        assert "How it fits you" in page(client, role).text

    def test_of_two_things_in_the_way_neither_alone_is_told_to_open_it(self, client):
        profile = CandidateProfileFactory(hours_per_week=22)
        role = OpportunityFactory(open=True, hours_total=60, weeks=2, hours_per_week=30)
        OpportunitySkillFactory(opportunity=role, skill=SkillFactory(), must=True, level=2)
        client.force_login(profile.user)

        assert "would open this role to you" not in page(client, role).text

    def test_the_number_that_a_skill_would_make_is_the_number_once_it_is_learnt(self, client):
        known, asked = SkillFactory(name="Excel"), SkillFactory(name="SQL")
        profile = CandidateProfileFactory(hours_per_week=40)
        CandidateSkillFactory(profile=profile, skill=known, level=3)
        role = OpportunityFactory(open=True)
        OpportunitySkillFactory(opportunity=role, skill=known, level=2)
        OpportunitySkillFactory(opportunity=role, skill=asked, level=2)
        client.force_login(profile.user)
        number = re.compile(r'class="fit">\s*<p><b>(\d+)</b>')

        text = page(client, role).text
        before = number.search(text)[1]
        told = re.search(r"SQL at the level “some practice” would make it (\d+) instead of", text)
        why = client.get(f"/matches/{role.public_id}/why/").text
        CandidateSkillFactory(profile=profile, skill=asked, level=2)
        caches["pages"].clear()

        assert f"would make it {told[1]} instead of {before}." in text
        assert f"would make it {told[1]} instead of {before}." in why
        assert int(told[1]) > int(before)
        assert number.search(page(client, role).text)[1] == told[1]


def test_an_invitation_is_on_a_page_that_was_kept(client):
    role, profile = OpportunityFactory(open=True, at=AT), CandidateProfileFactory()
    publish()
    client.force_login(profile.user)
    for _ in range(2):
        assert "invites you" not in page(client, role).text

    RoleInvitationFactory(opportunity=role, profile=profile, at=AT)

    assert "invites you to apply" in page(client, role).text


def test_takes_a_fixed_number_of_queries_and_one_more_look_only_asks_whether_it_still_holds(client):
    profile = CandidateProfileFactory(hours_per_week=40)
    role, *_similar = OpportunityFactory.create_batch(4, open=True)
    client.force_login(profile.user)
    address = f"/opportunities/{role.slug}-{role.public_id}/"
    publish()
    client.get(address)  # what a process learns once
    counts = []
    for _ in range(2):
        caches["pages"].clear()
        with CaptureQueriesContext(connection) as asked:
            assert "for-you-h" in client.get(address).text
        counts.append(len(asked))
        for _ in range(6):
            OpportunitySkillFactory(
                opportunity=OpportunityFactory(open=True),
                skill=SkillFactory(),
                must=True,
            )
    with CaptureQueriesContext(connection) as kept:
        client.get(address)
    with CaptureQueriesContext(connection) as again:
        client.get(address)

    assert counts[0] == counts[1] <= MOST_QUERIES
    assert len(again) <= len(kept) <= counts[1]
    assert len(again) <= 4


def test_skills_are_named_once_for_each_commit_of_the_market(client):
    profile = CandidateProfileFactory(hours_per_week=40)
    skill = SkillFactory(name="Weaving")
    role, other = (OpportunityFactory(open=True) for _ in range(2))
    OpportunitySkillFactory(opportunity=other, skill=skill, must=True, level=2)
    client.force_login(profile.user)
    publish()
    first = page(client, role).text

    caches["pages"].clear()
    with CaptureQueriesContext(connection) as asked:
        second = page(client, role).text
    statements = [query["sql"] for query in asked]  # the next request forgets them
    skill.name = "Knitting"
    skill.save()
    publish()
    renamed = page(client, role).text

    assert "Weaving at the level" in first
    assert "Weaving at the level" in second
    assert statements
    assert not [sql for sql in statements if sql.endswith('FROM "skills_skill"')]
    assert "Knitting at the level" in renamed
