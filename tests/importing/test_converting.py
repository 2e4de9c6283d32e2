"""One record, its typed facts and its faults; no database."""

import re
from datetime import date

import pytest

from opportunities.core.rendering import rendered
from opportunities.importing.columns import Naming, read_naming
from opportunities.importing.convert import convert
from opportunities.importing.files import Unreadable
from opportunities.importing.rows import Record
from tests.importing.reading import read_one


def role_of(values, naming=None, **more):
    naming = naming or Naming(source="test")
    record = Record(1, {"title": "Data intern", "org": "Acme", **values, **more})
    role = convert(record, naming, currency="GBP")
    assert role.bad == []
    return role


def faults_of(**values):
    record = Record(7, {"title": "Data intern", "org": "Acme", **values})
    bad = convert(record, Naming(source="test"), currency="GBP").bad
    assert all(row.line == 7 for row in bad)
    return [(row.field, row.reason) for row in bad]


class TestABoardsWords:
    def test_an_indian_board(self):
        role = role_of(
            {
                "Profile": "Marketing",
                "Duration": "6 Months",
                "Stipend": "\u20b9 5,000-10,000 /month",
                "Start Date": "Immediately",
                "Location": "Work from home",
                "Number of openings": "3",
                "Apply By": "12 Jan' 27",
                "Skill(s) required": "SEO, Content Writing",
            }
        )

        facts = role.values
        assert facts["weeks"] == 26
        assert facts["hours_total"] is None
        assert facts["pay_kind"] == "stipend_month"
        assert (facts["pay_amount_minor"], facts["pay_max_minor"]) == (500_000, 1_000_000)
        assert facts["pay_currency"] == "INR"
        assert facts["start_earliest"] is None
        assert facts["mode"] == "remote"
        assert facts["capacity"] == 3
        assert facts["apply_by"] == date(2027, 1, 12)
        assert facts["format"] == "internship"
        assert [each["name"] for each in role.parts["skills"]] == ["SEO", "Content Writing"]
        # Two columns name the role: the first is taken, both are kept.
        assert role.unparsed == {"start": "Immediately", "title": "Data intern; Marketing"}

    def test_an_american_board(self):
        role = role_of(
            {
                "compensation": "$20/hr",
                "hours per week": "10 hrs/week",
                "duration": "12 weeks",
                "location": "New York, NY (Hybrid)",
            }
        )

        facts = role.values
        assert (facts["pay_kind"], facts["pay_amount_minor"]) == ("hourly", 2_000)
        assert facts["pay_currency"] == "USD"
        assert (facts["weeks"], facts["hours_per_week"], facts["hours_total"]) == (12, 10, 120)
        assert (facts["mode"], facts["place"], facts["country"]) == ("hybrid", "New York, NY", "US")

    @pytest.mark.parametrize("words", ["Performance based", "Negotiable", "300", "up to $9/hr"])
    def test_pay_that_is_not_sure_stays_unstated_and_its_words_are_kept(self, words):
        role = role_of({"stipend": words})

        assert role.values["pay_kind"] is None
        assert role.values["pay_amount_minor"] is None
        assert role.unparsed == {"pay": words}

    @pytest.mark.parametrize(
        "stipend",
        [
            {"min": 5000, "max": 10000, "currency": "INR", "period": "month"},
            {"currency": "INR", "value": {"minValue": 5000, "maxValue": "10,000",
                                          "unitText": "MONTH"}},
        ],
    )  # fmt: skip
    def test_an_amount_written_as_an_object_is_read_like_words(self, stipend):
        facts = role_of({"stipend": stipend}).values

        assert (facts["pay_kind"], facts["pay_currency"]) == ("stipend_month", "INR")
        assert (facts["pay_amount_minor"], facts["pay_max_minor"]) == (500_000, 1_000_000)

    def test_a_range_in_two_columns_is_read_with_its_kind(self):
        facts = role_of({"Salary Min": "10", "Salary Max": "12", "Pay period": "per hour"}).values

        assert (facts["pay_kind"], facts["pay_amount_minor"], facts["pay_max_minor"]) == (
            "hourly", 1_000, 1_200,
        )  # fmt: skip

    def test_words_under_a_typed_name_are_read_as_well(self):
        role = role_of(
            {"weeks": "2-3 weeks", "hours_per_week": "20 hours", "pay_amount": "300 fixed"}
        )

        assert (role.values["weeks"], role.values["hours_per_week"]) == (3, 20)
        assert (role.values["pay_kind"], role.values["pay_amount_minor"]) == ("fixed_fee", 30_000)
        assert role.unparsed == {"weeks": "2-3 weeks"}

    def test_what_no_word_list_knows_is_kept_as_it_stands(self):
        role = role_of(
            {
                "schedule": "nine to five",
                "field": "Underwater basketry",
                "steps": ["resume", "séance"],
                "deliverables": 3,
                "apply_by": "15 June",
            }
        )

        assert role.values["schedule"] is None
        assert role.values["field"] == ""
        assert role.values["steps"] is None
        assert role.parts["deliverables"] == []
        assert role.values["apply_by"] is None
        assert role.unparsed == {
            "schedule": "nine to five",
            "field": "Underwater basketry",
            "steps": "resume, séance",
            "deliverables": "3",
            "apply_by": "15 June",
        }

    def test_html_becomes_words_with_their_paragraphs_and_lists(self):
        role = role_of({"description": "<p>Read &amp; write.</p><ul><li>One</li><li>Two</li></ul>"})

        assert role.values["description"] == "Read & write.\n\n- One\n- Two"


