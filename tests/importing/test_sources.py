"""Sources in the database: identity, closed rows, files that are no roles, big files twice."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from matching.store.roles import read_roles
from opportunities.core.errors import Invalid
from opportunities.core.lifecycle import RoleStatus
from opportunities.employers.models import Employer
from opportunities.importing.columns import Naming
from opportunities.importing.rows import Record, Unreadable
from opportunities.importing.writing import import_opportunities
from opportunities.roles.drafts import submission_faults, values_of
from opportunities.roles.models import Opportunity
from opportunities.roles.wording import place_phrase
from tests.desk import deciding
from tests.factories import (
    EmployerFactory,
    OpportunityFactory,
    UserFactory,
    employer_with_owner,
)
from tests.importing.reading import posting
from tests.importing.test_shapes import ASHBY, GREENHOUSE, LEVER
from tests.importing.test_writing import AT, ROLE, counts, imported

pytestmark = pytest.mark.django_db


def listing(number, **change):
    return {
        "id": f"s-{number}", "company_name": f"Employer {number % 7}", "title": f"Intern {number}",
        "locations": ["Leeds, UK"], "terms": ["Summer 2027"], "active": True, "is_visible": True,
        "url": f"https://example.org/{number}", "date_posted": 1_792_000_000,
    } | change  # fmt: skip


class TestIdentity:
    def test_one_number_of_two_organizations_is_two_roles(self):
        report = imported(
            posting(identifier={"name": "Acme", "value": "1001"}),
            posting(hiringOrganization="Copper Beech", identifier={"value": "1001"}),
        )

        assert counts(report) == (2, 0, 0, 0)
        assert set(Opportunity.objects.values_list("employer__name", "external_id")) == {
            ("Acme", "1001"), ("Copper Beech", "1001"),
        }  # fmt: skip

    def test_the_same_rows_again_change_nothing(self):
        rows = [ROLE, {**ROLE, "org": "Copper Beech"}]
        imported(*rows)

        assert counts(imported(*rows)) == (0, 0, 2, 0)

    def test_one_number_twice_of_one_organization_is_named(self):
        report = imported(ROLE, {**ROLE, "org": "ACME"})

        assert counts(report) == (1, 0, 0, 1)
        assert report.bad[0].reason == "r1 stands on line 1 as well."

    def test_a_row_that_leaves_its_organization_out_means_the_only_one(self):
        imported(ROLE)
        nameless = {name: value for name, value in ROLE.items() if name != "org"}

        assert counts(imported({**nameless, "hours_total": 30})) == (0, 1, 0, 0)

    def test_a_row_that_could_be_two_organizations_is_left_out(self):
        imported(ROLE, {**ROLE, "org": "Copper Beech"})
        nameless = {name: value for name, value in ROLE.items() if name != "org"}

        report = imported({**nameless, "hours_total": 30})

        assert (counts(report), report.bad[0].field) == ((0, 0, 0, 1), "org")

    def test_a_row_without_a_number_is_known_by_its_address(self):
        row = {name: value for name, value in ROLE.items() if name != "id"}
        imported({**row, "url": "https://example.org/a"})

        again = imported({**row, "url": "https://example.org/a", "title": "Renamed"})

        assert counts(again) == (0, 1, 0, 0)
        assert Opportunity.objects.get().title == "Renamed"


class TestBoards:
    def test_a_board_that_names_nobody_is_of_whose_address_it_has(self):
        report = imported(GREENHOUSE, LEVER, ASHBY)

        assert counts(report) == (3, 0, 0, 0)
        owners = dict(Opportunity.objects.values_list("title", "employer__name"))
        assert owners == {
            "Survey Intern": "Millrace Trust", "Kiln Intern": "millrace", "Lab Intern": "millrace",
        }  # fmt: skip
        lever = Opportunity.objects.get(title="Kiln Intern")
        assert lever.unparsed["org"] == "millrace (the name in the address of the board)"

    def test_a_known_employer_keeps_its_board(self):
        employer = EmployerFactory(slug="millrace", name="Millrace Trust")

        report = imported(LEVER, ASHBY)

        assert counts(report) == (2, 0, 0, 0)
        assert set(Opportunity.objects.values_list("employer", flat=True)) == {employer.pk}

    def test_a_member_hands_in_the_own_board(self):
        employer, owner = employer_with_owner(name="Mill")

        report = imported(LEVER, actor=owner, employer=employer)

        assert (counts(report), report.bad) == ((1, 0, 0, 0), [])
        assert Employer.objects.count() == 1


class TestClosedRows:
    CLOSED = [
        listing(1, active=False), listing(2, is_visible=False), {**ASHBY, "isListed": False},
        {**ROLE, "status": "closed"}, {**ROLE, "closed": True}, {**ROLE, "hidden": "yes"},
    ]  # fmt: skip

    @pytest.mark.parametrize("row", CLOSED, ids=range(6))
    def test_is_not_brought_in(self, row):
        report = imported(row)

        assert (counts(report), report.closed) == ((0, 0, 0, 0), 1)
        assert not Opportunity.objects.exists()

    @pytest.mark.parametrize(
        ("trait", "status"), [("in_review", RoleStatus.DRAFT), ("open", RoleStatus.CLOSED)]
    )
    def test_a_role_that_is_here_goes_off_the_market(self, trait, status):
        acme = EmployerFactory(name="Acme")
        role = OpportunityFactory(**{trait: True}, source="board", external_id="r1", employer=acme)

        report = imported({**ROLE, "active": False})

        role.refresh_from_db()
        assert (report.closed, role.status) == (1, status)
        assert role.closed_because == ("employer" if status == RoleStatus.CLOSED else "")

    def test_a_closed_row_again_changes_nothing(self):
        acme = EmployerFactory(name="Acme")
        role = OpportunityFactory(open=True, source="board", external_id="r1", employer=acme)
        imported({**ROLE, "active": False})
        role.refresh_from_db()
        version = role.version

        imported({**ROLE, "active": False})

        role.refresh_from_db()
        assert role.version == version

    def test_a_closed_row_of_another_employer_closes_nothing(self):
        role = OpportunityFactory(open=True, source="board", external_id="r1")

        imported({**ROLE, "active": False})

        role.refresh_from_db()
        assert role.status == RoleStatus.OPEN


class TestModeNotStated:
    def test_a_role_without_a_mode_waits_and_says_so(self):
        imported({name: value for name, value in ROLE.items() if name != "mode"})

        role = Opportunity.objects.get()
        assert (role.mode, role.status, place_phrase(role)) == (
            None, RoleStatus.IN_REVIEW, "Not stated",
        )  # fmt: skip
        assert "mode" in {
            fault.field for fault in submission_faults(values_of(role), today=AT.date())
        }

    def test_it_can_be_looked_at_by_who_writes_it(self):
        role = OpportunityFactory(in_review=True, mode=None)

        assert read_roles([role.pk], at=AT, listed=False)[role.pk].opportunity.mode == "remote"
        assert role.pk not in read_roles([role.pk], at=AT)

    @pytest.mark.parametrize("missing", ["mode", "hours_total", "pay_kind", "apply_by"])
    def test_it_cannot_be_opened_before_it_states_what_is_needed(self, missing):
        role = OpportunityFactory(in_review=True, **{missing: None})
        moderator = UserFactory(moderator=True)

        with pytest.raises(Invalid) as refused:
            deciding.approve(opportunity_id=role.pk, moderator=moderator, at=AT)

        assert missing in {fault.field for fault in refused.value.faults}


class TestWrongFiles:
    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("contacts.csv", "Name,Phone\nAda,1\n"),
            ("feed.atom", '<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title></feed>'),
            ("empty.json", "[]"),
            ("empty.ndjson", "\n"),
            ("names.csv", "Title,Company\n"),
        ],
    )
    def test_the_command_names_them_and_ends_with_1(self, tmp_path, name, content):
        path = tmp_path / name
        path.write_text(content)

        with pytest.raises(CommandError) as ended:
            call_command("import_opportunities", path)

        assert ended.value.returncode == 1
        assert "not a table of roles" in str(ended.value)

    def test_a_dry_run_names_them_as_well(self):
        with pytest.raises(Unreadable):
            import_opportunities([], naming=Naming(), at=AT, dry_run=True)


def test_a_list_of_which_most_is_closed_is_read_twice_with_no_change_the_second_time(tmp_path):
    rows = [listing(number, active=number % 3 == 0) for number in range(30)]
    path = tmp_path / "listings.json"
    path.write_text(json.dumps(rows))
    said = []

    for _ in range(2):
        out = io.StringIO()
        call_command("import_opportunities", path, "--json", "--source", "list", stdout=out)
        said.append(json.loads(out.getvalue().splitlines()[-1]))

    told = [(each["added"], each["changed"], each["unchanged"], each["closed"]) for each in said]
    assert told == [(10, 0, 0, 20), (0, 0, 10, 20)]
    assert set(Opportunity.objects.values_list("status", flat=True)) == {RoleStatus.IN_REVIEW}


def test_rows_of_a_mapping_may_name_the_same_title_twice():
    naming = Naming(source="m", columns={"a": "title", "b": "org"})
    rows = [Record(1, {"a": "Helper", "b": "Acme", "Title": "Other"})]

    import_opportunities(rows, naming=naming, at=AT)

    assert Opportunity.objects.get().title == "Helper"
