"""A page that is kept is shown again only while it is what would be made anew."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from opportunities.accounts.models import User
from opportunities.core import page_cache
from opportunities.core.lifecycle import RoleStatus
from opportunities.core.models import Site
from opportunities.employers.models import Employer
from opportunities.roles.models import Opportunity, OpportunitySkill
from tests.factories import (
    ApplicationFactory,
    MembershipFactory,
    OpportunityFactory,
    OpportunitySkillFactory,
    RolePostFactory,
    UserFactory,
)

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
pytestmark = pytest.mark.django_db
LISTS = ("/", "/opportunities/", "/opportunities/?q=survey")


@pytest.fixture(autouse=True)
def _at_nine():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def role():
    return OpportunityFactory(open=True, title="Chart a survey")


def page(role):
    return reverse("opportunities:role", args=[role.slug, role.public_id])


def was_kept(response):
    return response.context is None


@pytest.mark.parametrize("address", [*LISTS, "role"])
def test_a_second_view_asks_the_database_once_and_says_the_same(client, role, address):
    path = page(role) if address == "role" else address
    first = client.get(path)

    with CaptureQueriesContext(connection) as asked:
        second = client.get(path)

    assert not was_kept(first)
    assert was_kept(second)
    assert len(asked) == 1
    assert second.headers.get("Vary") == first.headers.get("Vary")
    if address != "role":
        assert without_token(second) == without_token(first)


def without_token(response):
    """Return a page without the token of its forms, which no two views share."""
    return page_cache.TOKEN.sub(b"", response.content)


@pytest.mark.parametrize("address", [*LISTS, "role"])
def test_a_change_of_a_role_is_seen_at_once(client, role, address):
    path = page(role) if address == "role" else address
    client.get(path)

    changed = {"summary": "Now with a summary.", "version": role.version + 1}
    Opportunity.objects.filter(pk=role.pk).update(**changed)

    assert "Now with a summary." in client.get(path).text


@pytest.mark.parametrize("address", [*LISTS, "role"])
def test_a_change_of_an_employer_is_seen_at_once(client, role, address):
    path = page(role) if address == "role" else address
    client.get(path)

    Employer.objects.update(name="Renamed Ltd")

    assert "Renamed Ltd" in client.get(path).text


@pytest.mark.parametrize("address", LISTS)
def test_a_role_that_closes_leaves_every_list_at_once(client, role, address):
    OpportunityFactory(open=True, title="Another survey")
    client.get(address)

    Opportunity.objects.filter(pk=role.pk).update(status=RoleStatus.CLOSED, closed_at=NOW)

    text = client.get(address).text
    assert "Chart a survey" not in text
    assert "Another survey" in text


@pytest.mark.parametrize("address", LISTS[:2])
def test_a_new_role_enters_a_list_at_once(client, role, address):
    client.get(address)

    OpportunityFactory(open=True, title="Brand new", at=NOW + timedelta(minutes=1))

    assert "Brand new" in client.get(address).text


def test_a_search_finds_a_new_role_within_seconds(client, role):
    with time_machine.travel(NOW) as clock:
        client.get("/opportunities/?q=survey")
        OpportunityFactory(open=True, title="Survey again")

        clock.shift(timedelta(seconds=11))

        assert "Survey again" in client.get("/opportunities/?q=survey").text


def test_what_a_page_of_a_role_promises_follows_the_site(client):
    role = OpportunityFactory(open=True, response_days=None)
    client.get(page(role))

    Site.objects.update_or_create(pk=1, defaults={"response_days_micro": 9})

    assert "within 9 working days" in client.get(page(role)).text


def test_a_question_and_an_answer_owed_are_seen_at_once(client, role):
    client.get(page(role))
    RolePostFactory(opportunity=role, question="May I work at night?")
    assert "May I work at night?" in client.get(page(role)).text

    ApplicationFactory(opportunity=role, answer_due_on=NOW.date() - timedelta(days=1))

    assert "waits past that day" in client.get(page(role)).text


def test_a_new_member_of_the_team_may_manage_at_once(client, role):
    person = UserFactory()
    client.force_login(person)
    assert "Manage this role" not in client.get(page(role)).text

    MembershipFactory(user=person, employer=role.employer)

    assert "Manage this role" in client.get(page(role)).text


def test_nobody_is_shown_the_page_of_another(role):
    browsers = {name: Client() for name in ("Ada", "Grace", "")}
    for name, browser in browsers.items():
        if name:
            browser.force_login(UserFactory(name=name))

    for _ in range(2):
        texts = {name: browser.get(page(role)).text for name, browser in browsers.items()}

        assert [("Ada" in text, "Grace" in text) for text in texts.values()] == [
            (True, False),
            (False, True),
            (False, False),
        ]


def test_a_new_name_and_a_new_right_are_seen_at_once(client, role):
    person = UserFactory(name="Ada")
    client.force_login(person)
    client.get("/opportunities/")

    User.objects.filter(pk=person.pk).update(name="Augusta")
    assert "Augusta" in client.get("/opportunities/").text
    person.user_permissions.add(*_moderating())
    client.force_login(person)  # a moderator's session has used a second factor

    assert 'href="/moderate/"' in client.get("/opportunities/").text


def _moderating():
    return UserFactory(moderator=True).user_permissions.all()


def test_a_kept_form_carries_the_token_of_the_browser_that_gets_it(role):
    address = page(role)
    Client().get(address)
    browser = Client(enforce_csrf_checks=True)

    shown = browser.get(address)
    token = page_cache.TOKEN.search(shown.content)[1].decode()

    assert was_kept(shown)
    saved = browser.post(f"/saved/{role.public_id}/", {"csrfmiddlewaretoken": token})
    assert saved.status_code == 302


def test_a_message_is_told_once_and_kept_by_no_page(client, role):
    client.force_login(UserFactory())
    client.get("/opportunities/")
    client.post(reverse("opportunities:ask", args=[role.public_id]), {"question": "Is it warm?"})

    told, after = client.get("/opportunities/").text, client.get("/opportunities/").text

    assert 'class="note"' in told
    assert 'class="note"' not in after


def test_without_a_cache_every_page_says_the_same(client, role, settings):
    addresses = LISTS[1:]
    texts = [without_token(client.get(address)) for address in addresses]
    nowhere = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}

    settings.CACHES = dict.fromkeys(settings.CACHES, nowhere)

    for _ in range(2):
        assert [without_token(client.get(address)) for address in addresses] == texts


def test_yesterdays_page_is_not_shown_today(client):
    with time_machine.travel(datetime(2026, 11, 23, 23, 59, 58, tzinfo=UTC)) as clock:
        OpportunityFactory(open=True, title="Last day", apply_by=NOW.date())
        assert "Last day" in client.get("/opportunities/").text

        clock.shift(timedelta(seconds=3))

        assert "Last day" not in client.get("/opportunities/").text


def test_each_host_has_pages_of_its_own(client):
    OpportunityFactory.create_batch(21, open=True)

    for host in ("testserver", "localhost", "testserver"):
        text = client.get("/opportunities/", headers={"host": host}).text

        assert f'rel="next" href="http://{host}/' in text


class TestBasis:
    def test_the_version_of_a_row_changes_with_every_write_even_in_one_transaction(self, role):
        def version():
            basis = page_cache.Basis()
            basis.add(Opportunity.objects.filter(pk=role.pk))
            basis.ask()
            return basis.answers

        seen = [version(), version()]
        for title in ("Chart a survey", "Chart a survey"):
            Opportunity.objects.filter(pk=role.pk).update(title=title)
            seen.append(version())

        assert seen[0] == seen[1]
        assert len({tuple(answers) for answers in seen}) == 3

    def test_rows_that_were_read_answer_as_the_question_does(self, role):
        OpportunitySkillFactory.create_batch(2, opportunity=role)
        rows = OpportunitySkill.objects.order_by("pk")
        columns = ("pk", "opportunity__title", "skill__name")
        read = list(rows.annotate(row_version=page_cache.RowVersion(*columns)))
        basis = page_cache.Basis()

        basis.add_read(rows, *columns, read=read)
        basis.add_choice(rows, read=[row.pk for row in read])
        basis.add_choice(rows.filter(level=99), read=[])

        assert basis.answers == page_cache.answer(basis.questions)

    def test_a_page_whose_basis_was_never_asked_is_not_kept(self, client):
        request = client.get("/how-matching-works/").wsgi_request

        def make(basis):
            basis.add(Opportunity.objects.all())
            return HttpResponse("made")

        page_cache.page(request, make)

        assert page_cache.page(request, lambda _: HttpResponse("anew")).content == b"anew"

    def test_a_page_with_the_tokens_of_two_browsers_is_not_kept(self, client):
        request = client.get("/how-matching-works/").wsgi_request
        form = '<input type="hidden" name="csrfmiddlewaretoken" value="{}">'

        page_cache.page(
            request, lambda _: HttpResponse(form.format("a" * 64) + form.format("b" * 64))
        )

        assert page_cache.page(request, lambda _: HttpResponse("anew")).content == b"anew"
