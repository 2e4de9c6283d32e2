"""Imported roles in the database: moderation, idempotence, damaged files, round trips."""

import io
import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction

from matching.models import OwedWork, Subject
from opportunities.core.errors import NotAllowed
from opportunities.core.lifecycle import RoleStatus
from opportunities.employers.models import Employer
from opportunities.importing import columns, exporting, files
from opportunities.importing.columns import Naming
from opportunities.importing.rows import BadRow, Record
from opportunities.importing.writing import import_opportunities
from opportunities.messaging.models import Notice
from opportunities.roles.models import Opportunity
from opportunities.roles.models.listings import Mode
from opportunities.roles.publishing import drafting, submitting
from opportunities.skills import loading
from opportunities.skills.lookup import skills_named
from opportunities.webhooks.models import EVENT_TYPES, Event, WebhookDelivery
from tests.factories import (
    AutoApprovalFactory,
    DecisionFactory,
    DeliverableFactory,
    EmployerFactory,
    OpportunityFactory,
    OpportunitySkillFactory,
    QuestionFactory,
    SkillFactory,
    UserFactory,
    WebhookEndpointFactory,
    employer_with_owner,
)
from tests.roles.test_drafts import COMPLETE

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
OPENOPPS = Path(columns.__file__).parent / "mappings" / "openopps.json"

ROLE = {
    "id": "r1",
    "org": "Acme",
    "title": "Survey analyst",
    "format": "micro_internship",
    "hours_total": 20,
    "weeks": 2,
    "mode": "remote",
    "pay_kind": "fixed_fee",
    "pay_amount": 400,
}


def imported(*rows, source="board", **options):
    records = [
        row if isinstance(row, BadRow) else Record(line, row) for line, row in enumerate(rows, 1)
    ]
    return import_opportunities(records, naming=Naming(source=source), at=AT, **options)


FEED = """<rss><channel><title>Jobs</title><item><title>Stone intern</title>
<link>https://quarry.example/1</link><salary>£12 per hour</salary><location>Bath</location>
</item></channel></rss>"""


def test_a_feed_whose_items_name_no_company_is_of_the_employer_it_is_read_for(tmp_path):
    path = tmp_path / "feed.rss"
    path.write_text(FEED, encoding="utf-8")
    employer = EmployerFactory(name="Quarry")
    naming = Naming(source="feed")

    of_nobody = import_opportunities(files.read(path), naming=naming, at=AT)
    report = import_opportunities(files.read(path), naming=naming, at=AT, employer=employer)

    assert [bad.field for bad in of_nobody.bad] == ["org"]
    assert (of_nobody.added, report.added) == (0, 1)
    assert Opportunity.objects.get().employer == employer


def open_all():
    Opportunity.objects.update(
        status=RoleStatus.OPEN,
        opened_at=AT,
        confirmed_at=AT,
        apply_by=date(2027, 1, 1),
        closes_at=datetime(2027, 1, 2, tzinfo=UTC),
    )


def counts(report):
    return report.added, report.changed, report.unchanged, report.left_out


