"""One fault has one code, whoever sends it: a page, a program, a file or a record for matching."""

import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import translation
from rest_framework.test import APIClient

from matching.files.parse import BadField, candidate_from, opportunity_from
from opportunities.candidates import profiles
from opportunities.core import form_fields
from opportunities.core.errors import Invalid
from opportunities.core.forms import Written
from opportunities.core.validation import (
    COUNTRY,
    FOREIGN_CODES,
    LANGUAGE,
    SENTENCES,
    ByName,
    Day,
    Each,
    Name,
    Parts,
    Refused,
    StrictNumber,
    Text,
    read_each,
    size_code,
)
from opportunities.employers.operations import FIELDS
from opportunities.importing.columns import Naming
from opportunities.importing.convert import convert
from opportunities.importing.rows import Record
from opportunities.roles import drafts
from tests.factories import ApplicationFactory, CandidateProfileFactory, UserFactory
from tests.roles.test_drafts import COMPLETE

NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)


def of_a_draft(**values: Any) -> set[tuple[str, str]]:
    return {(fault.field, fault.code) for fault in drafts.read(COMPLETE | values).faults}


def of_a_file(**values: Any) -> set[tuple[str, str]]:
    record = Record(1, {"title": "Data intern", "org": "Acme", **values})
    bad = convert(record, Naming(source="test"), currency="GBP").bad
    return {(row.field, row.code) for row in bad}


def of_a_record(**values: Any) -> set[tuple[str, str]]:
    with pytest.raises(BadField) as refused:
        opportunity_from({"id": 1, **values})
    return {(refused.value.name, refused.value.code)}


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("hours_per_week", 10_000, "out_of_range"),
        ("task_areas", 1.5, "not_whole"),
        ("hours_total", {"a": 1}, "not_a_number"),
        ("steps", 7, "not_a_list"),
    ],
)
def test_a_role_that_is_wrong_is_wrong_by_the_same_code_everywhere(
    name: str, value: Any, code: str
) -> None:
    assert of_a_draft(**{name: value}) == {(name, code)}
    assert of_a_file(**{name: value}) == {(name, code)}
    assert of_a_record(**{name: value}) == {(name, code)}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("goal", 2, "out_of_range"),
        ("age_ok", 1.5, "not_whole"),
        ("enrolled", 1, "not_a_flag"),
        ("modes", "remote", "not_a_list"),
        ("modes", ["by pigeon"], "unknown_choice"),
        ("available_from", "May", "not_a_date"),
    ],
)
def test_a_profile_that_is_wrong_is_wrong_by_the_same_code_everywhere(
    name: str, value: Any, code: str
) -> None:
    profile = CandidateProfileFactory()
    client = APIClient()
    client.force_authenticate(UserFactory())

    with pytest.raises(Invalid) as changed:
        profiles.change(owner=profile.user, facts={name: value}, at=NOW)
    with pytest.raises(BadField) as read:
        candidate_from({"id": 1, name: value})
    sent = client.put("/api/v1/profile", {name: value}, format="json")
    asked = client.post("/api/v1/match-runs", {"profile": {name: value}}, format="json")

    assert [(fault.field, fault.code) for fault in changed.value.faults] == [(name, code)]
    assert (read.value.name, read.value.code) == (name, code)
    assert [(fault["pointer"], fault["code"]) for fault in sent.json()["errors"]] == [
        (f"#/{name}", code)
    ]
    assert [(fault["pointer"], fault["code"]) for fault in asked.json()["errors"]] == [
        (f"#/profile/{name}", code)
    ]


@pytest.mark.django_db
def test_the_frameworks_own_fields_answer_with_the_same_codes() -> None:
    client = APIClient()
    client.force_authenticate(UserFactory())

    answer = client.post("/api/v1/alerts", {"query": "q=a", "name": None}, format="json")

    assert answer.status_code == 422
    assert {fault["code"] for fault in answer.json()["errors"]} == {"required"}
    assert set(FOREIGN_CODES.values()) <= {*SENTENCES, "too_many_decimals"}


def test_no_fault_has_a_code_of_another_dialect() -> None:
    old = re.compile(r'Fault\([^,]+, "(length|count|unknown|address|decimals|type|wrong_type)"')
    product = [
        path
        for folder in ("config", "matching", "opportunities")
        for path in Path(settings.BASE_DIR, folder).rglob("*.py")
    ]

    assert [str(path) for path in product if old.search(path.read_text())] == []
    assert len(product) > 300


