"""The schema of a role is walked: what an employer may state, everybody who decides can read."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from matching.recommending.serializers import MUSTS
from opportunities.core.lifecycle import RoleStatus
from opportunities.importing import exporting
from opportunities.importing.columns import Naming
from opportunities.importing.convert import convert
from opportunities.importing.rows import Record
from opportunities.roles import job_posting
from opportunities.roles.fields import COLUMNS, FIELDS, MONEY, PARTS
from opportunities.roles.models import Opportunity
from opportunities.roles.publishing import drafting
from opportunities.roles.views.sections import RoleForm
from tests.factories import EmployerFactory, MembershipFactory, SkillFactory, UserFactory
from tests.roles.role_samples import SAMPLES

NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)
OF_A_PERSON = {"enrolment", "age", "work_rights"}
"""The gates of matching that ask who somebody is, rather than when, where or for how much."""

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def member():
    employer = EmployerFactory(verified=True, name="Harbour", domain="harbour.example")
    return MembershipFactory(employer=employer)


@pytest.fixture
def draft(member) -> Opportunity:
    """Return a draft that states every field."""
    SkillFactory(slug="python", name="Python")
    return drafting.create_draft(
        employer_id=member.employer_id,
        actor=member.user,
        values={name: sample.value for name, sample in SAMPLES.items()},
        at=NOW,
    )


@pytest.fixture
def role(draft) -> Opportunity:
    """Return the same role on the market."""
    draft.status = RoleStatus.OPEN
    draft.submitted_at = draft.opened_at = draft.confirmed_at = NOW
    draft.save()
    return draft


def read(page: Any) -> str:
    """Return what a person reads of a page: its main part, without markup and addresses."""
    html = page.content.decode()
    main = html[html.index("<main") : html.index("</main>")]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", main)).split())


def unsaid(page: Any, names: Any) -> list[str]:
    """Return the fields among those named of which a page says nothing."""
    text = read(page)
    return [name for name in names if SAMPLES[name].words not in text]


def address(role: Opportunity) -> str:
    return f"/opportunities/{role.slug}-{role.public_id}/"


class TestEveryField:
    def test_has_a_sample(self) -> None:
        assert set(SAMPLES) == set(FIELDS)

    def test_that_an_employer_may_state_stands_in_the_schema(self) -> None:
        stated = {column.attname for column in Opportunity._meta.concrete_fields if column.editable}

        assert stated - {"id", "employer_id", "search"} == set(COLUMNS)

    def test_is_asked_once_in_its_section_of_the_form(self) -> None:
        asked = [
            (drawn.section.slug, name)
            for drawn in RoleForm(draft={}).drawn()
            for name in (
                *(each.name for each in (*drawn.first, *drawn.folded)),
                *([drawn.section.part] if drawn.parts else []),
                *(["skills"] if drawn.picker else []),
            )
        ]

        assert sorted(asked) == sorted(
            (row.step, row.name) for row in FIELDS.values() if not row.follows
        )

    def test_is_said_on_the_page_of_the_role(self, client, role) -> None:
        assert unsaid(client.get(address(role)), FIELDS) == []

    def test_is_said_in_the_preview(self, client, draft, member) -> None:
        client.force_login(member.user)

        page = client.get(f"/employer/roles/{draft.public_id}/edit/")

        assert unsaid(page, FIELDS) == []

    def test_is_said_to_the_moderator(self, client, role) -> None:
        facts = [row.name for row in FIELDS.values() if row.fact or row.demand]
        client.force_login(UserFactory(moderator=True))

        page = client.get(f"/moderate/roles/{role.public_id}/")

        assert unsaid(page, facts) == []

    def test_is_answered_by_the_api(self, client, role) -> None:
        answer = client.get(f"/api/v1/opportunities/{role.public_id}").json()

        assert [name for name in FIELDS if not is_told(name, answer)] == []

    def test_is_listed_by_the_api_unless_it_is_seen_on_the_role_alone(self, client, role) -> None:
        listed = client.get("/api/v1/opportunities").json()["data"][0]

        names = [name for name, row in FIELDS.items() if row.in_lists]
        assert [name for name in names if not is_told(name, listed)] == []
        assert not {name for name, row in FIELDS.items() if not row.in_lists} & listed.keys()

    def test_is_exported(self, role) -> None:
        row = exporting.row(role)

        assert [name for name in FIELDS if not is_told(name, row)] == []

    def test_is_read_again_from_the_file_that_was_exported(self, role) -> None:
        record = Record(1, exporting.row(role))

        read = convert(record, Naming(source="test"), currency="GBP")

        assert (read.bad, read.unread) == ([], [])
        assert {name: read.values[name] for name in COLUMNS} == {
            name: getattr(Opportunity.objects.get(), name) for name in COLUMNS
        }
        parts = read.parts
        assert (parts["skills"][0]["name"], parts["deliverables"][0]["title"]) == (
            "python",
            "A map",
        )

    def test_with_a_line_of_the_page_is_told_to_search_engines(self, role) -> None:
        text = job_posting.description(role)

        lines = [row for row in FIELDS.values() if row.fact or row.demand]
        assert [row.name for row in lines if row.fact and f"{row.fact.label}:" not in text] == []
        assert [
            row.name for row in lines if row.demand and SAMPLES[row.name].words not in text
        ] == []


def is_told(name: str, told: dict[str, Any]) -> bool:
    """Say whether an answer of a program tells the value of the sample."""
    value, found = SAMPLES[name].value, told.get(name)
    if name in MONEY:
        return found is not None and Decimal(found) == Decimal(value)
    if name in PARTS:
        return bool(found) and value[0].items() <= found[0].items()
    return bool(found == value)


class TestGates:
    def test_of_a_person_are_demands_of_the_schema(self) -> None:
        gated = {MUSTS[gate][1] for gate in OF_A_PERSON}

        assert gated == {row.name for row in FIELDS.values() if row.demand}

    def test_read_fields_of_the_schema(self) -> None:
        assert {fact for _, fact in MUSTS.values()} - {"pay"} <= set(FIELDS)

    def test_stand_before_all_other_facts_of_the_role(self, client, role) -> None:
        text = read(client.get(address(role)))

        said = [text.index(SAMPLES[row.name].words) for row in FIELDS.values() if row.demand]
        assert max(said) < text.index("€500 to €600 an hour")

    def test_on_cards_are_read_with_the_list(self, client, role) -> None:
        with CaptureQueriesContext(connection) as asked:
            client.get("/opportunities/")

        assert len(asked) == 2, [query["sql"][:100] for query in asked]  # the roles, their count

    def test_are_said_on_the_cards_of_the_list(self, client, role) -> None:
        demands = [row.name for row in FIELDS.values() if row.demand]

        assert unsaid(client.get("/opportunities/"), demands) == []

    def test_that_a_role_does_not_have_are_not_said(self, client, role) -> None:
        Opportunity.objects.update(min_age=0, work_rights="", requires_enrolment=False, version=9)

        for page in (client.get(address(role)), client.get("/opportunities/")):
            assert "Who may apply" not in read(page)
