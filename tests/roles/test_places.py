"""Where a role is: what follows from the place, who is stopped, where lists look."""

from datetime import UTC, datetime
from importlib import import_module

import pytest
from django.apps import apps
from django.http import QueryDict

from opportunities.candidates.models import CandidateProfile
from opportunities.core.errors import Invalid
from opportunities.moderation.models import Finding, Verdict
from opportunities.roles import drafts, job_posting, search, wording
from opportunities.roles.models import Opportunity
from opportunities.roles.publishing import submitting
from tests.factories import (
    CandidateProfileFactory,
    EmployerFactory,
    MembershipFactory,
    OpportunityFactory,
)

NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)
LEEDS, YORK = 2644688, 2633352

pytestmark = pytest.mark.django_db


def role(**facts):
    return OpportunityFactory(**{"at": NOW, "mode": "onsite", "country": "GB"} | facts)


class TestWhatFollows:
    def test_region_country_and_zone_follow_from_the_place(self):
        stated = drafts.derive(Opportunity(format="internship", place="leeds", mode="onsite"))

        assert (stated.place, stated.region, stated.country) == ("Leeds", "England", "GB")
        assert (stated.cities, stated.time_zone) == ([LEEDS], "Europe/London")

    @pytest.mark.parametrize(
        ("region", "kept"),
        [("leeds", "England"), ("West Yorkshire", "West Yorkshire"), ("North", "England")],
    )
    def test_a_county_that_was_stated_stays(self, region, kept):
        stated = Opportunity(format="internship", place="Leeds", region=region, country="GB")

        assert drafts.derive(stated).region == kept

    def test_rows_are_worked_out_however_they_are_written(self):
        one = role(place="Leeds; York")
        (two,) = Opportunity.objects.bulk_create([OpportunityFactory.build(
            at=NOW, place="York", employer=one.employer)])  # fmt: skip

        assert Opportunity.objects.get(pk=one.pk).cities == [LEEDS, YORK]
        assert Opportunity.objects.get(pk=two.pk).cities == [YORK]

    def test_an_unknown_place_is_kept_as_it_was_typed(self):
        stated = drafts.derive(Opportunity(format="internship", place="Hogsmeade", country="GB"))

        assert (stated.place, stated.region, stated.cities) == ("Hogsmeade", "", [])

    def test_a_role_without_a_place_is_where_its_employer_is(self):
        employer = EmployerFactory(at=NOW, place="Leeds", country="GB")

        assert role(employer=employer, place="", region="").cities == [LEEDS]


class TestMigrating:
    def test_texts_become_cities_and_nothing_typed_is_lost(self):
        texts = [
            ("Leeds", "", "GB"), ("Leeds", "leeds", "GB"), ("leeds", "West Yorkshire", ""),
            ("", "Leeds", "GB"), ("Hogsmeade", "North", "GB"), ("York", "York", "GB"),
            ("", "", "GB"),
        ]  # fmt: skip
        rows = [role(place="Graz", employer__place="") for _ in texts]
        for row, (place, region, country) in zip(rows, texts, strict=True):
            Opportunity.objects.filter(pk=row.pk).update(
                place=place, region=region, country=country, cities=[]
            )

        migration = import_module("opportunities.roles.migrations.0004_resolve_places")
        for _ in range(2):
            migration.resolve(apps, None)

        kept = Opportunity.objects.order_by("pk").values_list(
            "place", "region", "country", "cities"
        )
        assert list(kept) == [
            ("Leeds", "England", "GB", [LEEDS]),
            ("Leeds", "England", "GB", [LEEDS]),
            ("leeds", "West Yorkshire", "GB", [LEEDS]),
            ("Leeds", "England", "GB", [LEEDS]),
            ("Hogsmeade", "North", "GB", []),
            ("York", "England", "GB", [YORK]),
            ("", "", "GB", []),
        ]

    def test_regions_become_areas(self):
        profile = CandidateProfileFactory(regions=["leeds", "York", "Hogsmeade"], rights=["GB"])
        CandidateProfile.objects.update(areas=[])

        migration = import_module("opportunities.candidates.migrations.0005_resolve_regions")
        migration.resolve(apps, None)

        profile.refresh_from_db()
        assert profile.areas == [{"city": LEEDS, "km": 30}, {"city": YORK, "km": 30}]
        assert profile.regions == ["leeds", "York", "Hogsmeade"]


class TestSubmitting:
    def submit(self, given):
        member = MembershipFactory(employer=given.employer)
        return submitting.submit(opportunity_id=given.pk, actor=member.user, at=NOW)

    @pytest.mark.parametrize("mode", ["onsite", "hybrid"])
    def test_work_on_site_without_a_place_is_stopped(self, mode):
        with pytest.raises(Invalid) as refused:
            self.submit(role(mode=mode, place=""))

        faults = {(fault.field, fault.code) for fault in refused.value.faults}
        assert ("place", "required") in faults

    def test_the_country_follows_from_a_known_place(self):
        assert self.submit(role(place="Graz", country="")).country == "AT"

    def test_an_unclear_place_is_asked_about(self):
        with pytest.raises(Invalid) as refused:
            self.submit(role(place="Springfield", country=""))

        (fault,) = [fault for fault in refused.value.faults if fault.code == "ambiguous"]
        assert "Springfield, Illinois, United States" in fault.detail

    @pytest.mark.parametrize(
        ("facts", "verdict", "words"),
        [
            ({"place": "Leeds"}, Verdict.CLEAR, "It says where the work is done."),
            ({"place": "Hogsmeade"}, Verdict.LOOK, "“Hogsmeade” is no place that we know."),
            ({"place": "Graz"}, Verdict.LOOK, "Graz, Austria does not lie in GB."),
        ],
    )
    def test_the_moderator_is_told(self, facts, verdict, words):
        given = self.submit(role(**facts))

        found = Finding.objects.get(opportunity=given, check_name="place_stated")
        assert (found.verdict, found.detail) == (verdict, words)


