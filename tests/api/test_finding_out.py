"""What a client asks before anything else: who it is, which words there are, which skills."""

import pytest
from django.utils import timezone
from knox.models import AuthToken
from rest_framework.test import APIClient

from matching.engine import ASPECTS
from opportunities.accounts.models import TokenGrant
from opportunities.core.models import PayFloor, Site
from opportunities.roles.formats import FormatName
from opportunities.skills.models import SkillKind
from tests.factories import (
    OpportunityFactory,
    OpportunitySkillFactory,
    SkillAliasFactory,
    SkillBroaderFactory,
    SkillFactory,
    UserFactory,
    employer_with_owner,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def api():
    return APIClient()


def with_token(person, *scopes):
    token, secret = AuthToken.objects.create(user=person)
    TokenGrant.objects.create(
        token=token, name="Theirs", scopes=list(scopes), made_at=timezone.now()
    )
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    return client


class TestWhoAsks:
    def test_an_employer_finds_itself_with_any_token(self):
        employer, owner = employer_with_owner(name="Grim & Sons")
        employer_with_owner(name="Others")

        answer = with_token(owner, "applications:read").get("/api/v1/me")

        assert answer.json() == {
            "email": owner.email,
            "is_moderator": False,
            "employers": [{"id": employer.public_id, "name": "Grim & Sons", "role": "owner"}],
            "scopes": ["applications:read"],
        }

    def test_a_session_has_no_scopes(self, api):
        moderator = UserFactory(moderator=True)
        api.force_authenticate(moderator)

        told = api.get("/api/v1/me").json()

        assert (told["is_moderator"], told["employers"], told["scopes"]) == (True, [], None)

    def test_nobody_is_nobody(self, api):
        assert api.get("/api/v1/me").status_code == 401


class TestMeta:
    def test_tells_the_words_and_figures(self, api):
        Site(pk=1, currency="JPY", review_hours=12).save()
        PayFloor.objects.all().delete()
        PayFloor.objects.create(country="JP", currency="JPY", hourly_minor=1100)
        PayFloor.objects.create(country="GB", currency="GBP", hourly_minor=1221)

        told = api.get("/api/v1/meta").json()

        assert (told["currency"], told["review_hours"], told["version"]) == ("JPY", 12, "1")
        assert told["pay_floors"] == [
            {"country": "GB", "amount": "12.21", "currency": "GBP"},
            {"country": "JP", "amount": "1100", "currency": "JPY"},
        ]
        assert [kind["value"] for kind in told["kinds"]] == ["internship", "micro"]
        formats = {row["value"]: row["label"] for row in told["formats"]}
        assert list(formats) == FormatName.values
        assert formats["sprint_internship"] == "Sprint internship"
        assert {"value": "data", "label": "Data and analysis"} in told["fields"]
        assert [aspect["value"] for aspect in told["aspects"]] == list(ASPECTS)

    def test_knows_no_parameters(self, api):
        assert api.get("/api/v1/meta?country=GB").status_code == 400


class TestSkills:
    def test_a_text_finds_its_skill_first(self, api):
        sql = SkillFactory(slug="sql", name="SQL")
        SkillAliasFactory(skill=sql, text="SQL", normalized="sql")
        other = SkillFactory(slug="mysql-tuning", name="MySQL tuning")
        SkillAliasFactory(skill=other, text="MySQL tuning", normalized="mysql tuning")

        told = api.get("/api/v1/skills?q=SQL").json()

        assert told["data"][0] == {"slug": "sql", "name": "SQL", "esco_uri": None}
        assert told["page"]["next"] is None

    def test_all_are_listed_page_by_page_without_groups(self, api):
        SkillFactory(slug="zz-group", kind=SkillKind.GROUP)
        SkillFactory(slug="zz-old", is_retired=True)
        for number in range(3):
            SkillFactory(slug=f"zz-{number}")

        seen = []
        address = "/api/v1/skills?limit=100"
        while address:
            page = api.get(address).json()
            seen += [row["slug"] for row in page["data"]]
            address = page["page"]["next"]

        assert [slug for slug in seen if slug.startswith("zz-")] == ["zz-0", "zz-1", "zz-2"]
        assert seen == sorted(set(seen))

    def test_one_tells_its_names_and_neighbours(self, api):
        broad = SkillFactory(slug="query-languages")
        sql = SkillFactory(slug="sql", name="SQL", esco_id="598de5b0-5b58-4ea7-8058-a4bc4d18c742")
        SkillBroaderFactory(child=sql, parent=broad)
        SkillAliasFactory(skill=sql, text="Structured query language", normalized="structured")

        told = api.get("/api/v1/skills/sql").json()

        assert told["broader"] == ["query-languages"]
        assert told["narrower"] == []
        assert told["other_names"] == ["Structured query language"]
        assert told["esco_uri"].endswith("/skill/598de5b0-5b58-4ea7-8058-a4bc4d18c742")
        assert api.get("/api/v1/skills/query-languages").json()["narrower"] == ["sql"]

    @pytest.mark.parametrize("slug", ["no-such", "zz-group"])
    def test_what_is_no_skill_is_not_found(self, api, slug):
        SkillFactory(slug="zz-group", kind=SkillKind.GROUP)

        assert api.get(f"/api/v1/skills/{slug}").status_code == 404

    def test_unknown_parameters_are_named(self, api):
        answer = api.get("/api/v1/skills?q=sql&langauge=de")

        assert answer.status_code == 400
        assert "langauge" in answer.text


@pytest.mark.parametrize("named", ["sql", "SQL", "Structured Query Language"])
def test_roles_are_filtered_by_any_name_of_a_skill(api, named):
    sql = SkillFactory(slug="sql", name="SQL")
    for text in ("SQL", "Structured query language"):
        SkillAliasFactory(skill=sql, text=text, normalized=text.lower())
    role = OpportunityFactory(open=True)
    OpportunitySkillFactory(opportunity=role, skill=sql)
    OpportunityFactory(open=True)

    told = api.get("/api/v1/opportunities", {"skill": named}).json()

    assert [row["id"] for row in told["data"]] == [role.public_id]