class TestTypedFields:
    def test_names_and_units_are_those_of_the_model(self):
        role = role_of(
            {
                "id": "r1",
                "format": "micro_apprenticeship",
                "field": "data",
                "hours_total": 20,
                "weeks": 2,
                "start_earliest": "2027-01-04",
                "start_latest": "2027-02-01",
                "schedule": "flexible",
                "mode": "onsite",
                "region": "london",
                "pay_kind": "fixed_fee",
                "pay_amount": "300.50",
                "pay_currency": "EUR",
                "credit": True,
                "skills": [{"name": "python", "level": 0, "importance": 3, "must": True}],
                "public_works": 1,
                "task_areas": 2,
                "hands_on": 0.75,
                "mentor_minutes_per_week": 45,
                "contacts": 3,
                "steps": ["profile", "work_sample"],
                "evidence": ["certificate"],
                "capacity": 2,
                "holistic": 0.2,
                "requires_enrolment": True,
                "min_age": 16,
                "work_rights": "GB",
                "deliverables": [{"title": "A report", "publishable": True}],
                "questions": ["Why?"],
            }
        )

        facts = role.values
        assert role.external_id == "r1"
        assert facts["kind"] == "micro"
        assert facts["hours_per_week"] == 10
        assert facts["pay_amount_minor"] == 30_050
        assert facts["start_latest"] == date(2027, 2, 1)
        assert facts["hands_on"] == 0.75
        assert facts["steps"] == ["profile", "work_sample"]
        assert facts["evidence"] == ["certificate"]
        assert facts["work_rights"] == "GB"
        assert tuple(role.parts["skills"][0].values()) == ("python", 0, 3, True)
        assert tuple(role.parts["deliverables"][0].values()) == ("A report", "", True)
        assert tuple(role.parts["questions"][0].values()) == ("Why?", 5)
        assert role.unparsed == {}

    def test_a_role_without_an_id_is_known_by_its_words(self):
        one, same, other = (
            role_of({"description": text}) for text in ("Count.", "Count.", "Measure.")
        )

        assert one.external_id == same.external_id != other.external_id

    def test_a_row_is_another_where_its_file_means_another_currency(self):
        record = Record(1, {"title": "Data intern", "org": "Acme", "pay": "12 an hour"})
        pounds, same, euros = (
            convert(record, Naming(source="test"), currency=currency)
            for currency in ("GBP", "GBP", "EUR")
        )

        assert pounds.digest == same.digest != euros.digest

    @pytest.mark.parametrize(
        ("facts", "format_name"),
        [
            ({"hours_total": 20, "weeks": 2}, "micro_internship"),
            ({"hours_total": 120, "weeks": 3}, "short_burst_internship"),
            ({"hours_total": 400, "weeks": 10}, "internship"),
            ({"weeks": 26}, "internship"),
            ({"hours_total": 80}, "micro_internship"),
            ({"hours_total": 81}, "internship"),
            ({"weeks": 2}, "micro_internship"),
            ({"weeks": 3}, "internship"),
            ({"duration": "20 hours", "title": "Data task"}, "micro_internship"),
            ({"title": "Micro-internship in data"}, "micro_internship"),
            ({"kind": "Micro-internship"}, "micro_internship"),
            ({"title": "Data intern"}, "internship"),
            ({"title": "Research assistant"}, "internship"),
        ],
    )
    def test_a_role_without_a_format_takes_the_plain_one_of_its_duration(self, facts, format_name):
        assert role_of(facts).values["format"] == format_name


