"""Every filter filters, one search finds what people look for, and no page skips a role."""

from datetime import UTC, date, datetime

import pytest
from django.core.cache import caches
from django.http import QueryDict
from django.utils import timezone

from opportunities.roles.models import Opportunity
from opportunities.roles.search import RoleFilters, asked, in_words, spellings
from opportunities.skills.models import SkillAlias
from tests.api.contract import schema
from tests.factories import (
    EmployerFactory,
    OpportunityFactory,
    OpportunitySkillFactory,
    SkillFactory,
)
from tests.roles.role_samples import FOUND_BY, UNSOUGHT, day

pytestmark = pytest.mark.django_db
API = "/api/v1/opportunities"


def titles(client, query, address=API):
    answer = client.get(f"{address}?{query}")
    assert answer.status_code == 200, answer.content
    return {role["title"] for role in answer.json()["data"]}


def on_page(client, query):
    caches["pages"].clear()
    answer = client.get(f"/opportunities/?{query}")
    assert answer.status_code == 200
    return {role.title for role in answer.context["roles"]}


def filled(value):
    return value() if callable(value) else value


class TestFilters:
    def test_every_filter_has_its_case(self):
        assert FOUND_BY.keys() == RoleFilters.base_filters.keys()

    def test_every_filter_is_documented(self):
        operation = schema()["paths"]["/api/v1/opportunities"]["get"]

        assert {each.get("name") for each in operation["parameters"]} >= FOUND_BY.keys()

    @pytest.mark.parametrize("name", FOUND_BY)
    def test_it_filters_in_the_api_and_on_the_page(self, client, name):
        sought, stated = FOUND_BY[name]
        other = EmployerFactory(slug="otherwise", verified=True)
        plain = {"start_earliest": day(40), "start_latest": day(50), "apply_by": day(30)}
        OpportunityFactory(open=True, title="Plain", employer=other, **(UNSOUGHT | plain))
        facts = UNSOUGHT | plain | {key: filled(value) for key, value in stated.items()}
        if name == "starts_from":
            facts |= {"start_earliest": None}
        employer = EmployerFactory(slug="millrace", verified=name != "verified")
        role = OpportunityFactory(open=True, title="Sought", employer=employer, **facts)
        if name == "skill":
            OpportunitySkillFactory(opportunity=role, skill__slug="audio")
        if name == "updated_since":
            later = datetime(2031, 1, 1, tzinfo=UTC)
            Opportunity.objects.filter(pk=role.pk).update(changed_at=later)

        query = f"{name}={filled(sought)}"

        assert titles(client, "") == {"Plain", "Sought"}
        assert titles(client, query) == {"Sought"}
        assert on_page(client, query) == {"Sought"}

    def test_the_page_offers_every_filter_but_those_of_programs(self, client):
        page = client.get("/opportunities/").text

        offered = {name for name in FOUND_BY if f'name="{name}"' in page or f"?{name}=" in page}
        assert FOUND_BY.keys() - offered == {"updated_since", "employer"}

    def test_a_form_sent_with_empty_fields_finds_everything(self, client):
        OpportunityFactory(open=True, title="Plain")
        empty = "&".join(f"{each.name}=" for each in asked() if each.kind != "several")

        assert on_page(client, empty) == {"Plain"}