class TestImport:
    def test_puts_the_role_into_moderation(self):
        report = imported(ROLE)

        role = Opportunity.objects.get()
        assert counts(report) == (1, 0, 0, 0)
        assert role.status == RoleStatus.IN_REVIEW
        assert (role.submitted_at, role.version) == (AT, 2)  # written, then handed in
        assert (role.source, role.external_id) == ("board", "r1")
        assert (role.pay_amount_minor, role.pay_currency, role.hourly_minor) == (
            40_000, "GBP", 2_000,
        )  # fmt: skip
        assert role.employer.verified_at is None
        assert role.findings.filter(role_version=2, check_name="pay_floor").count() == 1

    def test_the_same_row_again_changes_nothing(self):
        imported(ROLE)
        before = Opportunity.objects.values().get()

        report = import_opportunities(
            [Record(1, ROLE)], naming=Naming(source="board"), at=AT.replace(day=30)
        )

        assert counts(report) == (0, 0, 1, 0)
        assert Opportunity.objects.values().get() == before

    def test_a_changed_row_returns_an_open_role_to_review(self):
        imported(ROLE)
        open_all()

        report = imported({**ROLE, "hours_total": 30})

        role = Opportunity.objects.get()
        assert counts(report) == (0, 1, 0, 0)
        assert (role.status, role.hours_total, role.version) == (RoleStatus.IN_REVIEW, 30, 6)

    def test_a_whole_row_that_changed_returns_an_open_role_to_review(self):
        whole = {**ROLE, **COMPLETE, "apply_by": "2027-01-01"}
        imported(whole)
        open_all()

        report = imported({**whole, "title": "Survey assistant"})

        role = Opportunity.objects.get()
        assert counts(report) == (0, 1, 0, 0)
        assert (role.title, role.status) == ("Survey assistant", RoleStatus.IN_REVIEW)
        assert role.findings.filter(role_version=role.version).exists()

    @pytest.mark.parametrize("trait", ["closed", "rejected", "removed"])
    def test_a_role_that_left_the_market_stays_away(self, trait):
        acme = EmployerFactory(name="Acme")
        role = OpportunityFactory(**{trait: True}, source="board", external_id="r1", employer=acme)

        report = imported(ROLE)

        role.refresh_from_db()
        assert counts(report) == (0, 0, 0, 1)
        assert report.bad[0].field == "status"
        assert role.title != ROLE["title"]

    def test_places_that_are_held_are_not_taken_away(self):
        acme = EmployerFactory(name="Acme")
        OpportunityFactory(
            open=True, source="board", external_id="r1", capacity=3, seats_held=2, employer=acme
        )

        report = imported({**ROLE, "capacity": 1})

        assert report.bad == [BadRow(1, "capacity", "is below the 2 places offered or taken.")]
        assert not imported({**ROLE, "capacity": 2}).bad

    def test_an_employer_under_a_sanction_gets_no_roles(self):
        EmployerFactory(name="Acme", status="suspended")

        report = imported(ROLE)

        assert report.bad == [BadRow(1, "employer", "may not post at present.")]

    def test_a_row_that_stands_twice_is_named(self):
        report = imported(ROLE, {**ROLE, "title": "Another"})

        assert counts(report) == (1, 0, 0, 1)
        assert report.bad == [BadRow(2, "external_id", "r1 stands on line 1 as well.")]

    def test_the_same_id_of_another_source_is_another_role(self):
        imported(ROLE)
        imported(ROLE, source="other")

        assert Opportunity.objects.count() == 2

    def test_only_exact_names_become_skills_and_the_rest_is_kept(self):
        loading.load_own_skills()

        imported({**ROLE, "skills": "Python, py, Juggling"})

        role = Opportunity.objects.get()
        assert [part.skill.slug for part in role.skills.all()] == ["python"]
        assert role.unparsed == {"skills": "Juggling"}

    def test_the_employer_is_found_by_slug_or_name_and_else_added_unverified(self):
        acme = EmployerFactory(name="Acme", slug="acme-ltd")

        imported(
            {**ROLE, "org": "ACME"},
            {**ROLE, "id": "r2", "employer": "acme-ltd"},
            {**ROLE, "id": "r3", "org": "Newcomer"},
        )

        assert acme.opportunities.count() == 2
        assert Employer.objects.get(name="Newcomer").verified_at is None

    def test_a_new_employer_is_stored_with_its_roles_or_not_at_all(self, monkeypatch):
        def die(*_, **__):
            raise DatabaseError("the connection is gone")

        rows = [{**ROLE, "org": "Newcomer"}, {**ROLE, "id": "r2", "org": "NEWCOMER"},
                {**ROLE, "id": "r3", "org": "New-Comer"}]  # fmt: skip
        with monkeypatch.context() as patch:
            patch.setattr(submitting, "submit_new", die)
            with pytest.raises(DatabaseError):
                imported(*rows)
        left = Employer.objects.count()

        imported(*rows)

        assert left == 0
        assert {
            employer.name: employer.opportunities.count() for employer in Employer.objects.all()
        } == {"Newcomer": 2, "New-Comer": 1}
        assert Employer.objects.values("slug").distinct().count() == 2

    def test_without_any_organization_the_row_is_left_out(self):
        report = imported({**ROLE, "org": ""})

        assert (report.bad[0].field, report.left_out) == ("org", 1)

    def test_a_trial_run_reports_and_stores_nothing(self):
        report = imported(ROLE, dry_run=True)

        assert counts(report) == (1, 0, 0, 0)
        assert not Opportunity.objects.exists()
        assert not Employer.objects.exists()

    def test_only_a_member_imports_for_an_employer(self):
        employer, owner = employer_with_owner()

        with pytest.raises(NotAllowed):
            imported(ROLE, actor=UserFactory(), employer=employer)
        with pytest.raises(NotAllowed):
            imported(ROLE, actor=owner)
        own = ROLE | {"org": employer.name}
        assert counts(imported(own, actor=owner, employer=employer))[0] == 1

    def test_a_member_cannot_take_over_another_employers_role(self):
        imported(ROLE)
        employer, owner = employer_with_owner()

        named = imported({**ROLE, "title": "Mine"}, actor=owner, employer=employer)
        mine = {**ROLE, "title": "Mine", "org": employer.name}
        report = imported(mine, actor=owner, employer=employer)

        assert [(bad.line, bad.field) for bad in named.bad] == [(1, "org")]
        # The same number is another role with them; the first stays what it was.
        assert counts(report) == (1, 0, 0, 0)
        assert Opportunity.objects.get(employer__name="Acme").title == ROLE["title"]
        assert Opportunity.objects.get(employer=employer).title == "Mine"

        theirs = Opportunity.objects.get(employer__name="Acme").public_id
        taken = {**mine, "id": theirs}
        report = imported(taken, source="", actor=owner, employer=employer)
        assert report.bad == [BadRow(1, "external_id", "belongs to another employer.")]


