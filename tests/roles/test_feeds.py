import re
from datetime import timedelta

import feedparser
import pytest
from django.core.cache import caches
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from opportunities.employers.operations import set_logo
from opportunities.roles import job_posting
from opportunities.roles.models import Opportunity
from tests.catalogue.job_posting_checker import posting_in, problems
from tests.catalogue.link_checker import dead, links_of
from tests.employers.test_employing import picture
from tests.factories import (
    DeliverableFactory,
    OpportunityFactory,
    OpportunitySkillFactory,
    employer_with_owner,
)

pytestmark = pytest.mark.django_db


def page(role):
    return reverse("opportunities:role", args=[role.slug, role.public_id])


class TestJobPosting:
    @pytest.mark.parametrize(
        "facts",
        [
            {},
            {"internship": True, "mode": "onsite", "place": "Leeds", "country": "GB"},
            {"mode": "hybrid", "place": "Leeds", "country": "GB", "pay_kind": "hourly"},
            {
                "internship": True,
                "pay_kind": "stipend_month",
                "pay_amount_minor": 130000,
                "pay_max_minor": 150000,
            },
        ],
    )
    def test_an_open_role_passes_the_checker_and_equals_its_page(self, client, facts):
        role = OpportunityFactory(open=True, description="Sort the entries by hand. " * 4, **facts)
        DeliverableFactory(opportunity=role)
        OpportunitySkillFactory(opportunity=role)

        text = client.get(page(role)).text
        posting = posting_in(text)

        assert problems(posting) == []
        assert posting["title"] in text
        assert posting["hiringOrganization"]["name"] in text
        assert posting["identifier"]["value"] == role.public_id
        assert posting["validThrough"].startswith(role.apply_by.isoformat())

    def test_a_fixed_fee_is_said_in_words_because_no_unit_fits(self):
        role = OpportunityFactory(open=True)

        posting = job_posting.job_posting(role)

        assert "baseSalary" not in posting
        assert "£400 fixed" in posting["description"]

    def test_the_logo_has_an_address_that_answers(self, client):
        employer, owner = employer_with_owner(verified=True)
        set_logo(employer_id=employer.pk, actor=owner, content=picture(), at=timezone.now())
        role = OpportunityFactory(open=True, employer=employer)

        posting = posting_in(client.get(page(role)).text)

        assert posting["hiringOrganization"]["logo"].endswith(".png")
        assert dead(client, links_of(posting)) == {}

    @pytest.mark.parametrize(
        ("facts", "country"),
        [
            ({"country": "FR"}, "FR"),
            ({"country": "", "work_rights": "IE"}, "IE"),
            ({"country": "", "employer__country": "NL"}, "NL"),
            ({"country": "CA", "work_rights": "US", "employer__country": "GB"}, "CA"),
        ],
    )
    def test_remote_work_says_where_applicants_may_live(self, client, facts, country):
        role = OpportunityFactory(open=True, mode="remote", **facts)

        posting = posting_in(client.get(page(role)).text)

        assert posting["jobLocationType"] == "TELECOMMUTE"
        assert posting["applicantLocationRequirements"] == {"@type": "Country", "name": country}

    def test_a_role_of_no_country_has_none_rather_than_one_that_nobody_takes(self, client):
        role = OpportunityFactory(open=True, mode="remote", country="", employer__country="")

        assert posting_in(client.get(page(role)).text) is None

    @pytest.mark.parametrize("state", ["closed", "paused"])
    def test_a_role_that_is_not_open_has_none(self, client, state):
        role = OpportunityFactory(**{state: True})
        response = client.get(page(role))

        assert response.status_code == 404 or posting_in(response.text) is None

    def test_past_its_last_day_a_role_has_none(self, client):
        role = OpportunityFactory(open=True, apply_by=timezone.now().date() - timedelta(days=1))

        assert posting_in(client.get(page(role)).text) is None

    def test_no_text_breaks_out_of_the_data_block(self, client):
        role = OpportunityFactory(open=True, summary="</script><script>alert(1)</script>")

        text = client.get(page(role)).text

        assert "<script>alert" not in text
        assert "alert(1)" in posting_in(text)["description"]

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            ({"title": ""}, "title is missing"),
            ({"title": "Earn £500 now!"}, "more than a job title"),
            ({"description": "Intern"}, "does not describe"),
            ({"identifier": None}, "identifier is missing"),
            ({"employmentType": ["JOB"]}, "not of the list"),
            ({"jobLocationType": None}, "no country"),
            ({"validThrough": "2026-12-01T00:00:00"}, "no offset"),
            ({"baseSalary": {"currency": "GBP", "value": {"value": 4}}}, "no unit"),
        ],
    )
    def test_the_checker_finds_what_is_wrong(self, change, said):
        whole = job_posting.job_posting(OpportunityFactory(open=True, description="word " * 20))

        assert problems(whole) == []
        assert any(said in problem for problem in problems({**whole, **change}))