class TestSearching:
    def found(self, query: str) -> set[str]:
        roles, _ = search.search(QueryDict(query), at=NOW)
        return set(roles.values_list("title", flat=True))

    @pytest.mark.parametrize(
        ("query", "titles"),
        [
            ("place=Leeds", {"L", "Both"}),
            ("place=LEEDS", {"L", "Both"}),
            ("place=Leeds&within=40", {"L", "Y", "Both"}),
            ("place=Leeds%2C+40+km", {"L", "Y", "Both"}),
            ("place=York", {"Y", "Both"}),
            ("place=Hogsmeade", {"H"}),
            ("place=hogs", {"H"}),
            ("place=Zuerich", {"Z"}),
            ("place=Zurich", {"Z"}),
            ("place=GB", {"L", "Y", "Both", "H"}),
            ("place=England", {"L", "Y", "Both"}),
            ("place=Nowhere", set()),
            ("within=40", {"L", "Y", "Both", "H", "Z"}),
        ],
    )
    def test_a_place_and_a_distance(self, query, titles):
        for title, place, country in (
            ("L", "Leeds", "GB"),
            ("Y", "York", "GB"),
            ("Both", "York; Leeds", "GB"),
            ("H", "Hogsmeade", "GB"),
            ("Z", "Zürich", "CH"),
        ):
            given = OpportunityFactory.build(place=place, country=country)
            region = drafts.derive(given).region
            role(open=True, title=title, place=place, country=country, region=region)

        assert self.found(query) == titles

    @pytest.mark.parametrize("query", ["within=0", "within=501", "within=far"])
    def test_a_bad_distance_is_named(self, query):
        with pytest.raises(Invalid) as refused:
            self.found(query)

        assert {fault.field for fault in refused.value.faults} == {"within"}


class TestTelling:
    def test_one_place_is_one_location_with_its_point(self):
        told = job_posting.job_posting(role(open=True, place="Leeds"))["jobLocation"]

        assert told["address"] == {
            "@type": "PostalAddress",
            "addressLocality": "Leeds",
            "addressRegion": "England",
            "addressCountry": "GB",
        }
        assert told["geo"] == {
            "@type": "GeoCoordinates",
            "latitude": 53.79648,
            "longitude": -1.54785,
        }

    def test_several_are_a_list(self):
        told = job_posting.job_posting(role(open=True, place="Leeds; York"))["jobLocation"]

        assert [each["address"]["addressLocality"] for each in told] == ["Leeds", "York"]

    def test_words(self):
        both = role(place="Leeds; York; Bath", region="")
        assert wording.place_phrase(both) == "Leeds, York or Bath, United Kingdom, on site"
        assert wording.place_phrase(role(place="Leeds, UK", region="")) == "Leeds, UK, on site"
        both.km_away = 12
        assert wording.place_phrase(both) == "Leeds, York or Bath, 12 km from you, on site"
        both.km_away = 0
        assert wording.place_phrase(both) == "Leeds, York or Bath, where you are, on site"

    def test_the_api_tells_locations(self, client):
        given = role(open=True, place="Leeds; York")

        one = client.get(f"/api/v1/opportunities/{given.public_id}").json()
        (listed,) = client.get("/api/v1/opportunities").json()["data"]

        assert one["locations"] == listed["locations"]
        assert [place["name"] for place in one["locations"]] == ["Leeds", "York"]
        assert one["locations"][0]["time_zone"] == "Europe/London"


class TestTheForm:
    def step(self, client, **sent):
        kind = {"title": "Helper", "format": "internship"}
        return client.post("/employer/roles/new/", {**kind, "mode": "onsite", **sent})

    def test_an_unclear_place_comes_back_with_a_choice_and_what_was_typed(self, client):
        page = self.step(client, place="York")

        html = page.content.decode()
        assert page.status_code in {200, 422}
        assert "Which York?" in html
        assert 'value="York"' in html
        assert 'name="place-which-york" value="York, United Kingdom"' in html

    def test_what_is_chosen_takes_the_place_of_the_words(self, client):
        chosen = {"place-which-york": "York, United Kingdom"}

        page = self.step(client, place="York; Leeds", **chosen)

        assert page.status_code == 302
        kept = client.session["role_draft"]
        assert kept["place"] == "York, United Kingdom; Leeds"

    def test_a_country_makes_it_clear(self, client):
        assert self.step(client, place="York", country="GB").status_code == 302

    def test_hostile_words_are_words(self, client):
        page = self.step(client, place='"><script>alert(1)</script>')

        assert page.status_code == 302
        page = client.get("/employer/roles/new/")
        assert "<script>alert" not in page.content.decode()
