"""Tables as people send them and the words of careers offices; wrong files. No database."""

from datetime import date, datetime, timedelta

import pytest

from opportunities.importing.columns import Naming
from opportunities.importing.convert import convert
from opportunities.importing.files import read
from tests.importing.reading import TODAY, facts, read_one
from tests.importing.spreadsheets import ods, xlsx

# --- Tables as people send them ---


class TestTables:
    @pytest.mark.parametrize(
        "content",
        [
            "sep=;\nTitle;Company;Location\nHelper;Acme;Leeds\n",
            '"sep=;"\r\nTitle;Company;Location\r\nHelper;Acme;Leeds\r\n',
            "SEP=|\nTitle|Company|Location\nHelper|Acme|Leeds\n",
            "sep=\t\nTitle\tCompany\tLocation\nHelper\tAcme\tLeeds\n",
            "\ufeffsep=,\nTitle,Company,Location\nHelper,Acme,Leeds\n",
            "Summer placements, 2027\n\nTitle,Company,Location\nHelper,Acme,Leeds\n",
            "Placements;;\nas of 1 November;;\nTitle;Company;Location\nHelper;Acme;Leeds\n",
            '"Roles, with their company\nand title"\nTitle,Company,Location\nHelper,Acme,Leeds\n',
        ],
    )
    def test_the_line_of_names_is_found(self, roles, content):
        (role,) = roles("roles.csv", content)

        assert (role.org, role.values["title"], role.values["place"]) == ("Acme", "Helper", "Leeds")

    @pytest.mark.parametrize(
        ("row", "org", "pay"),
        [("A,Acme,£12 per hour,", "Acme", "hourly"), ("A,Acme", "Acme", None), ("A,,", "", None)],
    )
    def test_cells_that_a_spreadsheet_dropped_are_empty(self, roles, row, org, pay):
        (role,) = roles("roles.csv", f"Title,Company,Pay,Notes\n{row}\n")

        assert (role.org, role.values["pay_kind"]) == (org, pay)

    @pytest.mark.parametrize(
        ("names", "cells", "kept"),
        [
            ("Title,Company,Hours,Hours", "A,Acme,10,20", {"commitment": "10; 20"}),
            ("Title,Company,Pay,Salary", "A,Acme,£9/hr,£10/hr", {"pay": "£9/hr; £10/hr"}),
            ("Title,Company,Type,Type", "A,Acme,Internship,Gig", {"kind": "Internship; Gig"}),
            ("Title,Company,Hours,Hours", "A,Acme,10,10", {}),
            ("Title,Company,Hours,Hours", "A,Acme,,10", {}),
        ],
    )
    def test_a_column_named_twice_loses_nothing(self, roles, names, cells, kept):
        (role,) = roles("roles.csv", f"{names}\n{cells}\n")

        assert role.unparsed == kept

    @pytest.mark.parametrize(
        ("column", "cell", "field", "value"),
        [
            ("Job Title*", "Helper", "title", "Helper"),
            ("Town / City", "Leeds", "place", "Leeds"),
            ("Where is it based?", "Leeds", "place", "Leeds"),
            ("Closing date (midday)", "31 January 2027", "apply_by", date(2027, 1, 31)),
            ("Length (weeks)", "6", "weeks", 6),
            ("Duration in weeks", "6", "weeks", 6),
            ("Duration (months)", "3", "weeks", 13),
            ("Hrs/wk", "21", "hours_per_week", 21),
            ("Hours p/w", "18-20", "hours_per_week", 20),
            ("Total hours", "24", "hours_total", 24),
            ("Weeks\tHours", "2\t49", "hours_total", 49),
            ("Weeks\tHours", "5\t20", "hours_per_week", 20),
            ("Weeks\tHours", "1\t30", "hours_total", 30),
            ("Weeks\tHours", "2\t20 hours", "hours_total", 20),
            ("Weeks\tWeekly hours", "2\t20", "hours_total", 40),
            ("Weeks\tWochenstunden", "2\t20", "hours_per_week", 20),
            ("Hours", "20", "hours_per_week", 20),
            ("Hourly rate (£)", "12.60", "pay_amount_minor", 1260),
            ("Hourly rate (£)", "£12.60", "pay_amount_minor", 1260),
            ("Salary (€ per month)", "450", "pay_amount_minor", 45_000),
            ("Annual salary", "£24,000", "pay_amount_minor", 200_000),
            ("Remote?", "Yes", "mode", "remote"),
            ("Wochenstunden", "20", "hours_per_week", 20),
            ("Bewerbungsschluss", "31.01.2027", "apply_by", date(2027, 1, 31)),
            ("Lieu de travail", "Lyon", "place", "Lyon"),
            ("Rémunération", "12 € de l'heure", "pay_amount_minor", 1200),
        ],
    )
    def test_names_of_columns_with_units_asides_and_other_words(
        self, roles, column, cell, field, value
    ):
        (role,) = roles("roles.tsv", f"Title\tCompany\t{column}\nHelper\tAcme\t{cell}\n")

        assert role.values[field] == value

    @pytest.mark.parametrize(
        ("column", "cell", "kept"),
        [
            ("Fee (GBP)", "300", {"pay": "300 GBP"}),
            ("Hours (total)", "24", {}),
            ("Start / end date", "1 June 2027", {}),
            ("Weeks\tHours", "2\t48", {"commitment": "48"}),
            ("Duration\tHours", "4 weeks\t10-12", {"commitment": "10-12"}),
        ],
    )
    def test_a_figure_whose_meaning_a_column_leaves_open_is_kept(self, roles, column, cell, kept):
        (role,) = roles("roles.tsv", f"Title\tCompany\t{column}\nHelper\tAcme\t{cell}\n")

        assert role.values["hours_per_week"] is None
        assert role.values["start_earliest"] is None
        assert role.unparsed == kept

    @pytest.mark.parametrize("names", ["Titel;Arbeitgeber;Ort", "Intitulé;Entreprise;Lieu"])
    def test_names_in_other_languages_make_a_line_of_names(self, roles, names):
        (role,) = roles("roles.csv", f"{names}\nHelfen;Acme;Ulm\n")

        assert (role.values["title"], role.org, role.values["place"]) == ("Helfen", "Acme", "Ulm")

    def test_a_line_of_sums_is_no_role(self, tmp_path):
        path = tmp_path / "roles.xlsx"
        path.write_bytes(xlsx([["No", "Title", "Company"], [1, "A", "Acme"], ["Total", 2.0]]))

        one, total = (convert(row, Naming(), currency="") for row in read(path))

        assert (one.values["title"], one.bad) == ("A", [])
        assert [(bad.field, bad.code) for bad in total.bad] == [("title", "no_title")]

    def test_two_columns_of_text_become_one_text(self, roles):
        (role,) = roles("roles.csv", "Title,About,Responsibilities\nA,The firm.,The tasks.\n")

        assert role.values["description"] == "The firm.\n\nThe tasks."

    ROWS = [
        ["Placements 2027", None, None, None],
        ["Title", "Company", "Pay", "Closing date"],
        ["Helper", "Acme", "£12 per hour", date(2027, 1, 31)],
        ["Helper two", "Acme", 0, None],
    ]  # fmt: skip

    @pytest.mark.parametrize("name", ["roles.xlsx", "roles", "roles.csv", "roles.ods"])
    def test_spreadsheets(self, roles, name):
        notes = [["Read me first"], ["Ask the careers office"]]
        content = ods(self.ROWS) if name.endswith("ods") else xlsx(notes, self.ROWS)

        first, second = roles(name, content)

        assert facts(first, "title", "pay_amount_minor", "apply_by") == (
            "Helper", 1_200, date(2027, 1, 31),
        )  # fmt: skip
        assert facts(second, "title", "pay_kind") == ("Helper two", "unpaid")

    def test_hidden_sheets_are_left_alone(self, roles):
        last_year = [["Title", "Company"], ["Old helper", "Acme"]]

        found = roles("roles.xlsx", xlsx(last_year, self.ROWS, last_year, hidden={1, 3}))

        assert [role.values["title"] for role in found] == ["Helper", "Helper two"]

    def test_a_merged_cell_counts_for_all_its_rows(self, roles):
        rows = [["Title", "Company"], ["A", "Acme"], ["B", None], ["C", None], ["D", "Other"]]

        found = roles("roles.xlsx", xlsx(rows, merged="B2:B4"))

        assert [role.org for role in found] == ["Acme", "Acme", "Acme", "Other"]

    @pytest.mark.parametrize("share", [0.6, "60%", "60 %", "0.60", "0,6"])
    def test_a_share_is_a_number_or_a_percentage(self, roles, share):
        (role,) = roles("roles.xlsx", xlsx([["Title", "hands_on"], ["A", share]]))

        assert role.values["hands_on"] == 0.6