class TestWordsAboutScripts:
    @pytest.mark.parametrize(
        "facts",
        [
            {"description": "What you use:\n\n- JavaScript: some practice\n- CSS: a little"},
            {"description": "Check that every <form> has a label and every <svg> a title."},
            {"title": "JavaScript: beginner bug hunt"},
            {"description": "Explain onclick=, <script> and <iframe> to beginners."},
            {"summary": "You read data:text/html addresses aloud."},
        ],
    )
    def test_are_words_and_stay(self, facts):
        [(name, words)] = facts.items()

        assert role_of(facts).values[name] == words

    @pytest.mark.parametrize(
        ("sent", "kept"),
        [
            ('<p>Fix our docs.</p><link rel="stylesheet" href="x.css"><meta charset="utf-8">',
             "Fix our docs."),
            ("<p>Read.</p><script>alert(1)</script>", "Read."),
            ('<p>Read.</p><img src=x onerror="alert(1)">', "Read."),
            ("<p>Read.</p><iframe src=x></iframe>", "Read."),
        ],
    )  # fmt: skip
    def test_the_markup_of_a_page_is_left_out(self, sent, kept):
        assert role_of({"description": sent}).values["description"] == kept

    @pytest.mark.parametrize(
        "sent",
        ["<script>alert(1)</script>", '<svg onload="alert(1)">', "[x](javascript:alert(1))",
         "&lt;script&gt;alert(1)&lt;/script&gt;"],
    )  # fmt: skip
    def test_what_would_run_is_shown_as_words(self, sent):
        shown = rendered(role_of({"description": sent}).values["description"])

        assert not re.search(r"<(script|svg|iframe|img)|href=.javascript", shown)


class TestListsAndObjects:
    """Lists and objects where a field has one value: the first counts, and none is lost."""

    @pytest.mark.parametrize(
        ("stated", "name", "value", "kept"),
        [
            ({"category": ["Design"]}, "field", "design", {}),
            ({"category": ["Design", "Marketing"]}, "field", "design",
             {"field": "Design; Marketing"}),
            ({"employment_type": ["INTERN", "FULL_TIME"]}, "format", "internship",
             {"kind": "INTERN; FULL_TIME"}),
            ({"employment_type": ["FULL_TIME", "INTERN"]}, "format", "internship",
             {"kind": "FULL_TIME; INTERN"}),
            ({"description": ["One.", "Two."]}, "description", "One.\n\nTwo.", {}),
            ({"salary": ["£12 per hour", "£14 per hour"]}, "pay_kind", None,
             {"pay": "£12 per hour; £14 per hour"}),
            ({"salary": ["£12 per hour"]}, "pay_kind", "hourly", {}),
            ({"salary": {"note": "Competitive"}}, "pay_kind", None, {"pay": "Competitive"}),
            ({"country": {"name": "Ireland", "code": "IE"}}, "country", "IE", {}),
            ({"category": []}, "field", "", {}),
        ],
    )  # fmt: skip
    def test_in_a_row_of_json(self, stated, name, value, kept):
        role = read_one({"title": "Helper", "company": {"name": "Acme"}, **stated})

        assert role.org == "Acme"
        assert (role.values[name], role.unparsed) == (value, kept)