class TestSearch:
    @pytest.fixture(autouse=True)
    def _market(self):
        kestrel = EmployerFactory(name="Kestrel Labs", slug="kestrel")
        role = OpportunityFactory(
            open=True, title="Kartenzeichner", place="Zürich", country="CH", employer=kestrel,
            description="Karten zeichnen und prüfen.", summary="",
        )  # fmt: skip
        python = SkillFactory(name="Python (programming)", slug="python")
        for text in ("Python", "py3k"):
            SkillAlias.objects.create(skill=python, text=text, normalized=text.casefold())
        OpportunitySkillFactory(opportunity=role, skill=python)
        OpportunityFactory(
            open=True, title="Café helper", place="London", description="Organise the colour shelf",
            employer=EmployerFactory(name="Société Générale d'Été"), summary="",
        )  # fmt: skip

    @pytest.mark.parametrize(
        ("words", "found"),
        [
            ("Kestrel", "Kartenzeichner"), ("kestrel labs", "Kartenzeichner"),
            ("Python", "Kartenzeichner"), ("py3k", "Kartenzeichner"),
            ("python kestrel", "Kartenzeichner"), ("karten in zurich", "Kartenzeichner"),
            ("Zürich", "Kartenzeichner"), ("Zurich", "Kartenzeichner"),
            ("ZUERICH", "Kartenzeichner"), ("prufen", "Kartenzeichner"),
            ("pruefen", "Kartenzeichner"), ("PRÜFEN", "Kartenzeichner"),
            ("london", "Café helper"), ("cafe", "Café helper"), ("societe", "Café helper"),
            ("generale", "Café helper"), ("organizing", "Café helper"), ("color", "Café helper"),
            ("helper at the societe", "Café helper"),
        ],
    )  # fmt: skip
    def test_finds_by_text_employer_skill_and_place(self, client, words, found):
        assert titles(client, f"q={words}") == {found}

    @pytest.mark.parametrize(
        "words", ["python london", "kestrel cafe", "zebra", "-karten zürich", '"zeichnen Karten"']
    )
    def test_every_word_must_be_said(self, client, words):
        assert titles(client, f"q={words}") == set()

    @pytest.mark.parametrize("words", ["%", "\\", "'", "a & b | c", "the", "(((", "*:*", "-"])
    def test_signs_are_words_like_others(self, client, words):
        assert client.get(API, {"q": words}).status_code == 200

    def test_a_title_comes_before_an_employer_of_that_name(self, client):
        OpportunityFactory(open=True, title="Kestrel keeper", employer__name="Hawk")

        answer = client.get(f"{API}?q=kestrel").json()["data"]

        assert [role["title"] for role in answer] == ["Kestrel keeper", "Kartenzeichner"]

    @pytest.mark.parametrize(
        ("one", "other"),
        [("organize", "organise"), ("labour", "labor"), ("centre", "center"),
         ("zuerich", "zurich"), ("programme", "program"), ("analysing", "analysing")],
    )  # fmt: skip
    def test_spellings(self, one, other):
        assert other in spellings(one)


class TestPages:
    SORTS = ("apply_by", "-pay_hour", "hours_total", "-published_at", "relevance")

    @pytest.mark.parametrize("sort", SORTS)
    def test_no_role_is_skipped_when_another_leaves(self, client, sort):
        at = timezone.now()
        roles = [
            OpportunityFactory(
                open=True, title="Survey helper", apply_by=date(2099, 1, 1), hourly_minor=1_500,
                hours_total=20, at=at, description="Count.", summary="",
            )
            for _ in range(10)
        ]  # fmt: skip
        address = f"{API}?q=survey&limit=3&sort={sort}"
        seen, hidden = [], None
        while address:
            answer = client.get(address).json()
            seen += [role["id"] for role in answer["data"]]
            address = answer["page"]["next"]
            if hidden is None:
                hidden = seen[0]
                Opportunity.objects.filter(public_id=hidden).update(hidden_at=at)

        assert sorted(seen) == sorted(role.public_id for role in roles)

    @pytest.mark.parametrize("sort", SORTS)
    def test_a_role_that_comes_in_between_is_not_shown_twice(self, client, sort):
        OpportunityFactory.create_batch(7, open=True, title="Survey helper", summary="")
        address = f"{API}?q=survey&limit=2&sort={sort}"
        seen = []
        while address:
            answer = client.get(address).json()
            seen += [role["id"] for role in answer["data"]]
            address = answer["page"]["next"]
            OpportunityFactory(open=True, title="Survey helper", summary="") if len(seen) < 5 else 0

        assert len(seen) == len(set(seen)) >= 7

    @pytest.mark.parametrize("sort", SORTS)
    def test_the_way_back_shows_the_same_pages(self, client, sort):
        OpportunityFactory.create_batch(7, open=True, title="Survey helper", summary="")
        there, back = [], []
        address = f"{API}?q=survey&limit=3&sort={sort}"
        while address:
            answer = client.get(address).json()
            there.append([role["id"] for role in answer["data"]])
            address = answer["page"]["next"]
        address = answer["page"]["prev"]
        while address:
            answer = client.get(address).json()
            back.append([role["id"] for role in answer["data"]])
            address = answer["page"]["prev"]

        assert [len(page) for page in there] == [3, 3, 1]
        assert back == there[-2::-1]

    @pytest.mark.parametrize(
        "cursor",
        ["x", "WzBd", "WzAsImEiLDFd", "WzAsbnVsbCwxXQ", "WzIsMSwxXQ", "W1tdLDEsMV0", "e30",
         "WzAsMWU5OTksMV0", "WzAsIlx1MDAwMCIsMV0", "A" * 2_000],
    )  # fmt: skip
    def test_a_cursor_that_is_not_ours_is_refused(self, client, cursor):
        answer = client.get(f"{API}?sort=apply_by&cursor={cursor}")

        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "bad_cursor")


