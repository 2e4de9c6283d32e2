"""What a person wrote leaves the site readable, whichever way it goes: pages, feeds, files."""

import csv
import io
import json
import re

import pytest
from defusedxml import ElementTree
from icalendar import Calendar

from opportunities.importing.exporting import write_csv
from opportunities.roles.models import Opportunity
from tests.factories import DeliverableFactory, OpportunityFactory, QuestionFactory

pytestmark = pytest.mark.django_db
ARABIC = "\u0645\u062d\u0644\u0644 \u0628\u064a\u0627\u0646\u0627\u062a"
HEBREW = "\u05de\u05e0\u05ea\u05d7 \u05e1\u05e7\u05e8\u05d9\u05dd"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
ATOM = "{http://www.w3.org/2005/Atom}"
HOSTILE = [
    "Survey\x01 analyst\x07",
    "Survey \u202etsylana\u202c",
    "Survey\u2066 analyst",
    "Survey\r\nSet-Cookie: x",
    "Survey\x1b[31m analyst",
]


def shown(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.text


class TestDirectionAndLanguage:
    @pytest.mark.parametrize(
        ("title", "language"),
        [(ARABIC, "ar"), (HEBREW, "he"), ("Analyste", "fr"), ("Analyst", "en")],
    )
    def test_pages_isolate_the_words_and_say_their_language(self, client, title, language):
        role = OpportunityFactory(open=True, title=title, summary=title, language=language)

        DeliverableFactory(opportunity=role, title=title, done_means=title)
        QuestionFactory(opportunity=role, text=title)

        page = shown(client, f"/opportunities/{role.slug}-{role.public_id}/")
        cards = shown(client, "/opportunities/")

        assert f'<h1 lang="{language}" dir="auto">{title}</h1>' in page
        assert page.count(f'<b lang="{language}" dir="auto">{title}</b>') == 2
        assert page.count(f'<bdi lang="{language}">{title}</bdi>') == 2
        assert f'lang="{language}" dir="auto">{title}</a>' in cards
        assert '<html lang="en-GB" dir="ltr">' in page

    def test_feeds_say_the_language_of_each_entry(self, client):
        for title, language in ((ARABIC, "ar"), ("Analyste", "fr")):
            OpportunityFactory(open=True, title=title, language=language)

        feed = ElementTree.fromstring(shown(client, "/feeds/opportunities.atom"))
        entries = {
            entry.findtext(f"{ATOM}title"): entry.get(XML_LANG)
            for entry in feed.iter(f"{ATOM}entry")
        }
        items = json.loads(shown(client, "/feeds/opportunities.json"))["items"]

        assert feed.get(XML_LANG) == "en"
        assert entries == {ARABIC: "ar", "Analyste": "fr"}
        assert {item["title"]: item["language"] for item in items} == entries


@pytest.mark.parametrize("filters", ["", "?field=law&mode=remote"])
def test_every_feed_leads_to_the_list_that_it_follows(client, settings, filters):
    there = f"{settings.SITE_URL}/opportunities/{filters}"

    feed = ElementTree.fromstring(shown(client, f"/feeds/opportunities.atom{filters}"))
    links = {link.get("rel"): link.get("href") for link in feed.iter(f"{ATOM}link")}

    assert links["alternate"] == feed.findtext(f"{ATOM}id") == there
    assert (
        json.loads(shown(client, f"/feeds/opportunities.json{filters}"))["home_page_url"] == there
    )


@pytest.mark.parametrize("title", HOSTILE)
class TestWordsThatCameInOtherwise:
    """Rows of an older version may hold what no entrance takes today."""

    def test_break_no_feed_and_no_calendar(self, client, title):
        OpportunityFactory(open=True, title=title, summary=title, description=title)

        for address in (
            "/feeds/opportunities.atom", "/feeds/opportunities.json", "/feeds/deadlines.ics",
        ):  # fmt: skip
            text = shown(client, address)
            assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\u202a-\u202e\u2066-\u2069]", text)
        assert len(Calendar.from_ical(text).walk("VEVENT")) == 1

    def test_break_no_table(self, title):
        OpportunityFactory(title=title)

        file = io.StringIO()
        write_csv(Opportunity.objects.all(), file)
        [row] = csv.DictReader(io.StringIO(file.getvalue()))

        assert not re.search("[\x00-\x08\x0e-\x1f\u202a-\u202e\u2066-\u2069]", row["title"])


@pytest.mark.parametrize(
    "title",
    ["=1+1", "\x07=1+1", " =1+1", "\u202e@SUM(1)", "\x01+1", "\n-1", "\t=cmd", "\x1b'=1"],
)
def test_no_cell_is_a_formula_however_it_is_hidden(title):
    OpportunityFactory(title=title)

    file = io.StringIO()
    write_csv(Opportunity.objects.all(), file)
    [row] = csv.DictReader(io.StringIO(file.getvalue()))

    assert row["title"].startswith("'")