class TestFaults:
    @pytest.mark.parametrize(
        ("field", "value", "reason"),
        [
            ("title", None, "missing"),
            ("title", "=HYPERLINK(1)", "formula"),
            ("title", "@SUM(A1)", "formula"),
            ("title", "-2+3", "formula"),
            ("title", "x" * 121, "121 characters"),
            ("title", "Caf\udce9", "UTF-8"),
            ("title", "a\x00b", "cannot be shown"),
            ("title", "Label maker\x02 helper", "cannot be shown"),
            ("description", "You ar\x10chive.", "cannot be shown"),
            ("title", "Helper \u202eyenom", "cannot be shown"),
            ("summary", "\u2066a", "cannot be shown"),
            ("title", [{"a": 1}], "not a text"),
            ("title", {"a": 1}, "not a text"),
            ("title", "<b>Intern</b>", "markup"),
            ("description", "x" * 10_000_000, "10,000,000 characters"),
            ("hours_total", 1e9, "between 0.5 and 4000"),
            ("hours_total", "1000000000", "between"),
            ("hours_total", "1e9", "between"),
            ("hours_total", "1e9 hours", "between"),
            ("hours_total", "9" * 190, "between"),
            ("hours_total", -1, "between"),
            ("hours_total", "nan", "between"),
            ("hours_total", [20], "not a number"),
            ("hours_total", True, "not a number"),
            ("duration", "900 months", "between"),
            ("capacity", 2.5, "whole number"),
            ("capacity", 0, "between"),
            ("hands_on", 1.5, "between 0 and 1"),
            ("task_areas", 6, "between 1 and 5"),
            ("apply_by", "9999-12-31", "no date"),
            ("start_earliest", "2027-02-31", "no date"),
            ("apply_url", "javascript:alert(1)", "web address"),
            ("apply_url", "ftp://example.org/a", "web address"),
            ("skills", [{"name": "python", "level": 9}], "0 to 4"),
            ("skills", [{"colour": "red"}], "no object"),
            ("skills", ["x"] * 31, "at most 30"),
            ("skills", {"name": "python"}, "not a list"),
            ("pay", "1e12 fixed", "between"),
            ("unparsed", "x", "object"),
        ],
    )
    def test_each_names_its_field_and_the_rule(self, field, value, reason):
        found = faults_of(**{field: value})

        assert [name for name, _ in found] == [field]
        assert reason in found[0][1]

    def test_all_faults_of_a_row_are_named_at_once(self):
        found = faults_of(title="=1", hours_total=1e9, capacity=0)

        assert [name for name, _ in found] == ["title", "capacity", "hours_total"]

    def test_amounts_finer_than_the_currency_are_refused(self):
        found = faults_of(pay_kind="hourly", pay_amount="10.001", pay_currency="GBP")

        assert found == [("pay_amount", "10.001 has more decimals than GBP has.")]

    def test_ranges_that_run_backwards_are_refused(self):
        found = faults_of(
            start_earliest="2027-02-01", start_latest="2027-01-01",
            pay_kind="hourly", pay_amount=20, pay_max=10,
        )  # fmt: skip

        assert [name for name, _ in found] == ["start_latest", "pay_max"]