class TestLikeTyped:
    """What a file states goes the way of what a person types."""

    def typed(self, employer, member):
        role = drafting.create_draft(employer_id=employer.pk, actor=member, values=COMPLETE, at=AT)
        submitting.submit(opportunity_id=role.pk, actor=member, at=AT)
        return self.said_of(role, employer)

    def from_file(self, employer, member):
        row = {name: value for name, value in COMPLETE.items() if value is not None}
        report = imported(
            {**row, "id": "r1", "org": employer.name}, actor=member, employer=employer
        )
        assert report.bad == []
        return self.said_of(employer.opportunities.get(external_id="r1"), employer)

    def said_of(self, role, employer):
        """Return all that other systems, moderators and people learn of a role."""
        role.refresh_from_db()
        return {
            "role": (role.status, role.version, role.submitted_at, role.posted_by_id is not None),
            "events": list(
                Event.objects.filter(subject=role.public_id).order_by("id").values_list("type")
            ),
            "webhooks": WebhookDelivery.objects.filter(event__subject=role.public_id).count(),
            "findings": list(
                role.findings.order_by("id").values_list(
                    "check_name", "rule", "verdict", "detail", "spans", "role_version"
                )
            ),
            "decisions": list(role.decisions.values_list("action", "rules", "reason")),
            "notices": list(
                Notice.objects.filter(recipient__memberships__employer=employer)
                .order_by("id").values_list("kind", "subject", "body", "is_decision")
            ),
            "owed": OwedWork.objects.filter(kind=Subject.ROLE, subject_id=role.pk).exists(),
        }  # fmt: skip

    def both(self):
        """Return what is said of the same role typed and read, neither of which knows the other."""
        with transaction.atomic():
            typed = self.typed(*self.employer())
            transaction.set_rollback(True)
        return typed, self.from_file(*self.employer())

    def employer(self):
        """Return an employer whose system listens, and a member of it."""
        employer, owner = employer_with_owner(verified=True, name="Harbor Studio")
        WebhookEndpointFactory(employer=employer, types=list(EVENT_TYPES))
        earlier = OpportunityFactory(employer=employer, closed=True, outcome="cancelled")
        DecisionFactory(action="approve", opportunity=earlier)
        return employer, owner

    def test_the_same_events_findings_and_notices_are_raised(self):
        typed, read = self.both()

        assert read == typed
        assert read["events"] == [("opportunity.submitted",)]
        assert read["webhooks"] == 1
        assert len(read["findings"]) > 10

    def test_it_opens_at_once_where_the_sites_rule_lets_it(self):
        AutoApprovalFactory(is_on=True, clean_roles=1)

        typed, read = self.both()

        assert read == typed
        assert read["role"][0] == RoleStatus.OPEN
        assert read["events"] == [("opportunity.submitted",), ("opportunity.published",)]
        assert [kind for kind, *_ in read["notices"]] == ["decision_auto_approve"]
        assert read["owed"]

    def test_nothing_that_an_operator_imports_opens_by_itself(self):
        AutoApprovalFactory(is_on=True, clean_roles=1)
        employer, _ = self.employer()
        row = {name: value for name, value in COMPLETE.items() if value is not None}

        imported({**row, "id": "r1", "org": employer.name})

        assert employer.opportunities.get(external_id="r1").status == RoleStatus.IN_REVIEW

    @pytest.mark.parametrize("lack", [{"apply_by": None}, {"min_age": "grown up"}])
    def test_what_a_file_leaves_out_or_says_in_riddles_is_for_a_person(self, lack):
        AutoApprovalFactory(is_on=True, clean_roles=1)
        employer, owner = self.employer()
        row = {name: value for name, value in (COMPLETE | lack).items() if value is not None}

        imported({**row, "id": "r1", "org": employer.name}, actor=owner, employer=employer)

        assert employer.opportunities.get(external_id="r1").status == RoleStatus.IN_REVIEW

    def test_an_employer_says_first_what_became_of_a_closed_role(self):
        employer, owner = self.employer()
        owed = OpportunityFactory(employer=employer, closed=True, outcome="")

        report = imported({**ROLE, "org": employer.name}, actor=owner, employer=employer)

        detail = f"First say what became of “{owed.title}” ({owed.public_id})."
        assert report.bad == [BadRow(1, "status", detail)]

    def test_a_changed_row_takes_a_role_back_from_review_and_hands_it_in_again(self):
        employer, owner = self.employer()
        self.from_file(employer, owner)
        role = employer.opportunities.get(external_id="r1")
        Opportunity.objects.update(claimed_by=owner, claimed_until=AT)

        imported({**ROLE, "title": "Another", "org": employer.name}, actor=owner, employer=employer)

        role.refresh_from_db()
        assert (role.status, role.title, role.claimed_by) == (RoleStatus.IN_REVIEW, "Another", None)
        assert role.findings.filter(role_version=role.version).exists()
        assert Event.objects.filter(subject=role.public_id).count() == 1