class TestKinds:
    def test_every_part_that_is_wrong_is_named_at_its_place(self) -> None:
        parts = Parts({"title": Text(5), "hours": StrictNumber(0, 9)}, required="title", most=3)

        _, refused = read_each({"parts": parts}, {"parts": [{"title": "a"}, {"hours": 10}, 7]})

        assert [(r.fault().field, r.code) for r in refused] == [
            ("parts.1.hours", "out_of_range"),
            ("parts.1.title", "required"),
            ("parts.2", "not_an_object"),
        ]

    def test_a_name_that_no_field_has_is_refused_and_shown_in_part(self) -> None:
        _, refused = read_each({}, {"x" * 100: 1})

        assert refused[0].fault()[:2] == ("x" * 40, "unknown_field")

    @pytest.mark.parametrize(
        ("kind", "raw", "code"),
        [
            (StrictNumber(0, 1), "1", "not_a_number"),
            (StrictNumber(0, 1), float("nan"), "out_of_range"),
            (StrictNumber(0, 9, above=True), 0, "not_above"),
            (Day(date(2020, 1, 1), date(2030, 1, 1)), "2031-01-01", "out_of_range"),
            (Each(Name(3), most=1), ["a", "b"], "too_many"),
            (Each(Name(3), most=9, least=1), [], "too_few"),
            (ByName(Name(3), StrictNumber(0, 1), most=9), {"long name": 1}, "too_long"),
            (Name(3, empty=False), "", "required"),
        ],
    )
    def test_refuse_with_a_code_that_has_a_sentence(self, kind: Any, raw: Any, code: str) -> None:
        with pytest.raises(Refused) as refused:
            kind(raw)

        assert refused.value.code == code
        assert code in SENTENCES
        assert "{" not in str(refused.value)

    def test_say_what_is_wrong_with_a_size(self) -> None:
        assert [size_code(""), size_code("long"), size_code([1])] == [
            "required", "too_long", "too_many",
        ]  # fmt: skip


def test_a_refusal_writes_numbers_as_its_reader_does():
    def said(**values):
        return {fault.field: fault.detail for fault in drafts.read(COMPLETE | values).faults}

    assert said(weeks=-2)["weeks"] == "This must lie between 0.1 and 104."
    assert said(pay_amount="-3")["pay_amount"] == "An amount lies between 0 and £100,000,000."
    with translation.override("de"):
        assert said(weeks=-2)["weeks"] == "Das muss zwischen 0,1 und 104 liegen."


@pytest.mark.parametrize(
    ("language", "most", "one_more"), [("en-gb", "4,000", "4,001"), ("de", "4.000", "4.001")]
)
class TestALimitIsWrittenAsItIsBesideTheBox:
    def test_in_the_refusal_of_a_kind(self, language, most, one_more):
        with translation.override(language), pytest.raises(Refused, match=re.escape(most)):
            Text(4_000)("x" * 4_001)
        with translation.override(language), pytest.raises(Refused, match=re.escape(most)):
            StrictNumber(0, 4_000)(-1)

    @pytest.mark.parametrize("box", [form_fields.text("", most=4_000), Written(max_length=4_000)])
    def test_in_the_refusal_of_a_box(self, language, most, one_more, box):
        with translation.override(language), pytest.raises(ValidationError) as refused:
            box.clean("x" * 4_001)
        with translation.override(language):
            said = refused.value.messages[0]
        assert most in said
        assert one_more in said

    def test_in_the_refusal_of_an_operation(self, language, most, one_more):
        with translation.override(language):
            assert most in translation.gettext("A message has 1 to 4,000 characters.")


@pytest.mark.django_db
def test_the_frameworks_own_fields_write_limits_as_the_kit_does():
    application = ApplicationFactory()
    client = APIClient()
    client.force_authenticate(application.profile.user)

    answer = client.post(
        f"/api/v1/applications/{application.public_id}/messages", {"text": "x" * 4_001}
    )

    (fault,) = answer.json()["errors"]
    assert fault["code"] == "too_long"
    assert "4,000" in fault["detail"]


class TestACode:
    @pytest.mark.parametrize("code", ["UK", "XX", "EU", "ZZ", "AC"])
    def test_of_no_country_is_refused(self, code: str) -> None:
        with pytest.raises(Refused, match=f"There is no code “{code}”"):
            COUNTRY(code)

    @pytest.mark.parametrize("code", ["xx", "sh", "jp", "xx-GB", "en-XX", "en-UK"])
    def test_of_no_language_is_refused(self, code: str) -> None:
        with pytest.raises(Refused, match=f"There is no code “{code}”"):
            LANGUAGE(code)

    @pytest.mark.parametrize(
        ("kind", "code"), [(COUNTRY, "GB"), (COUNTRY, "AX"), (LANGUAGE, "la"), (LANGUAGE, "de-AT")]
    )
    def test_that_exists_is_taken(self, kind: Any, code: str) -> None:
        assert kind(code) == code

    def test_that_means_another_names_that_one(self) -> None:
        with pytest.raises(Refused, match=r"There is no code “UK”\. Write GB\."):
            COUNTRY("UK")
        with pytest.raises(Refused, match=r"There is no code “en-UK”\. Write en-GB\."):
            LANGUAGE("en-UK")

    @pytest.mark.django_db
    def test_is_refused_at_its_field_of_a_role_an_employer_and_a_profile(self) -> None:
        assert of_a_draft(country="UK", language="xx", work_rights="XX") == {
            ("country", "another_code"),
            ("language", "no_such_code"),
            ("work_rights", "no_such_code"),
        }
        assert read_each(FIELDS, {"country": "XX"})[1][0].fault()[:2] == ("country", "no_such_code")
        with pytest.raises(Invalid) as refused:
            profiles.change(
                owner=CandidateProfileFactory().user, facts={"rights": ["GB", "UK"]}, at=NOW
            )
        assert [fault[:2] for fault in refused.value.faults] == [("rights", "another_code")]


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "At most 2,000 characters."), ("de", "Höchstens 2.000 Zeichen.")],
)
def test_a_limit_is_written_as_the_language_writes_numbers(language, said):
    with translation.override(language), pytest.raises(Refused) as refused:
        Text(2000)("a" * 2001)

    assert str(refused.value) == said