class TestDatesInFigures:
    """11/01/2027 is a day of January or of November: another date of its file tells."""

    JANUARY, NOVEMBER = date(2027, 1, 11), date(2027, 11, 1)
    SHOWN = [("20/12/2026", JANUARY), ("12/20/2026", NOVEMBER)]

    def read(self, roles, names, *rows, form="csv", naming=None):
        """Return the roles of a table; of a CSV a title is all that a row needs beside these."""
        lines = [["Title", *names], *([f"Role {n}", *row] for n, row in enumerate(rows))]
        write = {"csv": _csv, "xlsx": xlsx, "ods": ods}[form]
        return roles(f"roles.{form}", write(lines), naming)

    @pytest.mark.parametrize("form", ["csv", "xlsx", "ods"])
    @pytest.mark.parametrize(("shown", "day"), SHOWN)
    @pytest.mark.parametrize("is_first", [True, False])
    def test_a_row_settles_the_order_for_its_column(self, roles, form, shown, day, is_first):
        cells = [[shown], ["11/01/2027"]] if is_first else [["11/01/2027"], [shown]]

        found = self.read(roles, ["Closing date"], *cells, form=form)

        assert {role.values["apply_by"] for role in found} == {day, date(2026, 12, 20)}
        assert [role.unparsed for role in found] == [{}, {}]

    @pytest.mark.parametrize(
        ("column", "field", "cell", "shown"),
        [
            ("Closing date", "apply_by", "11-01-2027", "20-12-2026"),
            ("Closing date", "apply_by", "Mon 11/01/2027 at 17:00", "by 20/12/2026"),
            ("Start date", "start_earliest", "w/c 11/01/2027", "20/12/2026"),
            ("Start date", "start_earliest", "11/01/2027", "w/c 21/12/2026"),
            ("Start date", "start_earliest", "11/01/2027 - 15/01/2027", ""),
            (
                "Start date",
                "start_earliest",
                "11/01/2027 to 02/03/2027",
                "20/12/2026 to 02/01/2027",
            ),
        ],
    )
    def test_in_whatever_words_it_stands(self, roles, column, field, cell, shown):
        role = self.read(roles, [column], [cell], [shown])[0]

        assert (role.values[field], role.unparsed) == (self.JANUARY, {})

    @pytest.mark.parametrize(
        "cells",
        [
            ["11/01/2027"],
            ["11/01/2027", "20/12/2026", "12/20/2026"],
            ["11/01/2027", "05/05/2027", "20.12.2026", "2026-12-20", "20 December 2026"],
            ["11/01/2027", "20/20/2026", "see 20/12/2026 in the handbook"],
        ],
        ids=["alone", "both", "no order", "no date"],
    )
    def test_nothing_is_settled_where_nothing_or_both_is_shown(self, roles, cells):
        role = self.read(roles, ["Closing date"], *([cell] for cell in cells))[0]

        assert (role.values["apply_by"], role.unparsed) == (None, {"apply_by": "11/01/2027"})

    @pytest.mark.parametrize(("shown", "day"), SHOWN)
    def test_another_column_settles_it_and_the_row_says_so(self, roles, shown, day):
        names = ["Closing date", "Posted"]
        role, sure = self.read(roles, names, ["11/01/2027", ""], ["2027-02-03", shown])

        order = "day first" if day == self.JANUARY else "month first"
        assert role.values["apply_by"] == day
        assert role.unparsed == {"apply_by": f"11/01/2027 ({order}, as other columns have it)"}
        assert (sure.values["apply_by"], sure.unparsed) == (date(2027, 2, 3), {})

    def test_a_column_goes_by_its_own_dates_before_those_of_others(self, roles):
        names = ["Closing date", "Start date", "start_latest"]
        role, _ = self.read(
            roles, names, ["11/01/2027", "02/03/2027", "04/05/2027"], ["20/12/2026", "12/20/2026"]
        )

        assert facts(role, "apply_by", "start_earliest", "start_latest") == (
            self.JANUARY, date(2027, 2, 3), None,
        )  # fmt: skip
        assert role.unparsed == {"start_latest": "04/05/2027"}

    @pytest.mark.parametrize(("shown", "day"), SHOWN)
    @pytest.mark.parametrize(
        ("row", "path"), [('"until": "%s"', "until"), ('"job": {"until": ["%s"]}', "job.until")]
    )
    def test_a_source_with_a_mapping_is_no_exception(self, roles, shown, day, row, path):
        naming = Naming(columns={"name": "title", path: "apply_by"})
        lines = [f'{{"name": "A", {row % cell}}}' for cell in ("11/01/2027", shown)]

        first, second = roles("board.ndjson", "\n".join(lines), naming)

        assert first.values["apply_by"] == day
        assert second.values["apply_by"] == date(2026, 12, 20)
        assert (first.unparsed, second.unparsed) == ({}, {})

    def test_what_the_mapping_states_comes_first(self, roles):
        naming = Naming(columns={"Title": "title", "Until": "apply_by"}, dates="month_first")
        role, _ = self.read(roles, ["Until"], ["11/01/2027"], ["20/12/2026"], naming=naming)

        assert role.values["apply_by"] == self.NOVEMBER

    def test_a_row_whose_date_is_settled_since_is_a_changed_one(self, roles):
        before, settled, same = (
            self.read(roles, ["Closing date"], ["11/01/2027"], *rows)[0].digest
            for rows in ([], [["20/12/2026"]], [["31/12/2026"]])
        )

        assert before != settled == same


