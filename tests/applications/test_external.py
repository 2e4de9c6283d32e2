"""Where an employer takes applications on its own site, the way leads there and is counted."""

from datetime import timedelta
from html import escape

import pytest
from django.test import Client
from django.utils import timezone

from opportunities.applications import external
from opportunities.applications.models import ExternalApplication
from opportunities.core.errors import NotFound
from opportunities.roles import external as way
from opportunities.roles.models import ExternalClicks
from tests.factories import (
    CandidateProfileFactory,
    EmployerFactory,
    ExternalApplicationFactory,
    ExternalClicksFactory,
    MembershipFactory,
    OpportunityFactory,
    UserFactory,
)

ADDRESS = "https://jobs.harbour.example/apply?role=1&from=a%20b"

pytestmark = pytest.mark.django_db


@pytest.fixture
def employer():
    return EmployerFactory(verified=True, domain="harbour.example", name="Harbour")


@pytest.fixture
def role(employer):
    return OpportunityFactory(open=True, employer=employer, apply_url=ADDRESS)


def page_of(role) -> str:
    return f"/opportunities/{role.slug}-{role.public_id}/"


def follow(client, role):
    return client.post(f"{page_of(role)}apply/there/")


def clicks(role) -> int:
    return sum(ExternalClicks.objects.filter(opportunity=role).values_list("count", flat=True))


class TestTheWay:
    def test_is_named_by_the_button_and_no_form_of_ours_is_offered(self, client, role) -> None:
        page = client.get(page_of(role)).content.decode()

        assert "Apply on jobs.harbour.example" in page
        assert 'target="_blank" rel="noopener nofollow external"' in page
        assert f'href="{page_of(role)}apply/"' not in page

    def test_promises_no_answer_that_the_employer_did_not_promise(self, client, role) -> None:
        pages = {}
        for days in (4, None):
            role.response_days, role.version = days, role.version + 1
            role.save()
            pages[days] = client.get(page_of(role)).text

        assert "promises an answer within 4 working days" in pages[4]
        assert "promises an answer within" not in pages[None]

    def test_asks_a_visitor_to_sign_in_before_they_say_that_they_took_it(
        self, client, role
    ) -> None:
        page = client.get(page_of(role)).text

        sign_in = f'Applied there? <a href="/accounts/login/?next={page_of(role)}">Sign in</a>'
        assert sign_in in page
        assert "I applied there" not in page
        client.force_login(CandidateProfileFactory().user)
        assert "I applied there" in client.get(page_of(role)).text

    def test_counts_the_click_and_leads_to_the_roles_own_address(self, client, role) -> None:
        answer = follow(client, role)

        assert answer.status_code == 200
        assert 'content="0;url=https://jobs.harbour.example/apply?role=1&amp;from=a%20b"' in (
            answer.content.decode()
        )
        assert "no-store" in answer["Cache-Control"]
        assert clicks(role) == 1
        follow(client, role)
        assert clicks(role) == 2
        assert ExternalClicks.objects.count() == 1

    def test_leads_nowhere_that_a_request_names(self, client, role) -> None:
        answer = client.post(
            f"{page_of(role)}apply/there/?url=https://evil.example/",
            {"url": "https://evil.example/"},
        )

        assert "evil.example" not in answer.content.decode()

    def test_is_counted_by_no_get_and_by_nobody_without_a_token(self, client, role) -> None:
        strict = Client(enforce_csrf_checks=True)

        assert client.get(f"{page_of(role)}apply/there/").status_code == 405
        assert strict.post(f"{page_of(role)}apply/there/").status_code == 403
        client.get(page_of(role))
        assert clicks(role) == 0

    @pytest.mark.parametrize(
        ("employer_is", "address"),
        [
            ({"verified": False, "domain": "harbour.example"}, ADDRESS),
            ({"verified": True, "domain": "other.example"}, ADDRESS),
            ({"verified": True, "domain": "harbour.example"}, "https://notharbour.example/"),
        ],
    )
    def test_is_closed_where_the_domain_is_not_the_employers_verified_one(
        self, client, employer_is, address
    ) -> None:
        verified = {"verified": True} if employer_is.pop("verified") else {}
        employer = EmployerFactory(**verified, **employer_is)
        role = OpportunityFactory(open=True, employer=employer, apply_url=address)

        page = client.get(page_of(role)).content.decode()
        answer = follow(client, role)

        assert "apply/there/" not in page
        assert "not on its verified domain" in page
        assert (answer.status_code, clicks(role)) == (409, 0)
        assert address not in answer.content.decode()

    def test_closes_with_the_role(self, client, employer) -> None:
        closed = OpportunityFactory(closed=True, employer=employer, apply_url=ADDRESS)

        assert follow(client, closed).status_code == 409
        assert "apply/there/" not in client.get(page_of(closed)).content.decode()
        draft = OpportunityFactory(employer=employer, apply_url=ADDRESS)
        assert follow(client, draft).status_code == 404

    def test_is_not_counted_for_the_employers_own_people(self, client, role, employer) -> None:
        client.force_login(MembershipFactory(employer=employer).user)

        assert follow(client, role).status_code == 200
        assert clicks(role) == 0

    def test_stands_on_the_page_that_asks_for_applications_too(self, client, role) -> None:
        client.force_login(CandidateProfileFactory().user)

        page = client.get(f"{page_of(role)}apply/").content.decode()

        assert "Apply on jobs.harbour.example" in page
        assert "Check your answers" not in page

    def test_is_told_to_programs_as_not_direct(self, client, role) -> None:
        answer = client.get(f"/api/v1/opportunities/{role.public_id}").json()

        assert answer["apply_url"] == ADDRESS
        assert '"directApply": false' in client.get(page_of(role)).content.decode()


