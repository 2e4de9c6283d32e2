import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from opportunities.core import page_cache
from opportunities.roles.models import Opportunity
from tests.factories import (
    DeliverableFactory,
    EmployerFactory,
    MembershipFactory,
    OpportunityFactory,
    OpportunitySkillFactory,
    SkillAliasFactory,
    UserFactory,
)

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_nine():
    with time_machine.travel(NOW, tick=False):
        yield


def page(role):
    return reverse("opportunities:role", args=[role.slug, role.public_id])


def names(response):
    return [role.title for role in response.context["roles"]]


class TestHome:
    def test_counts_what_is_open_and_nothing_else(self, client):
        OpportunityFactory(open=True, title="Chart a survey")
        OpportunityFactory(open=True, internship=True, title="Software intern")
        OpportunityFactory(title="Still a draft")

        response = client.get("/")

        assert response.context["counts"]["roles"] == 2
        assert response.context["counts"]["micro"] == 1
        assert "Chart a survey" in response.text
        assert "Still a draft" not in response.text


class TestBrowse:
    def test_runs_a_fixed_number_of_queries(self, client, django_assert_num_queries):
        OpportunityFactory.create_batch(7, open=True)

        with django_assert_num_queries(2):
            response = client.get("/opportunities/")

        assert len(response.context["roles"]) == 7

    def test_pages_through_every_role_once(self, client):
        OpportunityFactory.create_batch(45, open=True)
        seen, address = [], "/opportunities/"

        while address:
            response = client.get(address)
            seen += [role.pk for role in response.context["roles"]]
            address = response.context["next"]

        assert len(seen) == len(set(seen)) == 45

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("?kind=internship", ["Software intern"]),
            ("?kind=micro&kind=internship", ["Software intern", "Edit a podcast"]),
            ("?q=podcasts", ["Edit a podcast"]),
            ("?q=podcsat", ["Edit a podcast"]),
            ("?pay_hour_min=18", ["Edit a podcast"]),
            ("?hours_week_max=10", ["Edit a podcast"]),
            ("?skill=audio", ["Edit a podcast"]),
            ("?country=fr", []),
            ("?sort=-pay_hour", ["Edit a podcast", "Software intern"]),
        ],
    )
    def test_filters_and_sorts(self, client, query, found):
        podcast = OpportunityFactory(
            open=True,
            title="Edit a podcast",
            hours_per_week=10,
            hourly_minor=2000,
            at=NOW - timedelta(1),
        )
        OpportunitySkillFactory(opportunity=podcast, skill__slug="audio")
        OpportunityFactory(
            open=True, internship=True, title="Software intern", hourly_minor=1500, at=NOW
        )

        assert names(client.get(f"/opportunities/{query}")) == found

    @pytest.mark.parametrize(
        ("query", "label"),
        [
            ("", "Newest"),
            ("?q=podcast", "Best match of words"),
            ("?sort=apply_by", "Closing soonest"),
        ],
    )
    def test_marks_the_order_that_the_list_has(self, client, query, label):
        OpportunityFactory(open=True, title="Edit a podcast")

        text = client.get(f"/opportunities/{query}").text

        [marked] = re.findall(r'<a href="[^"]*" aria-current="true">([^<]+)</a>', text)
        assert marked == label

    @pytest.mark.parametrize("words", ["spredsheets", "spredsheets berlin"])
    def test_asks_whether_a_skill_that_some_role_uses_was_meant(self, client, words):
        skill = SkillAliasFactory(skill__name="Spreadsheets", text="Spreadsheets").skill
        OpportunitySkillFactory(opportunity=OpportunityFactory(), skill=skill)
        assert "Did you mean" not in client.get(f"/opportunities/?q={words}").text

        role = OpportunityFactory(open=True, title="Tidy a table")
        OpportunitySkillFactory(opportunity=role, skill=skill)
        text = client.get(f"/opportunities/?q={words}&kind=micro").text

        [link] = re.findall(r'Did you mean: <a href="([^"]+)">Spreadsheets</a>', text)
        assert link == "?q=Spreadsheets&amp;kind=micro"
        assert names(client.get("/opportunities/?q=Spreadsheets&kind=micro")) == ["Tidy a table"]

    @pytest.mark.parametrize(
        ("query", "said"),
        [
            ("?colour=red", "colour is not a filter"),
            ("?kind=job", "kind"),
            ("?sort=-password", "sort is one of"),
            ("?cursor=nonsense", "This page of the list no longer exists."),
            ("?pay_hour_min=NaN", "pay_hour_min"),
            ("?apply_by_to=2026-13-45", "apply_by_to"),
            (f"?q={'x' * 101}", "Words: At most 100 characters; this has 101."),
            ("?hours_total_max=-3", "Hours in all, at most: Enter 0 or more."),
            ("?pay_hour_min=1e9", "Pay an hour, at least: Enter 1,000,000 or less."),
        ],
    )
    def test_a_bad_question_is_answered_with_its_name(self, client, query, said):
        response = client.get(f"/opportunities/{query}")

        assert response.status_code == 400
        assert said in response.text

    def test_htmx_gets_the_part_that_is_in_the_page(self, client):
        OpportunityFactory(open=True)

        whole = client.get("/opportunities/")
        part = client.get("/opportunities/", headers={"HX-Request": "true"})

        # No two views share the token of their forms.
        shown, within = (page_cache.TOKEN.sub(b"", page.content) for page in (part, whole))
        assert shown.strip() in within
        assert "<html" not in part.text
        assert "HX-Request" in part.headers["Vary"]