def _csv(lines):
    return "\n".join(",".join(f'"{cell}"' for cell in line) for line in lines)


class TestWrongFiles:
    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("feed.atom", ('<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><entry>'
             "<title>Helper</title><summary>x</summary></entry></feed>")),
            ("feed.rss", "<rss><channel><item><title>News</title></item></channel></rss>"),
            ("page.html", "<html><body><h1>Jobs</h1></body></html>"),
            ("data.xml", "<catalog><book><title>Dune</title></book></catalog>"),
            ("broken.xml", "<jobs><job><title>x</title></jobs>"),
            ("letter.txt", "Dear all,\nplease find our roles below.\n"),
            ("contacts.csv", "Name,Phone,Street\nAda,1,2\n"),
            ("picture.png", b"\x89PNG\r\n\x1a\n\x00\x00"),
            ("resume.pdf", b"%PDF-1.7\n%\xe2\xe3"),
            ("letter.docx", xlsx([["Dear all"], ["no table here"]])),
            ("damaged.xlsx", b"PK\x03\x04 nothing more"),
            ("empty.csv", ""),
        ],
        ids=lambda part: part if isinstance(part, str) and len(part) < 14 else "content",
    )  # fmt: skip
    def test_are_named(self, refusal, name, content):
        said = refusal(name, content)

        assert said.startswith(("This is not a table of roles", "The file is empty"))

    @pytest.mark.parametrize(
        "content",
        [
            '<!DOCTYPE jobs [<!ENTITY a "aaaa">]><jobs><job><title>&a;</title></job></jobs>',
            '<!DOCTYPE j [<!ENTITY x SYSTEM "file:///etc/passwd">]><j><title>&x;</title></j>',
            '<!DOCTYPE jobs SYSTEM "http://example.org/jobs.dtd"><jobs><title>x</title></jobs>',
        ],
        ids=["bomb", "file", "address"],
    )
    def test_xml_that_reaches_elsewhere_is_refused(self, refusal, content):
        assert "document type or entities" in refusal("jobs.xml", content)