class TestTheTrack:
    def test_says_so_once_the_candidate_says_so(self, client, role) -> None:
        candidate = CandidateProfileFactory().user
        client.force_login(candidate)

        for _ in range(2):
            answer = client.post(f"/opportunities/{role.public_id}/applied/", follow=True)

        page = answer.content.decode()
        assert page.count("Applied on the employer") == 1
        assert role.title in page
        assert "Nothing sent yet" not in page
        assert ExternalApplication.objects.count() == 1

    def test_keeps_the_way_to_the_employers_site(self, client, role) -> None:
        client.force_login(CandidateProfileFactory().user)
        way = f'href="{escape(ADDRESS)}" target="_blank" rel="noopener nofollow external"'
        assert way not in client.get(page_of(role)).text

        tracked = client.post(f"/opportunities/{role.public_id}/applied/", follow=True).text

        assert way in tracked
        assert way in client.get(page_of(role)).text
        role.employer.verified_at, role.employer.verified_by = None, ""
        role.employer.save()
        assert way not in client.get("/applications/").text

    def test_gives_somebody_without_a_profile_one(self, client, role) -> None:
        user = UserFactory()
        client.force_login(user)

        client.post(f"/opportunities/{role.public_id}/applied/")

        assert ExternalApplication.objects.get().profile.user == user

    def test_is_for_those_who_sign_in(self, client, role) -> None:
        answer = client.post(f"/opportunities/{role.public_id}/applied/")

        assert answer.status_code == 302
        assert "/accounts/login/" in answer.url
        assert not ExternalApplication.objects.exists()

    def test_is_not_for_a_role_that_takes_applications_here(self, client, employer) -> None:
        here = OpportunityFactory(open=True, employer=employer)
        client.force_login(CandidateProfileFactory().user)

        answer = client.post(f"/opportunities/{here.public_id}/applied/", follow=True)

        assert "This role takes applications here." in answer.content.decode()
        assert not ExternalApplication.objects.exists()

    def test_is_not_for_the_employers_own_people(self, client, role, employer) -> None:
        member = MembershipFactory(employer=employer).user
        CandidateProfileFactory(user=member)
        client.force_login(member)

        client.post(f"/opportunities/{role.public_id}/applied/")

        assert not ExternalApplication.objects.exists()

    def test_is_the_candidates_alone_to_take_back(self, client) -> None:
        stated = ExternalApplicationFactory()
        client.force_login(CandidateProfileFactory().user)

        answer = client.post(f"/applications/external/{stated.pk}/", follow=True)
        assert "It was off your list already." in answer.content.decode()
        assert ExternalApplication.objects.exists()
        with pytest.raises(NotFound):
            external.take_back(statement_id=stated.pk, candidate=UserFactory())
        client.force_login(stated.profile.user)
        assert stated.opportunity.title in client.get("/applications/").content.decode()
        client.post(f"/applications/external/{stated.pk}/")
        assert not ExternalApplication.objects.exists()
        again = client.post(f"/applications/external/{stated.pk}/", follow=True)
        assert again.redirect_chain == [("/applications/", 302)]
        assert "It was off your list already." in again.content.decode()


class TestTheFigures:
    def test_tell_the_employer_of_clicks_and_statements_and_of_nobody(
        self, client, role, employer
    ) -> None:
        now = timezone.now()
        ExternalClicksFactory(opportunity=role, at=now, count=3)
        ExternalClicksFactory(opportunity=role, at=now - timedelta(days=40), count=4)
        ExternalClicksFactory(count=50)
        ExternalApplicationFactory(opportunity=role)
        client.force_login(MembershipFactory(employer=employer).user)

        page = client.get(f"/employer/roles/{role.public_id}/").content.decode()

        assert way.figures(role, at=now) == (3, 7, 1)
        assert "Clicks to your site" in page
        assert "in 30 days, 7 in all" in page

    def test_are_not_shown_where_applications_come_here(self, client, employer) -> None:
        here = OpportunityFactory(open=True, employer=employer)
        client.force_login(MembershipFactory(employer=employer).user)

        page = client.get(f"/employer/roles/{here.public_id}/").content.decode()

        assert "Clicks to your site" not in page