class TestNamesAndNumbersAsPeopleWriteThem:
    @pytest.mark.parametrize("typed", ["DE", "Germany", "Deutschland", "allemagne"])
    def test_a_country_is_found_by_its_name(self, client, typed):
        OpportunityFactory(open=True, title="Sought", country="DE")
        OpportunityFactory(open=True, title="Plain", country="GB")

        assert titles(client, f"country={typed}") == {"Sought"}

    def test_a_language_is_found_by_its_name(self, client):
        OpportunityFactory(open=True, title="Sought", language="de")
        OpportunityFactory(open=True, title="Plain", language="en")

        assert titles(client, "language=German") == {"Sought"}

    def test_a_country_that_nobody_knows_is_refused(self, client):
        refused = client.get("/api/v1/opportunities?country=Atlantis")

        assert refused.status_code == 422
        assert "Atlantis" in refused.text

    @pytest.mark.parametrize(
        ("asked", "told"),
        [
            ("mode=moon", "Where the work is done: “moon” is not one of: onsite, hybrid, remote."),
            ("kind=remote&kind=micro", "Kind: “remote” is not one of: internship, micro."),
        ],
    )
    def test_a_word_that_is_no_choice_is_told_what_the_choices_are(self, client, asked, told):
        refused = client.get(f"{API}?{asked}")

        assert (refused.status_code, refused.json()["detail"]) == (422, told)
        assert told in client.get(f"/opportunities/?{asked}").text

    def test_german_figures_are_read_and_saved_as_programs_write_them(self, client):
        OpportunityFactory(open=True, title="Sought", hourly_minor=1_260)
        OpportunityFactory(open=True, title="Plain", hourly_minor=1_240)

        page = client.get("/opportunities/?pay_hour_min=12,5", headers={"accept-language": "de"})

        assert "Sought" in page.text
        assert "Plain" not in page.text
        assert "/alerts/new/?pay_hour_min=12.5" in page.text
        assert 'value="12,5"' in page.text

    def test_a_value_that_does_not_pass_stays_in_the_form_beside_the_name_of_its_field(
        self, client
    ):
        page = client.get("/opportunities/?hours_total_max=many&country=de")

        assert page.status_code == 400
        assert "Hours in all, at most: Enter a number." in page.text
        assert 'value="many"' in page.text
        assert 'value="Germany"' in page.text
        assert 'id="results"' not in page.text

    def test_saved_searches_are_said_in_words(self):
        query = QueryDict("country=DE&language=en&hands_on_min=0.75&pay_hour_min=12.5")

        assert in_words(query) == [
            ("Country", ["Germany"]),
            ("Working language", ["English"]),
            ("Hands-on work, at least", ["Mostly doing"]),
            ("Pay an hour, at least", ["12.5"]),
        ]


@pytest.mark.parametrize("words", ["%20", "%0A%09", "%C2%A0"])
def test_spaces_alone_are_no_words(client, words):
    OpportunityFactory(open=True, title="Helper")

    assert titles(client, f"q={words}") == on_page(client, f"q={words}") == {"Helper"}
    assert client.get(f"{API}?sort=relevance&q={words}").status_code == 422