# --- The words of careers offices ---

OFFICE = """\
Student opportunities: spring list,,,,,,,,
Opportunity,Organisation,Type,Where,When,Length,Pay,Closing date,Spaces
Archive helper,Millrace Trust,Gig,Leeds,w/c 18 January,2 days,£120 flat fee,11 January 2027,2
Shop floor shadow,Copper Beech Bakery,Work shadowing,York,w/c 1 February 2027,5 half-days,Unpaid,15/01/2027,1
Lab week,Tarn Laboratory,Insight day,Leeds (on-site),12 March 2027,1 day,Unpaid,1 March 2027,12
Data placement,Millrace Trust,Placement,Leeds/Remote,June 2027,4 weeks full time,"£1,400 stipend for 4 weeks",2027-03-31,1
Night shadow,Tarn Laboratory,Work shadowing,Remote,week commencing 8 March,1 week,Unpaid,26 February 2027,3
Web fixer,Copper Beech Bakery,Micro-internship,Remote,Immediately,20 hours over 2 weeks,£300 fixed,31 January 2027,1
Summer intern,Harbour Office,Internship,"Hull, UK (Hybrid)",7 June 2027,10 weeks,£12.60 per hour,30 April 2027,4
Front desk,Harbour Office,Placement,Hull or York,,8 hours a week for 6 weeks,,,
Mapping sprint,Millrace Trust,Sprint internship,Anywhere,w/c 19 January,3 weeks,"£900 for 3 weeks",8 Jan 2027,2
Reader,Tarn Laboratory,Gig,Work from home,flexible,up to 10 hours,£15/hr,28 February 2027,5
Stock count,Copper Beech Bakery,Casual,York,1 February 2027,6 hours,£12 per hour plus lunch,25 January 2027,3
"""  # noqa: E501  (a table)