def told(title):
    """Return a row that says something of its own, and names an employer of its own."""
    words = f"{title} of the harbour, the mill and the market of every Tuesday in spring"
    return {**ROLE, "id": title, "org": f"{title} Ltd", "title": title, "description": words}


class TestTogether:
    """New rows are stored together, and nobody can tell."""

    ROWS = (
        told("Count boats"), told("Draw maps"),
        {**told("Draw maps"), "id": "copy", "org": "Copycat"},
        {**told("Write letters"), "skills": ["python", "juggling"],
         "deliverables": [{"title": "A letter", "done_means": "Sent."}],
         "questions": [{"text": "Why?", "minutes": 3}]},
        {**told("Paint doors"), "title": ""},
        {**told("Count boats"), "id": "again"},
    )  # fmt: skip

    def stored(self):
        """Return all that is kept of each role, by its number, without ids and moments."""
        return {
            role.external_id: {
                "values": {
                    field.name: getattr(role, field.name)
                    for field in Opportunity._meta.concrete_fields
                    if field.name not in {"id", "public_id", "employer"}
                },
                "employer": role.employer.name,
                "lists": [
                    list(role.deliverables.values_list("position", "title", "done_means")),
                    list(role.questions.values_list("position", "text", "minutes")),
                    list(role.skills.values_list("skill__slug", "level", "importance", "must")),
                ],
                "findings": list(
                    role.findings.order_by("id").values_list("check_name", "verdict", "spans")
                ),
                "events": list(
                    Event.objects.filter(subject=role.public_id).values_list("type", "version")
                ),
                "signature": role.fingerprint.shingles,
                "bands": sorted(role.fingerprint.bands.values_list("key", flat=True)),
            }
            for role in Opportunity.objects.select_related("employer", "fingerprint")
        }

    def test_all_is_as_if_each_row_came_alone(self):
        SkillFactory(slug="python", name="Python")
        with transaction.atomic():
            alone = [imported(row) for row in self.ROWS]
            one_by_one = self.stored()
            transaction.set_rollback(True)

        together = imported(*self.ROWS)

        assert self.stored() == one_by_one
        assert len(one_by_one) == 5
        verdicts = {
            number: {name: verdict for name, verdict, _ in kept["findings"]}
            for number, kept in one_by_one.items()
        }
        assert verdicts["copy"]["near_duplicate"] != verdicts["Draw maps"]["near_duplicate"]
        assert counts(together) == tuple(map(sum, zip(*map(counts, alone), strict=True)))

    def test_a_row_that_closes_a_role_counts_for_those_below_it(self):
        employer, owner = employer_with_owner(verified=True, name="Harbor Studio")
        mine = {"actor": owner, "employer": employer}
        rows = [{**told(title), "org": employer.name} for title in ("First", "Second", "Third")]
        imported(rows[1], **mine)
        open_all()

        report = imported(rows[0], {**rows[1], "active": False}, rows[2], **mine)

        assert (report.added, report.closed, report.left_out) == (1, 1, 1)
        assert report.bad[0].line == 3
        assert report.bad[0].reason.startswith("First say what became of")

    @pytest.mark.parametrize("number", [2, 30])
    def test_a_long_file_asks_the_database_no_more_often(
        self, number, django_assert_max_num_queries
    ):
        employer, owner = employer_with_owner(verified=True, name="Harbor Studio")
        rows = [{**told(f"Role {place}"), "org": employer.name} for place in range(number)]

        with django_assert_max_num_queries(40):
            report = imported(*rows, actor=owner, employer=employer)

        assert report.added == number


