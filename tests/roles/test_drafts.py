from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from opportunities.core.ranges import ranges_of
from opportunities.roles import drafts
from opportunities.roles.drafts import durations, read, restated, submission_faults
from opportunities.roles.models import Opportunity
from tests.factories import (
    DeliverableFactory,
    ExchangeRateFactory,
    OpportunityFactory,
    OpportunitySkillFactory,
    QuestionFactory,
)

NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)

COMPLETE = {
    "title": "Survey analyst",
    "format": "micro_internship",
    "description": "You count the answers of a survey and write four pages.",
    "mode": "remote",
    "hours_total": 20,
    "weeks": 2,
    "pay_kind": "fixed_fee",
    "pay_amount": "400.00",
    "pay_currency": "GBP",
    "apply_by": "2027-02-01",
}


def codes(values: dict[str, object]) -> set[tuple[str, str]]:
    return {(fault.field, fault.code) for fault in read(values).faults}


class TestRead:
    def test_reads_a_complete_draft_without_a_fault(self) -> None:
        reading = read(COMPLETE)

        assert reading.faults == []
        assert reading.columns["pay_amount_minor"] == 40_000
        assert reading.columns["apply_by"] == date(2027, 2, 1)

    def test_a_draft_needs_only_a_title_and_a_format(self) -> None:
        assert codes({}) == {("title", "required"), ("format", "required")}
        assert codes({"title": "Editor", "format": "gigternship"}) == set()

    @pytest.mark.parametrize(
        ("name", "value", "code"),
        [
            ("status", "open", "unknown_field"),
            ("employer", 7, "unknown_field"),
            ("hourly_minor", 9000, "unknown_field"),
            ("title", 7, "not_text"),
            ("title", "x" * 121, "too_long"),
            ("title", "x" * 100_000, "too_long"),
            ("description", "a\x00b", "unreadable_characters"),
            ("description", "a\ud800b", "unreadable_characters"),
            ("hours_total", "many", "not_a_number"),
            ("hours_total", True, "not_a_number"),
            ("hours_total", float("nan"), "not_a_number"),
            ("hours_total", float("inf"), "not_a_number"),
            ("hours_total", 10**4000, "not_a_number"),
            ("hours_total", 4001, "out_of_range"),
            ("hours_total", 0, "out_of_range"),
            ("capacity", 1.5, "not_whole"),
            ("capacity", 0, "out_of_range"),
            ("hands_on", 1.01, "out_of_range"),
            ("format", "job", "unknown_choice"),
            ("schedule", ["fixed"], "unknown_choice"),
            ("steps", ["interview", "dance"], "unknown_choice"),
            ("steps", "interview", "not_a_list"),
            ("apply_by", "2027-02-30", "not_a_date"),
            ("apply_by", "tomorrow", "not_a_date"),
            ("apply_by", 20270201, "not_a_date"),
            ("apply_by", "9999-01-01", "out_of_range"),
            ("credit", "yes", "not_a_flag"),
            ("country", "gb", "malformed"),
            ("language", "English", "malformed"),
            ("pay_currency", "XXX", "unknown_choice"),
            ("pay_amount", "1.999", "too_many_decimals"),
            ("pay_amount", -1, "out_of_range"),
            ("pay_max", "399", "below_lower_end"),
            ("apply_url", "http://example.org", "not_an_address"),
            ("apply_url", "javascript:alert(1)", "not_an_address"),
            ("deliverables", "one", "not_a_list"),
            ("deliverables", [{"title": "A"}] * 21, "too_many"),
            ("skills", [{"name": "python"}, {"name": "python"}], "twice"),
            ("questions", [{"text": "Why?"}] * 4, "too_many"),
        ],
    )
    def test_refuses_an_answer_naming_the_field_and_the_rule(
        self, name: str, value: object, code: str
    ) -> None:
        assert codes({**COMPLETE, name: value}) == {(name, code)}

    @pytest.mark.parametrize(
        ("name", "entry", "where", "code"),
        [
            ("deliverables", 7, "deliverables.0", "not_an_object"),
            ("deliverables", {}, "deliverables.0.title", "required"),
            ("deliverables", {"title": "A", "price": 1}, "deliverables.0.price", "unknown_field"),
            ("questions", {"text": "x" * 301}, "questions.0.text", "too_long"),
            ("questions", {"text": "Why?", "minutes": 0}, "questions.0.minutes", "out_of_range"),
            ("skills", {"name": "python", "level": 5}, "skills.0.level", "out_of_range"),
            ("skills", {"name": "python", "must": 1}, "skills.0.must", "not_a_flag"),
        ],
    )
    def test_refuses_an_entry_of_a_part_naming_its_place(
        self, name: str, entry: object, where: str, code: str
    ) -> None:
        assert codes({**COMPLETE, name: [entry]}) == {(where, code)}

    def test_skills_without_a_name_are_not_called_the_same(self) -> None:
        faults = codes({**COMPLETE, "skills": [{"level": 1}, {"level": 2}]})

        assert faults == {("skills.0.name", "required"), ("skills.1.name", "required")}

    def test_an_entry_without_its_name_may_be_left_out(self) -> None:
        [fault] = read({**COMPLETE, "deliverables": [{"done_means": "It is merged."}]}).faults

        assert fault.field == "deliverables.0.title"
        assert fault.detail == "Fill this in, or leave the whole entry empty."

    def test_an_amount_names_its_currency(self) -> None:
        assert codes({**COMPLETE, "pay_currency": ""}) == {("pay_currency", "required")}

    def test_a_yen_has_no_decimals(self) -> None:
        values = {**COMPLETE, "pay_currency": "JPY", "pay_amount": "5000"}

        assert read(values).columns["pay_amount_minor"] == 5000

    def test_six_questions_are_an_internships(self) -> None:
        values = {**COMPLETE, "format": "internship", "questions": [{"text": "Why?"}] * 6}

        assert codes(values) == set()

    def test_every_range_of_the_model_is_found(self) -> None:
        ranges = ranges_of(Opportunity)

        assert ranges["hours_total"] == (0.5, 4000)
        assert ranges["capacity"] == (1, 1000)