class TestJobPosting:
    def test_is_read_under_our_names(self):
        record = Record(
            1,
            {
                "@context": "https://schema.org",
                "@type": "JobPosting",
                "title": "Data intern",
                "description": "<p>Count things.</p>",
                "identifier": {"@type": "PropertyValue", "name": "Acme", "value": "A-7"},
                "hiringOrganization": {"@type": "Organization", "name": "Acme"},
                "employmentType": ["INTERN", "PART_TIME"],
                "validThrough": "2027-03-01T23:59:59+00:00",
                "jobLocation": {
                    "@type": "Place",
                    "address": {
                        "@type": "PostalAddress",
                        "addressLocality": "Leeds",
                        "addressCountry": "GB",
                    },
                },
                "baseSalary": {
                    "@type": "MonetaryAmount",
                    "currency": "GBP",
                    "value": {"@type": "QuantitativeValue", "minValue": 12.5, "maxValue": 14,
                              "unitText": "HOUR"},
                },
                "skills": [{"@type": "DefinedTerm", "name": "SQL"}, "Excel"],
                "totalJobOpenings": 2,
            },
        )  # fmt: skip

        role = convert(record, Naming(source="acme"), currency="USD")

        assert role.bad == []
        assert (role.external_id, role.org) == ("A-7", "Acme")
        facts = role.values
        assert facts["format"] == "internship"
        assert facts["description"] == "Count things."
        assert facts["apply_by"] == date(2027, 3, 1)
        assert (facts["mode"], facts["place"], facts["country"]) == ("onsite", "Leeds", "GB")
        assert (facts["pay_kind"], facts["pay_amount_minor"]) == ("hourly", 1_250)
        assert (facts["pay_max_minor"], facts["pay_currency"]) == (1_400, "GBP")
        assert facts["capacity"] == 2
        assert [each["name"] for each in role.parts["skills"]] == ["SQL", "Excel"]

    def test_telecommute_is_remote(self):
        record = Record(
            1,
            {
                "@type": "JobPosting",
                "title": "Data intern",
                "hiringOrganization": "Acme",
                "url": "https://example.org/jobs/1",
                "jobLocationType": "TELECOMMUTE",
                "applicantLocationRequirements": {"@type": "Country", "name": "USA"},
            },
        )

        role = convert(record, Naming(source="acme"), currency="USD")

        assert role.external_id == "https://example.org/jobs/1"
        assert (role.values["mode"], role.values["country"]) == ("remote", "US")


class TestMapping:
    def test_columns_and_constants(self, tmp_path):
        path = tmp_path / "m.json"
        path.write_text(
            '{"columns": {"Was": "title", "org": "Wer"}, "constants": {"weeks": 2,'
            ' "hours_total": 10}, "currency": "EUR", "dates": "day_first"}'
        )
        naming = read_naming(path)

        role = convert(
            Record(1, {"Was": "Intern", "Wer": "Acme", "Farbe": "rot", "apply_by": "03/04/2027"}),
            naming,
            currency="EUR",
        )

        assert role.bad == []
        assert (role.values["title"], role.org, role.values["weeks"]) == ("Intern", "Acme", 2)
        assert role.values["apply_by"] == date(2027, 4, 3)
        assert role.unread == ["Farbe"]

    def test_a_plain_object_is_read_as_the_columns(self, tmp_path):
        path = tmp_path / "m.json"
        path.write_text('{"Job": "title", "Firm": "org"}')

        assert read_naming(path).columns == {"Job": "title", "Firm": "org"}

    @pytest.mark.parametrize(
        "content",
        ["[1]", "{", '{"columns": {"A": "colour"}}', '{"columns": {}, "colour": 1}',
         '{"constants": {"colour": 1}}', '{"columns": {}, "dates": "backwards"}',
         '{"columns": [], "constants": {}}'],
    )  # fmt: skip
    def test_a_mapping_that_says_something_else_is_refused(self, tmp_path, content):
        path = tmp_path / "m.json"
        path.write_text(content)

        with pytest.raises(Unreadable):
            read_naming(path)
