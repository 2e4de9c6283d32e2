"""The record of decisions: searched by words, with reasons, and led to from a row of employers."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from opportunities.desk.operations import decisions_about
from tests.factories import (
    DecisionFactory,
    EmployerFactory,
    OpportunityFactory,
    SanctionFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
LOG = "/moderate/log/"
API = "/api/v1/moderation/decisions"


@pytest.fixture(autouse=True)
def moderator(client):
    moderator = UserFactory(moderator=True)
    client.force_login(moderator)
    return moderator


@pytest.fixture
def decided():
    harbour = EmployerFactory(name="Café Harbour")
    role = OpportunityFactory(employer=harbour, title="Chart the Tides", rejected=True)
    person = UserFactory(name="Zoë Quill", email="z.quill@example.org")
    return {
        "role": DecisionFactory(opportunity=role),
        "employer": DecisionFactory(opportunity=None, employer=harbour, action="warn"),
        "person": DecisionFactory(
            opportunity=None, employer=None, account=person, action="warn", reason="It insulted."
        ),
    }


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("cafe", {"role", "employer"}),
        ("CHART", {"role"}),
        ("tides harbour", {"role"}),
        ("the tide", {"role"}),
        ("zoe", {"person"}),
        ("quill@example", {"person"}),
        ("harbour quill", set()),
        ("50%' | !(", set()),
        ("'*:", set()),
        ("do it", set()),
    ],
)
def test_every_word_stands_in_the_name_of_what_was_decided_on(decided, words, found):
    names = {decision.pk: name for name, decision in decided.items()}

    assert {names[row.pk] for row in decisions_about(words)} == found


class TestOverTheApi:
    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ({"q": " cafe\n"}, {"role", "employer"}),
            ({"q": "zoe"}, {"person"}),
            ({"q": "nobody"}, set()),
            ({"q": ""}, {"role", "employer", "person"}),
            ({"q": "tides" + " " * 200}, {"role"}),
        ],
    )
    def test_the_same_words_find_the_same(self, client, decided, query, found):
        ids = {decision.pk: name for name, decision in decided.items()}

        rows = client.get(API, query).json()["data"]

        assert {ids[row["id"]] for row in rows} == found

    def test_those_about_one_employer_are_listed_a_page_at_a_time(self, client, decided):
        DecisionFactory(opportunity=None, employer=EmployerFactory(), action="warn")
        harbour = decided["employer"].employer.public_id

        first = client.get(API, {"employer": harbour, "q": "harbour", "limit": 1}).json()
        second = client.get(first["page"]["next"]).json()

        rows = [row["id"] for page in (first, second) for row in page["data"]]
        assert sorted(rows) == sorted([decided["role"].pk, decided["employer"].pk])
        assert second["page"]["next"] is None
        assert client.get(API, {"employer": "emp_unknown"}).status_code == 404


def test_a_word_of_the_work_alone_finds_no_title(decided):
    OpportunityFactory(title="Read the gauges", description="You chart nothing.")

    assert [row.opportunity.title for row in decisions_about("chart")] == ["Chart the Tides"]


def test_the_log_shows_what_is_searched_with_its_reasons_and_keeps_the_words(client, decided):
    text = client.get(LOG, {"q": " quill "}).text

    assert "z.quill@example.org" in text
    assert "It insulted." in text
    assert 'value="quill"' in text
    assert "Chart the Tides" not in text
    assert "of such a name" in client.get(LOG, {"q": "nobody"}).text


def test_the_next_page_of_a_search_is_one_of_the_same_search(client):
    employer = EmployerFactory(name="Quayside")
    for _ in range(3):
        DecisionFactory(opportunity__employer=employer)
        DecisionFactory()

    first = client.get(LOG, {"q": "quayside", "limit": 2})
    second = client.get(first.context["next"])

    assert (len(first.context["rows"]), len(second.context["rows"])) == (2, 1)
    assert second.context["rows"][0].employer == employer


def test_a_search_costs_as_many_queries_as_the_log(client, decided, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        client.get(LOG, {"q": "harbour tides"})


def test_the_row_of_an_employer_tells_its_sanctions_and_leads_to_them(client, decided):
    harbour = decided["employer"].employer
    now = timezone.now()
    SanctionFactory(employer=harbour, level="warning", in_force_at=now - timedelta(days=40))
    last = SanctionFactory(
        employer=harbour, level="suspension", in_force_at=now - timedelta(days=9), lifted_at=now
    )
    SanctionFactory(employer=harbour, level="block")
    EmployerFactory(name="Spotless")

    text = client.get("/moderate/employers/").text

    told = f"2 sanctions so far, the last: {last.get_level_display()}, {last.in_force_at:%-d %b %Y}"
    assert told in text
    assert f"lifted {now:%-d %b %Y}" in text
    assert text.count("so far") == 1
    led = client.get(LOG, {"employer": harbour.public_id})
    assert f'href="{LOG}?employer={harbour.public_id}"' in text
    assert {row.pk for row in led.context["rows"]} == {decided["role"].pk, decided["employer"].pk}
    assert "Only decisions about <bdi>Café Harbour</bdi>" in led.text


def test_an_employer_without_sanctions_is_not_said_to_have_any(client):
    EmployerFactory()

    assert "so far" not in client.get("/moderate/employers/").text


def test_days_of_another_year_are_told_with_it(client):
    with time_machine.travel(datetime(2026, 3, 2, 12, tzinfo=UTC), tick=False):
        for day in (datetime(2026, 1, 5, 9, tzinfo=UTC), datetime(2025, 12, 30, 9, tzinfo=UTC)):
            DecisionFactory(decided_at=day)

        text = client.get(LOG).text

    assert re.findall(r"<time [^>]+>([^<]+)</time>", text) == [
        "5 Jan, 09:00 UTC", "30 Dec 2025, 09:00 UTC",
    ]  # fmt: skip