class TestSubmission:
    def faults(self, **changes: object) -> set[tuple[str, str]]:
        values = {**COMPLETE, **changes}
        return {(fault.field, fault.code) for fault in submission_faults(values, today=NOW.date())}

    def test_a_complete_draft_may_be_submitted(self) -> None:
        assert self.faults() == set()

    @pytest.mark.parametrize(
        ("changes", "expected"),
        [
            ({"description": ""}, {("description", "required")}),
            ({"weeks": None}, {("weeks", "required")}),
            ({"weeks": None, "hours_per_week": 10}, set()),
            ({"hours_total": None, "hours_per_week": 10}, set()),
            ({"pay_kind": None}, {("pay_kind", "required")}),
            ({"pay_amount": None}, {("pay_amount", "required")}),
            ({"pay_kind": "unpaid", "pay_amount": None, "pay_currency": ""}, set()),
            ({"pay_kind": "unpaid"}, {("pay_amount", "unpaid")}),
            ({"mode": "onsite"}, {("place", "required"), ("country", "required")}),
            ({"mode": "onsite", "place": "Leeds", "country": "GB"}, set()),
            ({"apply_by": None}, {("apply_by", "required")}),
            ({"apply_by": NOW.date()}, set()),
            ({"apply_by": NOW.date() - timedelta(days=1)}, {("apply_by", "past")}),
            ({"apply_by": NOW.date() + timedelta(days=180)}, set()),
            ({"apply_by": NOW.date() + timedelta(days=181)}, {("apply_by", "too_far")}),
            ({"start_latest": "2026-12-01"}, {("start_latest", "past")}),
        ],
    )
    def test_says_what_is_missing(self, changes: dict, expected: set) -> None:
        assert self.faults(**changes) == expected


class TestDurations:
    @pytest.mark.parametrize(
        "stated",
        [
            {"hours_total": 20, "weeks": 2},
            {"hours_total": 20, "hours_per_week": 10},
            {"weeks": 2, "hours_per_week": 10},
        ],
    )
    def test_any_two_give_the_third(self, stated: dict[str, float]) -> None:
        assert durations(stated) == {"hours_total": 20, "weeks": 2, "hours_per_week": 10}

    def test_one_alone_stays_alone(self) -> None:
        assert durations({"weeks": 2}) == {"weeks": 2}

    def test_a_third_out_of_range_is_left_out(self) -> None:
        assert durations({"hours_total": 16, "weeks": 0.1})["hours_per_week"] is None

    @pytest.mark.parametrize(
        ("changed", "left"),
        [
            (["title"], {"hours_total", "weeks", "hours_per_week"}),
            (["weeks"], {"hours_total", "weeks"}),
            (["hours_total"], {"hours_total", "weeks"}),
            (["hours_per_week"], {"weeks", "hours_per_week"}),
            (["weeks", "hours_per_week"], {"weeks", "hours_per_week"}),
            (
                ["weeks", "hours_total", "hours_per_week"],
                {"hours_total", "weeks", "hours_per_week"},
            ),
        ],
    )
    def test_restating_one_forgets_what_followed_from_it(
        self, changed: list[str], left: set[str]
    ) -> None:
        values = {"hours_total": 20, "weeks": 2, "hours_per_week": 10}

        kept = restated(values, dict.fromkeys(changed, 3))
        assert {name for name in values if kept[name] is not None} == left

    def test_a_duration_that_is_still_not_stated_leaves_the_others(self) -> None:
        values = {"hours_total": 25, "weeks": 3}

        unstated = {"hours_per_week": None}

        assert restated(values, unstated) == values | unstated


@pytest.mark.django_db
class TestDerive:
    def test_fills_kind_duration_and_hourly_pay(self) -> None:
        role = Opportunity(
            format="internship", hours_total=400, weeks=10, pay_kind="stipend_month",
            pay_amount_minor=260_000, pay_currency="GBP",
        )  # fmt: skip

        drafts.derive(role)

        assert role.kind == "internship"
        assert role.hours_per_week == 40
        assert role.hourly_minor == 1500

    def test_takes_hourly_pay_into_the_sites_currency(self) -> None:
        ExchangeRateFactory(currency="EUR", rate=Decimal("0.8"))
        role = Opportunity(
            format="micro_internship", pay_kind="hourly", pay_amount_minor=2000, pay_currency="EUR"
        )

        assert drafts.derive(role).hourly_minor == 1600

    def test_without_a_rate_the_hourly_pay_is_not_known(self) -> None:
        role = Opportunity(
            format="micro_internship", pay_kind="hourly", pay_amount_minor=2000, pay_currency="CHF"
        )

        assert drafts.derive(role).hourly_minor is None


@pytest.mark.django_db
def test_what_a_stored_role_says_reads_back_as_itself() -> None:
    role = OpportunityFactory()
    DeliverableFactory(opportunity=role)
    QuestionFactory(opportunity=role)
    OpportunitySkillFactory(opportunity=role)

    reading = read(drafts.values_of(role))

    assert reading.faults == []
    assert {name: getattr(role, name) for name in reading.columns} == reading.columns
    assert {name: len(parts) for name, parts in reading.parts.items()} == {
        "deliverables": 1,
        "questions": 1,
        "skills": 1,
    }