#        title: format, place, mode, start, latest, weeks, hours, pay, pay_kind, apply_by, places
WANTED = {
    "Archive helper": ("gigternship", "Leeds", "onsite", date(2027, 1, 18), date(2027, 1, 22),
        0.29, None, 12_000, "fixed_fee", date(2027, 1, 11), 2),
    "Shop floor shadow": ("internship", "York", "onsite", date(2027, 2, 1), date(2027, 2, 5),
        None, None, None, "unpaid", date(2027, 1, 15), 1),
    "Lab week": ("micro_internship", "Leeds", "onsite", date(2027, 3, 12), None,
        0.14, None, None, "unpaid", date(2027, 3, 1), 12),
    "Data placement": ("internship", "Leeds", None, date(2027, 6, 1), date(2027, 6, 30),
        4, None, 140_000, "fixed_fee", date(2027, 3, 31), 1),
    "Night shadow": ("virtual_job_shadowing", "", "remote", date(2027, 3, 8), date(2027, 3, 12),
        1, None, None, "unpaid", date(2027, 2, 26), 3),
    "Web fixer": ("micro_internship", "", "remote", None, None,
        2, 20, 30_000, "fixed_fee", date(2027, 1, 31), 1),
    "Summer intern": ("internship", "Hull, UK", "hybrid", date(2027, 6, 7), None,
        10, None, 1_260, "hourly", date(2027, 4, 30), 4),
    "Front desk": ("internship", "Hull; York", "onsite", None, None,
        6, 48, None, None, None, 1),
    "Mapping sprint": ("sprint_internship", "", "remote", None, None,
        3, None, 90_000, "fixed_fee", date(2027, 1, 8), 2),
    "Reader": ("gigternship", "", "remote", None, None,
        None, 10, 1_500, "hourly", date(2027, 2, 28), 5),
    "Stock count": ("micro_internship", "York", "onsite", date(2027, 2, 1), None,
        None, 6, 1_200, "hourly", date(2027, 1, 25), 3),
}  # fmt: skip
KEPT = {
    "Shop floor shadow": {"kind": "Work shadowing", "duration": "5 half-days"},
    "Lab week": {"kind": "Insight day"},
    "Data placement": {"location": "Leeds/Remote", "duration": "4 weeks full time"},
    "Web fixer": {"start": "Immediately"},
    "Mapping sprint": {"start": "w/c 19 January"},
    "Reader": {"duration": "up to 10 hours", "start": "flexible"},
    "Stock count": {"kind": "Casual", "pay": "£12 per hour plus lunch"},
}