class TestFeeds:
    @pytest.mark.parametrize("name", ["opportunities.atom", "opportunities.json", "deadlines.ics"])
    def test_head_names_the_version_that_get_names(self, client, name):
        OpportunityFactory(open=True)
        read = client.get(f"/feeds/{name}")

        asked = client.head(f"/feeds/{name}")
        again = client.head(f"/feeds/{name}", headers={"If-None-Match": read["ETag"]})

        assert asked["ETag"] == read["ETag"]
        assert again.status_code == 304
        assert client.head(f"/feeds/{name}?kind=none").status_code == 400

    def test_the_atom_feed_is_valid_and_follows_the_filter(self, client):
        OpportunityFactory(open=True, title="Edit a podcast")
        OpportunityFactory(open=True, internship=True, title="Software intern")

        feed = feedparser.parse(client.get("/feeds/opportunities.atom?kind=micro").content)

        assert not feed.bozo
        assert [entry.title for entry in feed.entries] == ["Edit a podcast"]
        assert feed.entries[0].id.startswith("tag:")

    def test_the_json_feed_keeps_to_its_version(self, client):
        role = OpportunityFactory(open=True)

        feed = client.get("/feeds/opportunities.json").json()

        assert feed["version"] == "https://jsonfeed.org/version/1.1"
        assert feed["items"][0]["url"].endswith(page(role))
        assert {"id", "content_html", "date_published"} <= set(feed["items"][0])

    def test_each_is_named_by_its_filters_and_leads_to_the_same_list(self, client):
        asked = {"q": "bees & <b>", "verified": "true"}

        atom = feedparser.parse(client.get("/feeds/opportunities.atom", asked).content)
        told = client.get("/feeds/opportunities.json", asked).json()
        dates = Calendar.from_ical(client.get("/feeds/deadlines.ics", {"kind": "micro"}).content)

        assert atom.feed.title == told["title"]
        assert told["title"].startswith("Roles at Foothold (Words: bees & <b>; Verified employers)")
        assert told["home_page_url"].endswith("/opportunities/?q=bees+%26+%3Cb%3E&verified=true")
        assert dates["X-WR-CALNAME"] == "Deadlines at Foothold (Kind: Micro-internship)"
        assert client.get("/feeds/opportunities.json").json()["title"] == "Roles at Foothold"

    def test_a_role_never_changed_before_it_was_published(self, client):
        now = timezone.now()
        role = OpportunityFactory(open=True, opened_at=now, changed_at=now - timedelta(days=3))

        atom = feedparser.parse(client.get("/feeds/opportunities.atom").content).entries[0]
        [item] = client.get("/feeds/opportunities.json").json()["items"]

        assert atom.updated == atom.published
        assert item["date_modified"] == item["date_published"]
        assert f"<lastmod>{role.opened_at:%Y-%m-%d}" in client.get("/sitemap-roles.xml").text

    def test_deadlines_make_the_round_trip_through_a_calendar(self, client):
        role = OpportunityFactory(open=True)

        content = client.get("/feeds/deadlines.ics").content
        [event] = Calendar.from_ical(content).walk("VEVENT")

        assert event["dtstart"].dt == role.apply_by
        assert event["uid"].startswith(role.public_id)
        assert Calendar.from_ical(content).to_ical() == content

    @pytest.mark.parametrize("name", ["opportunities.atom", "opportunities.json", "deadlines.ics"])
    def test_an_unknown_filter_is_refused(self, client, name):
        response = client.get(f"/feeds/{name}?colour=red")

        assert response.status_code == 400
        assert "colour" in response.text


class TestConditions:
    @pytest.mark.parametrize(
        "path",
        [
            "/feeds/opportunities.atom",
            "/feeds/opportunities.json",
            "/feeds/deadlines.ics",
        ],
    )
    def test_who_has_a_feed_already_is_not_sent_it_again(self, client, path):
        role = OpportunityFactory(open=True)
        first = client.get(path)
        known = {"If-None-Match": first.headers["ETag"]}

        caches["pages"].clear()
        again = client.get(path, headers=known)
        Opportunity.objects.filter(pk=role.pk).update(
            title="Count the whales", changed_at=timezone.now() + timedelta(days=1)
        )
        changed = client.get(path, headers=known)

        assert (first.status_code, again.status_code, changed.status_code) == (200, 304, 200)
        assert again.content == b""
        assert changed.headers["ETag"] != first.headers["ETag"]


class TestCrawlers:
    def test_the_sitemap_holds_open_roles_and_nothing_else(self, client):
        role = OpportunityFactory(open=True)
        closed = OpportunityFactory(closed=True)
        assert "sitemap-roles.xml" in client.get("/sitemap.xml").text

        text = client.get("/sitemap-roles.xml").text

        assert role.public_id in text
        assert closed.public_id not in text
        assert Opportunity.objects.count() == 2

    def test_robots_and_security_say_where_to_look(self, client):
        assert "Disallow: /matches/" in client.get("/robots.txt").text
        text = client.get("/.well-known/security.txt").text
        assert "Contact: mailto:" in text
        assert "Expires: " in text

    def test_language_models_are_told_only_of_what_everybody_may_read(self, client, settings):
        text = client.get("/llms.txt").text

        assert text.startswith(f"# {settings.SITE_NAME}\n\n> ")
        links = re.findall(rf"\]\({settings.SITE_URL}(\S+)\)", text)
        assert len(links) > 9
        assert {path: client.get(path).status_code for path in links} == dict.fromkeys(links, 200)