class TestDamagedFile:
    def test_every_bad_row_is_named_and_the_good_ones_are_kept(self, tmp_path):
        lines = [
            b"id,title,org,format,hours_total,description",
            "1,Good one,Acme,micro_internship,20,Count cafés".encode(),
            "2,Café helper,Acme,micro_internship,20,x".encode("latin-1"),
            b"3",
            b"4,Too long,Acme,micro_internship,20," + b"x" * 10_000_000,
            b"5,Too much,Acme,micro_internship,1e9,x",
            b"6,=cmd|'/C calc'!A0,Acme,micro_internship,20,x",
            b"7,Scripted,Acme,micro_internship,20,<script>alert(1)</script>",
            b"8,Last one,Acme,micro_internship,20,Measure things",
        ]
        path = tmp_path / "damaged.csv"
        path.write_bytes(b"\n".join(lines))
        out, err = io.StringIO(), io.StringIO()

        with pytest.raises(SystemExit) as ended:
            call_command("import_opportunities", path, stdout=out, stderr=err)

        assert ended.value.code == 1
        assert set(Opportunity.objects.values_list("title", flat=True)) == {
            "Good one",
            "Last one",
            "Scripted",
        }
        named = [line.split(": ")[:2] for line in err.getvalue().splitlines()]
        assert named == [
            ["line 3", "title"],
            ["line 4", "row"],
            ["line 5", "description"],
            ["line 6", "hours_total"],
            ["line 7", "title"],
        ]
        assert "3 roles were added" in out.getvalue()
        assert "5 rows left out" in out.getvalue()

    def test_the_report_can_be_read_by_a_program(self, tmp_path):
        path = tmp_path / "roles.ndjson"
        path.write_text(json.dumps(ROLE) + "\n{broken\n")
        out = io.StringIO()

        with pytest.raises(SystemExit):
            call_command("import_opportunities", path, "--json", stdout=out)

        bad, summary = (json.loads(line) for line in out.getvalue().splitlines())
        assert (bad["line"], bad["field"]) == (2, "row")
        assert (summary["added"], summary["left_out"]) == (1, 1)

    @pytest.mark.parametrize("options", [{"employer": "nobody"}, {"currency": "XXX"}])
    def test_refuses_what_it_does_not_know(self, tmp_path, options):
        path = tmp_path / "roles.ndjson"
        path.write_text(json.dumps(ROLE))

        with pytest.raises(CommandError):
            call_command("import_opportunities", path, **options)


class TestOpenOpportunities:
    def test_public_micro_tasks_come_out_as_roles(self, tmp_path):
        loading.load_own_skills()
        path = tmp_path / "tasks.csv"
        title = "Improve Global Public Diplomacy with Web Content Publishing"
        path.write_text(
            "userId,submittedAt,createdAt,state,title,description\n"
            '1,2016-05-15 21:50:35-04,2016-05-18 21:50:35-04,open,Who to follow?,"List the'
            ' accounts that a site for children should follow.\n\n**Deliverable**\n- a list"\n'
            f"2,2016-05-15 21:50:35-04,2016-05-18 21:50:35-04,open,{title},Build pages.\n"
        )

        call_command("import_opportunities", path, mapping=OPENOPPS, stdout=io.StringIO())

        first, second = Opportunity.objects.order_by("id")
        assert (first.hours_total, first.weeks, first.mode) == (20, 2, Mode.REMOTE)
        assert (first.pay_kind, first.pay_amount_minor, first.pay_currency) == (
            "fixed_fee",
            40_000,
            "USD",
        )
        assert (first.apply_by - first.submitted_at.date()).days == 60
        assert first.source == "openopps"
        assert first.status == RoleStatus.IN_REVIEW
        assert (first.field, second.field) == ("policy", "writing")
        assert "wordpress" in {part.skill.slug for part in second.skills.all()}

    def test_every_skill_of_the_mapping_is_in_the_vocabulary(self):
        loading.load_own_skills()
        rows = columns.read_naming(OPENOPPS).rows.values()
        named = {skill["name"] for facts in rows for skill in facts["skills"]}

        assert skills_named(texts=named).keys() == named