class TestACareersOffice:
    def test_eleven_rows_come_in_without_a_mapping_and_all_facts_are_right(self, roles):
        found = {role.values["title"]: role for role in roles("spring.csv", OFFICE)}

        assert found.keys() == WANTED.keys()
        names = ("format", "place", "mode", "start_earliest", "start_latest", "weeks",
                 "hours_total", "pay_amount_minor", "pay_kind", "apply_by", "capacity")  # fmt: skip
        assert {title: facts(role, *names) for title, role in found.items()} == WANTED

    def test_and_no_word_of_them_is_lost(self, roles):
        kept = {role.values["title"]: role.unparsed for role in roles("spring.csv", OFFICE)}

        assert {title: words for title, words in kept.items() if words} == KEPT

    @pytest.mark.parametrize(
        ("words", "first", "last"),
        [
            ("w/c 18 January", date(2027, 1, 18), date(2027, 1, 22)),
            ("W/C Monday 18th Jan 2027", date(2027, 1, 18), date(2027, 1, 22)),
            ("w/b 18 Jan", date(2027, 1, 18), date(2027, 1, 22)),
            ("week commencing 7 December", date(2026, 12, 7), date(2026, 12, 11)),
            ("week of June 7, 2027", date(2027, 6, 7), date(2027, 6, 11)),
        ],
    )
    def test_a_week_is_its_monday_to_its_friday(self, words, first, last):
        role = read_one({"title": "x", "org": "A", "start": words})

        assert facts(role, "start_earliest", "start_latest") == (first, last)

    @pytest.mark.parametrize("words", ["w/c 19 January", "18 January", "w/c soon", "w/c 31 June"])
    def test_a_day_of_no_year_is_read_only_where_its_monday_tells_the_year(self, words):
        role = read_one({"title": "x", "org": "A", "start": words})

        assert role.values["start_earliest"] is None
        assert role.unparsed == {"start": words}

    @pytest.mark.parametrize(
        ("pay", "weeks", "kind", "amount"),
        [
            ("£1,400 stipend for 4 weeks", None, "fixed_fee", 140_000),
            ("£1,400 for 4 weeks", 4, "fixed_fee", 140_000),
            ("£350 per week for 4 weeks", None, "stipend_month", 151_667),
            ("£3,000 over 3 months", None, "fixed_fee", 300_000),
            ("£1,400 stipend for 4 weeks", 8, None, None),
        ],
    )
    def test_pay_for_a_number_of_weeks(self, pay, weeks, kind, amount):
        stated = {"weeks": weeks} if weeks else {}
        role = read_one({"title": "x", "org": "A", "stipend": pay, **stated})

        assert facts(role, "pay_kind", "pay_amount_minor") == (kind, amount)
        if weeks is None:
            assert role.values["weeks"] in {4, 13}
        assert kind or role.unparsed == {"pay": pay}

    @pytest.mark.parametrize(
        ("words", "place", "country"),
        [("Leeds/Remote", "Leeds", ""), ("Remote or London, UK", "London, UK", "GB"),
         ("Remote / Hull", "Hull", ""), ("York or work from home", "York", "")],
    )  # fmt: skip
    def test_a_place_or_from_home_leaves_the_mode_open(self, words, place, country):
        role = read_one({"title": "x", "org": "A", "location": words})

        assert facts(role, "mode", "place", "country") == (None, place, country)
        assert role.unparsed == {"location": words}


# --- Another office, whose secretary writes German and takes semicolons ---