class TestRole:
    def test_shows_the_facts_and_says_what_is_not_stated(self, client):
        role = OpportunityFactory(
            open=True, title="Clean a data set", mentor_minutes_per_week=None, contacts=None
        )
        DeliverableFactory(opportunity=role, title="A tidy table", done_means="No empty cell")

        text = client.get(page(role)).text

        assert "£400 fixed" in text
        assert "about £20 an hour" in text
        assert "20 hours" in text
        assert "A tidy table" in text
        assert "No empty cell" in text
        assert text.count("Not stated") >= 2

    def test_renders_hostile_markdown_harmless(self, client):
        role = OpportunityFactory(
            open=True,
            description="<script>alert(1)</script> [x](javascript:alert(2)) <img src=x onerror=y>",
        )

        text = client.get(page(role)).text

        assert "<script>alert" not in text
        assert 'href="javascript:' not in text
        assert "<img" not in text

    def test_a_wrong_slug_leads_to_the_right_address(self, client):
        role = OpportunityFactory(open=True)

        response = client.get(f"/opportunities/wrong-{role.public_id}/")

        assert response.status_code == 301
        assert response.url == page(role)

    def test_a_draft_exists_for_its_employer_only(self, client):
        member = MembershipFactory()
        role = OpportunityFactory(employer=member.employer)

        assert client.get(page(role)).status_code == 404
        client.force_login(UserFactory())
        assert client.get(page(role)).status_code == 404
        client.force_login(member.user)
        assert client.get(page(role)).status_code == 200

    def test_past_its_last_day_it_takes_no_applications_but_stays(self, client):
        role = OpportunityFactory(open=True, apply_by=NOW.date() - timedelta(1))
        similar = OpportunityFactory(open=True, field=role.field, title="Much like it")

        response = client.get(page(role))

        assert response.status_code == 200
        assert "not taking applications" in response.text
        assert "noindex" in response.text
        assert similar.title in response.text

    def test_says_who_was_checked_and_when_and_how_answers_came(self, client):
        at = datetime(2026, 3, 3, 12, tzinfo=UTC)
        employer = EmployerFactory(
            verified_by="domain", verified_at=at, domain="north.example",
            answered_count=9, due_count=10,
        )  # fmt: skip
        role = OpportunityFactory(open=True, employer=employer)
        role.confirmed_at = role.opened_at + timedelta(days=2)
        role.save()

        text = client.get(page(role)).text

        assert "On 3 March 2026 somebody confirmed an email address" in text
        assert "<bdi>north.example</bdi>" in text
        assert "9 of 10 applications that fell due were answered in time." in text
        assert f"before it opened on {role.opened_at:%-d %B %Y}." in text
        assert f"last confirmed as open on {role.confirmed_at:%-d %B %Y}." in text

    def test_praises_no_employer_that_nobody_checked(self, client):
        employer = EmployerFactory(verified_by="", verified_at=None, due_count=0)

        text = client.get(page(OpportunityFactory(open=True, employer=employer))).text

        assert "Not checked yet" in text
        assert "has fallen due yet" in text
        assert "last confirmed" not in text

    def test_an_open_role_leads_to_similar_ones_its_kind_first(self, client):
        role = OpportunityFactory(open=True, field="data")
        long = OpportunityFactory(open=True, internship=True, field="data", title="Other kind")
        near = OpportunityFactory.create_batch(2, open=True, field="data")
        far = OpportunityFactory(open=True, field="law", title="Another field")

        response = client.get(page(role))

        assert [other.pk for other in response.context["similar"]][2:] == [long.pk]
        assert {other.pk for other in response.context["similar"][:2]} == {each.pk for each in near}
        assert "Similar roles" in response.text
        assert far.title not in response.text

    def test_a_similar_role_that_closes_leaves_at_once(self, client):
        role = OpportunityFactory(open=True, field="data")
        similar = OpportunityFactory(open=True, field="data", title="Much like it")
        assert similar.title in client.get(page(role)).text
        assert similar.title in client.get(page(role)).text

        Opportunity.objects.filter(pk=similar.pk).update(hidden_at=NOW)

        assert similar.title not in client.get(page(role)).text

    def test_a_removed_role_is_gone_for_who_may_know_of_it(self, client):
        role = OpportunityFactory(removed=True)

        assert client.get(page(role)).status_code == 404
        client.force_login(UserFactory(moderator=True))
        assert client.get(page(role)).status_code == 410


class TestEmployer:
    def test_shows_its_reply_rate_with_the_count(self, client):
        employer = EmployerFactory(answered_count=9, due_count=10)
        OpportunityFactory(open=True, employer=employer, title="Their role")

        text = client.get(reverse("opportunities:employer", args=[employer.slug])).text

        assert "9 of 10 applications" in text
        assert "at least 60 in 100" in text
        assert "Their role" in text

    def test_a_blocked_employer_has_no_page(self, client):
        employer = EmployerFactory(blocked=True)

        assert (
            client.get(reverse("opportunities:employer", args=[employer.slug])).status_code == 404
        )