def test_skills_are_found_in_texts_that_the_mapping_names():
    loading.load_own_skills()
    naming = Naming(source="board", skills_from=("description",))

    import_opportunities(
        [Record(1, {**ROLE, "description": "Learn or improve your WordPress skills."})],
        naming=naming,
        at=AT,
    )

    assert [part.skill.slug for part in Opportunity.objects.get().skills.all()] == ["wordpress"]


@pytest.fixture
def catalogue():
    """Roles with every kind of fact, as employers and imports leave them."""
    plain = OpportunityFactory(open=True)
    rich = OpportunityFactory(
        open=True,
        title="Café analyst, “first”",
        description='Read.\n\n- one\n- two, "three"\n\nA < B & C',
        place="London, UK",
        mode=Mode.ONSITE,
        region="Greater London",
        hands_on=0.75,
        hours_total=20.5,
        steps=["profile"],
        evidence=[],
        pay_max_minor=50_050,
        unparsed={"start": "Immediately"},
    )
    DeliverableFactory(opportunity=rich, publishable=True)
    QuestionFactory(opportunity=rich)
    OpportunitySkillFactory(opportunity=rich, skill=SkillFactory(), level=3, must=True)
    OpportunitySkillFactory(opportunity=rich, skill=SkillFactory(), level=0, importance=3)
    bare = OpportunityFactory(
        in_review=True, source="board", external_id="x-7", hours_total=None, weeks=None,
        hours_per_week=None, pay_kind=None, pay_amount_minor=None, pay_currency="",
        schedule=None, hourly_minor=None, pay_days=None, response_days=None,
    )  # fmt: skip
    return [plain, rich, bare]


def exported(form):
    file = io.StringIO(newline="")
    {"csv": exporting.write_csv, "ndjson": exporting.write_ndjson}[form](
        Opportunity.objects.all(), file
    )
    return file.getvalue()


@pytest.mark.parametrize("form", ["ndjson", "csv"])
class TestRoundTrip:
    def test_reading_an_export_again_changes_nothing(self, form, catalogue, tmp_path):
        path = tmp_path / f"roles.{form}"
        path.write_text(exported(form), newline="")
        before = list(Opportunity.objects.order_by("id").values())

        report = import_opportunities(files.read(path), naming=Naming(source="x"), at=AT)

        assert report.bad == []
        assert counts(report) == (0, 0, 3, 0)
        after = list(Opportunity.objects.order_by("id").values())
        for row in before + after:
            del row["source_digest"]
        assert after == before

    def test_an_export_read_elsewhere_and_exported_again_is_the_same(
        self, form, catalogue, tmp_path
    ):
        path = tmp_path / f"roles.{form}"
        text = exported(form)
        path.write_text(text, newline="")
        Opportunity.objects.all().delete()

        report = import_opportunities(files.read(path), naming=Naming(source="x"), at=AT)

        assert report.bad == []
        assert counts(report) == (3, 0, 0, 0)
        assert exported(form) == text

    def test_the_command_writes_listed_roles_only(self, form, catalogue, tmp_path):
        path = tmp_path / f"roles.{form}"

        call_command("export_opportunities", path, format=form, stderr=io.StringIO())

        titles = [row.values["title"] for row in files.read(path)]
        assert titles == [role.title for role in catalogue[:2]]


def test_no_cell_of_a_csv_export_begins_like_a_formula():
    OpportunityFactory(title="=1+1", summary="+2", description="-3", place="@4", mentor_name="\t5")

    lines = exported("csv").splitlines()

    for cell in ("'=1+1", "'+2", "'-3", "'@4", "'\t5"):
        assert f",{cell}," in lines[1]