ABROAD = """\
\ufeffPraktika und Projekte, Stand 27. November;;;;;;;;;
;;;;;;;;;
Title;Company;Type;Location;Start date;Duration;Salary;Deadline;Openings;Language
Archivhilfe;Mühlenstiftung;Internship;Zürich, Schweiz;1. März 2027;6 Monate;"CHF 1'200 im Monat";31. Januar 2027;2;German
"Lektorat; Probeseiten";Verlag am Hafen;Gig;Homeoffice;;20 Stunden;300 € pauschal;15.01.2027;1;Deutsch
Laborwoche;Tarn Labor;Micro-internship;Vor Ort in Berlin;12.04.2027;1,5 Wochen;12,60 € pro Stunde;28.02.2027;3;de
Stage de musée;Musée du Lac;Internship;Genève, Suisse;1er juin 2027;3 mois;€ 1 200 par mois;31/03/2027;1;French
Traduction;Musée du Lac;Gig;télétravail;;12 heures;unbezahlt;;1;fr
Ferienhilfe;Hafenamt;Internship;Wien, Österreich;Juli 2027;2 Monate;1.200 € / Monat;30.4.2027;4;German
Beobachten;Hafenamt;Job shadowing;Hamburg;w/c 18 January;2 Tage;unbezahlt;8.1.2027;1;German
Rundgang;Tarn Labor;Insight day;TBC;;1 Tag;Vergütung nach Vereinbarung;offen;;German
Befragung;Mühlenstiftung;Projekt;Bern / Homeoffice;2027-05-03;4 Wochen;bis zu 600 €;2027-04-01;1;German
"Plakate
und Karten";Verlag am Hafen;Micro-internship;Paris (télétravail possible);;15 Stunden;€450/Woche;1.2.2027;1;French
Zählung;Hafenamt;Placement;München;7. Juni 2027;8 to 10 weeks;600 EUR brutto/Monat;1. Mai 2027;1;German
Lesung;Verlag am Hafen;Gig;Remote (UK only);;2 x 3 hours;£ 90;;1;English
"""  # noqa: E501  (a table)

#        title: format, place, country, mode, start, latest, weeks, hours, pay, kind, by, places
ABROAD_WANTED = {
    "Archivhilfe": ("internship", "Zürich, Schweiz", "CH", "onsite", date(2027, 3, 1), None,
        26, None, 120_000, "stipend_month", date(2027, 1, 31), 2),
    "Lektorat; Probeseiten": ("gigternship", "", "", "remote", None, None,
        None, 20, 30_000, "fixed_fee", date(2027, 1, 15), 1),
    "Laborwoche": ("micro_internship", "Berlin", "", "onsite", date(2027, 4, 12), None,
        1.5, None, 1_260, "hourly", date(2027, 2, 28), 3),
    "Stage de musée": ("internship", "Genève, Suisse", "CH", "onsite", date(2027, 6, 1), None,
        13, None, 120_000, "stipend_month", date(2027, 3, 31), 1),
    "Traduction": ("gigternship", "", "", "remote", None, None,
        None, 12, None, "unpaid", None, 1),
    "Ferienhilfe": ("internship", "Wien, Österreich", "AT", "onsite", date(2027, 7, 1),
        date(2027, 7, 31), 8.67, None, 120_000, "stipend_month", date(2027, 4, 30), 4),
    "Beobachten": ("micro_internship", "Hamburg", "", "onsite", date(2027, 1, 18),
        date(2027, 1, 22), 0.29, None, None, "unpaid", date(2027, 1, 8), 1),
    "Rundgang": ("micro_internship", "", "", None, None, None,
        0.14, None, None, None, None, 1),
    "Befragung": ("internship", "Bern", "", None, date(2027, 5, 3), None,
        4, None, None, None, date(2027, 4, 1), 1),
    "Plakate und Karten": ("micro_internship", "Paris", "", None, None, None,
        None, 15, 195_000, "stipend_month", date(2027, 2, 1), 1),
    "Zählung": ("internship", "München", "", "onsite", date(2027, 6, 7), None,
        10, None, 60_000, "stipend_month", date(2027, 5, 1), 1),
    "Lesung": ("gigternship", "", "GB", "remote", None, None,
        None, None, None, None, None, 1),
}  # fmt: skip
ABROAD_KEPT = {
    "Beobachten": {"kind": "Job shadowing"},
    "Rundgang": {
        "kind": "Insight day", "location": "TBC", "pay": "Vergütung nach Vereinbarung",
        "apply_by": "offen",
    },
    "Befragung": {"kind": "Projekt", "location": "Bern / Homeoffice", "pay": "bis zu 600 €"},
    "Plakate und Karten": {
        "location": "Paris (télétravail possible)", "pay": "€450/Woche",
    },
    "Zählung": {"duration": "8 to 10 weeks", "pay": "600 EUR brutto/Monat"},
    "Lesung": {"duration": "2 x 3 hours", "pay": "£ 90"},
}  # fmt: skip


