"""The page of each format, and the way to it."""

import re

import pytest

from opportunities.catalogue.views import PAGE
from opportunities.roles.formats import FORMATS, RULES
from tests.factories import OpportunityFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("entry", FORMATS.values(), ids=list(FORMATS))
class TestPageOfAFormat:
    def test_says_what_it_is_and_what_its_name_asks(self, client, entry) -> None:
        text = client.get(f"/formats/{entry.slug.replace('_', '-')}/").text

        assert f"<h1>{entry.label}</h1>" in text
        assert str(entry.about) in text
        assert [code for code in entry.rules if str(RULES[code].sentence) not in text] == []

    def test_stands_in_the_sitemap_and_in_the_list_of_formats(self, client, entry) -> None:
        address = f"/formats/{entry.slug.replace('_', '-')}/"

        assert f"{address}</loc>" in client.get("/sitemap-formats.xml").text
        assert f'href="{address}"' in client.get("/formats/").text


class TestRoles:
    def test_of_the_format_are_listed_while_they_are_open_and_no_others(self, client) -> None:
        OpportunityFactory(open=True, format="gigternship", title="Count swifts")
        OpportunityFactory(open=True, format="micro_internship", title="Write a guide")
        OpportunityFactory(format="gigternship", title="Still a draft")

        response = client.get("/formats/gigternship/")

        assert [role.title for role in response.context["roles"]] == ["Count swifts"]
        assert "Still a draft" not in response.text

    def test_are_paged_and_each_is_shown_once(self, client) -> None:
        OpportunityFactory.create_batch(PAGE + 3, open=True, format="gigternship")
        first = client.get("/formats/gigternship/")

        second = client.get(re.search(r'rel="next" href="([^"]*)"', first.text)[1])

        shown = [role.pk for page in (first, second) for role in page.context["roles"]]
        assert len(first.context["roles"]) == PAGE
        assert len(shown) == len(set(shown)) == PAGE + 3
        assert 'rel="prev"' in second.text

    def test_are_counted_in_the_list_of_formats(self, client) -> None:
        OpportunityFactory.create_batch(2, open=True, format="gigternship")

        assert "2 open roles" in client.get("/formats/").text

    def test_lead_to_the_page_by_their_badge(self, client) -> None:
        role = OpportunityFactory(open=True, format="remote_micro_coop")
        link = r'<a class="tag micro" href="/formats/remote-micro-coop/">Remote micro-coop</a>'

        for address in ("/opportunities/", f"/opportunities/{role.slug}-{role.public_id}/", "/"):
            assert re.search(link, client.get(address).text), address


class TestAnswers:
    def test_a_name_with_underscores_leads_to_the_one_with_hyphens_for_good(self, client) -> None:
        response = client.get("/formats/sprint_internship/")

        assert (response.status_code, response["Location"]) == (301, "/formats/sprint-internship/")

    @pytest.mark.parametrize("name", ["apprenticeship", "Sprint-internship", "%00", "a" * 500])
    def test_a_format_that_does_not_exist_is_not_found(self, client, name) -> None:
        assert client.get(f"/formats/{name}/").status_code == 404

    def test_a_cursor_that_is_not_ours_is_refused_in_words(self, client) -> None:
        response = client.get("/formats/gigternship/?cursor=nonsense")

        assert response.status_code == 400
        assert "This page of the list no longer exists." in response.text