class TestAnotherOffice:
    NAMES = ("format", "place", "country", "mode", "start_earliest", "start_latest", "weeks",
             "hours_total", "pay_amount_minor", "pay_kind", "apply_by", "capacity")  # fmt: skip

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
    def test_twelve_rows_come_in_without_a_mapping_and_all_facts_are_right(self, roles, encoding):
        content = ABROAD.removeprefix("\ufeff" if encoding == "utf-16" else "").encode(encoding)
        found = {role.values["title"]: role for role in roles("abroad.csv", content)}

        assert {title: facts(role, *self.NAMES) for title, role in found.items()} == ABROAD_WANTED
        assert [role.values["language"] for role in found.values()] == [
            "de", "de", "de", "fr", "fr", "de", "de", "de", "de", "fr", "de", "en",
        ]  # fmt: skip
        assert {t: role.unparsed for t, role in found.items() if role.unparsed} == ABROAD_KEPT


class TestNeighbours:
    """The same facts in other dialects of the same kinds of files."""

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("a.csv", "Title\tCompany\tStipend\nHelper\tAcme\t£12 per hour\n"),
            ("a.csv", "Title|Company|Stipend\r\nHelper|Acme|£12 per hour\r\n"),
            ("a.csv", 'Title,Company,Stipend\n"Helper","Acme","£12 per\n hour"\n'),
            ("a.csv", "Title;Company;Stipend\rHelper;Acme;£12 per hour\r"),
            ("a.csv", "Title;Company;Stipend\nHelper;Acme;£12 per hour\n".encode("utf-16")),
            ("a.csv", "Title;Company;Stipend\nHelper;Acme;£12 per hour\n".encode("utf-16-le")),
            ("a.xml", ("<jobs><job><title><![CDATA[Helper]]></title><company>Acme</company>"
             "<salary><![CDATA[£12 per hour]]></salary></job></jobs>")),
            ("a.json", ('{"data": {"jobs": [{"Title": "Helper", "Company": "Acme", '
             '"Stipend": "£12 per hour"}]}}')),
            ("a.html", ('<script type="application/ld+json">{"@graph": [{"@type": "WebPage"}, '
             '{"@type": ["JobPosting"], "title": "Helper", "hiringOrganization": {"name": "Acme"},'
             '"baseSalary": {"currency": "GBP", "value": {"value": 12, "unitText": "HOUR"}}}]}'
             "</script>")),
            ("a.html", ('<script type=application/ld+json>[[{"@type": "JobPosting", '
             '"title": "Helper", "hiringOrganization": "Acme", "baseSalary": [{"currency": "GBP", '
             '"value": {"minValue": "12", "unitText": "hour"}}]}]]</script>')),
            ("a.json", ('[{"@type": "https://schema.org/JobPosting", "title": "Helper", '
             '"hiringOrganization": {"legalName": "Acme"}, "salaryCurrency": "GBP", '
             '"baseSalary": {"value": {"value": "12.00", "unitText": "HOUR"}}}]')),
        ],
    )  # fmt: skip
    def test_say_the_same(self, roles, name, content):
        (role,) = roles(name, content)

        assert (role.org, role.values["title"]) == ("Acme", "Helper")
        assert facts(role, "pay_kind", "pay_amount_minor", "pay_currency") == (
            "hourly", 1_200, "GBP",
        )  # fmt: skip


def test_today_is_a_day_on_which_the_weeks_above_lie_ahead():
    assert datetime(2027, 1, 18).weekday() == 0  # noqa: DTZ001  (a day)
    assert TODAY < date(2026, 12, 7) < TODAY + timedelta(days=365)
