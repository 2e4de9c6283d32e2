"""What boards, feeds, pages and careers offices send comes in without a mapping. No database."""

import json
from datetime import date, datetime, timedelta

import pytest

from opportunities.importing.columns import Naming, at_path, read_naming
from opportunities.importing.convert import convert
from opportunities.importing.files import read
from opportunities.importing.rows import BadRow, Record, Unreadable
from tests.importing.spreadsheets import ods, xlsx

TODAY = date(2026, 11, 29)


@pytest.fixture
def roles(tmp_path):
    """Return what reads a file of this name and content into roles; a bad row fails the test."""

    def _roles(name, content, naming=None):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        naming = naming or Naming(source="test")
        found = []
        for row in read(path, columns=naming.columns.keys()):
            assert not isinstance(row, BadRow), row
            role, bad, _ = convert(row, naming, currency="GBP", today=TODAY)
            assert bad == []
            found.append(role)
        return found

    return _roles


@pytest.fixture
def refusal(tmp_path):
    """Return what says why a file is no table of roles."""

    def _refusal(name, content):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        with pytest.raises(Unreadable) as refused:
            list(read(path))
        return str(refused.value)

    return _refusal


def facts(role, *names):
    return tuple(role.values[name] for name in names)


# --- Boards ---

GREENHOUSE = {
    "absolute_url": "https://boards.greenhouse.io/millrace/jobs/811",
    "id": 811,
    "title": "Survey Intern",
    "company_name": "Millrace Trust",
    "location": {"name": "Remote - Ireland"},
    "content": "&lt;p&gt;Count &amp;amp; map.&lt;/p&gt;"
    "&lt;ul&gt;&lt;li&gt;Slowly&lt;/li&gt;&lt;/ul&gt;",
    "application_deadline": "2027-02-01T07:59:59Z",
    "departments": [{"id": 1, "name": "Marketing"}],
    "offices": [{"id": 1, "name": "Dublin", "location": "Dublin, Ireland"}],
}
LEVER = {
    "id": "c0ffee",
    "text": "Kiln Intern",
    "hostedUrl": "https://jobs.lever.co/millrace/c0ffee",
    "categories": {"commitment": "Intern", "team": "Design", "location": "Stoke",
                   "allLocations": ["Stoke", "Leek", "Remote"]},
    "description": "<div>Load the kiln.</div>",
    "lists": [{"text": "You bring", "content": "<li>Gloves</li>"}],
    "additional": "<div>Bus 18.</div>",
    "country": "GB",
    "workplaceType": "on-site",
    "salaryRange": {"currency": "GBP", "interval": "per-month-salary", "min": 1500, "max": 1500},
}  # fmt: skip
ASHBY = {
    "id": "d1",
    "title": "Lab Intern",
    "location": "Cork",
    "secondaryLocations": [{"location": "Galway"}],
    "isListed": True,
    "isRemote": False,
    "workplaceType": "Hybrid",
    "employmentType": "Intern",
    "descriptionPlain": "Wash glass.",
    "jobUrl": "https://jobs.ashbyhq.com/millrace/d1",
    "address": {"postalAddress": {"addressLocality": "Cork", "addressCountry": "Ireland"}},
    "compensation": {"compensationTierSummary": "€14 per hour", "summaryComponents": [
        {"compensationType": "Salary", "interval": "1 HOUR", "currencyCode": "EUR",
         "minValue": 14, "maxValue": 14}]},
}  # fmt: skip
WORKABLE = {
    "name": "Millrace Trust",
    "jobs": [
        {"title": "Press Intern", "shortcode": "9F3A", "employment_type": "Internship",
         "telecommuting": False, "url": "https://apply.workable.com/j/9F3A", "function": "Writing",
         "country": "United Kingdom", "city": "Hull", "state": "England",
         "locations": [{"country": "United Kingdom", "city": "Hull", "region": "England"},
                       {"country": "Spain", "city": "Vigo", "hidden": True}],
         "description": "<p>Write up.</p>", "requirements": "<ul><li>Ink</li></ul>"},
        {"title": "Night Intern", "shortcode": "9F3B", "telecommuting": True,
         "country": "United Kingdom", "description": "Watch."},
    ],
}  # fmt: skip
SMART = {
    "totalFound": 2,
    "content": [
        {"id": "7440", "name": "Field Intern", "refNumber": "R7", "active": True,
         "company": {"identifier": "Millrace", "name": "Millrace Trust"},
         "location": {"city": "Graz", "region": "Styria", "country": "at", "remote": False},
         "typeOfEmployment": {"id": "intern", "label": "Intern"}, "visibility": "PUBLIC",
         "function": {"id": "science", "label": "Science"}, "language": {"code": "de"},
         "jobAd": {"sections": {"jobDescription": {"title": "The work", "text": "<p>Dig.</p>"}}}},
        {"id": "7441", "name": "Inside Intern", "company": {"name": "Millrace Trust"},
         "location": {"city": "Graz", "country": "at"}, "visibility": "INTERNAL"},
    ],
}  # fmt: skip


class TestBoards:
    def test_greenhouse(self, roles):
        (role,) = roles("board.json", json.dumps({"jobs": [GREENHOUSE], "meta": {"total": 1}}))

        assert (role.external_id, role.org, role.board) == ("811", "Millrace Trust", "millrace")
        assert facts(role, "title", "mode", "country", "place", "field") == (
            "Survey Intern", "remote", "IE", "", "marketing",
        )  # fmt: skip
        assert role.values["description"] == "Count & map.\n\n- Slowly"
        assert role.values["apply_by"] == date(2027, 2, 1)
        assert role.unparsed == {}

    def test_lever_with_all_its_places_and_lists(self, roles):
        (role,) = roles("postings.json", json.dumps([LEVER]))

        assert (role.external_id, role.board) == ("c0ffee", "millrace")
        assert facts(role, "title", "format", "mode", "place", "country", "field") == (
            "Kiln Intern", "internship", "onsite", "Stoke", "GB", "design",
        )  # fmt: skip
        assert role.values["description"].split("\n\n") == [
            "Load the kiln.", "You bring", "- Gloves", "Bus 18.",
        ]  # fmt: skip
        assert facts(role, "pay_kind", "pay_amount_minor") == ("stipend_month", 150_000)
        assert role.unparsed == {"places": "Stoke; Leek; Remote"}

    def test_ashby(self, roles):
        (role,) = roles("board.json", json.dumps({"jobs": [ASHBY], "apiVersion": "1"}))

        assert facts(role, "mode", "place", "country") == ("hybrid", "Cork", "IE")
        assert facts(role, "pay_kind", "pay_amount_minor", "pay_currency") == (
            "hourly", 1_400, "EUR",
        )  # fmt: skip
        assert role.unparsed == {"places": "Cork; Galway"}
        assert role.closed == ""

    def test_workable_names_its_company_around_the_jobs(self, roles):
        here, away = roles("account.json", json.dumps(WORKABLE))

        assert (here.external_id, here.org, away.org) == ("9F3A", *2 * ("Millrace Trust",))
        assert facts(here, "mode", "place", "country", "format") == (
            "onsite", "Hull, England, United Kingdom", "GB", "internship",
        )  # fmt: skip
        assert here.values["description"] == "Write up.\n\nRequirements\n\n- Ink"
        assert facts(away, "mode", "country", "place") == ("remote", "GB", "")

    def test_smartrecruiters_and_what_is_for_insiders_alone(self, roles):
        field, inside = roles("postings.json", json.dumps(SMART))

        assert (field.external_id, field.org) == ("7440", "Millrace Trust")
        assert facts(field, "place", "country", "format", "language", "field") == (
            "Graz, Styria", "AT", "internship", "de", "science",
        )  # fmt: skip
        assert field.values["description"] == "The work\n\nDig."
        assert (field.closed, bool(inside.closed)) == ("", True)

    @pytest.mark.parametrize(
        ("change", "closed"),
        [
            ({}, False),
            ({"active": False}, True),
            ({"is_visible": False}, True),
            ({"active": True, "is_visible": True}, False),
        ],
    )
    def test_listings_of_the_student_lists(self, roles, change, closed):
        listing = {
            "id": "s-9", "company_name": "Millrace Trust", "title": "Web Intern",
            "locations": ["Hull, UK", "Remote in UK"], "terms": ["Summer 2027"], "active": True,
            "is_visible": True, "sponsorship": "U.S. Citizenship is Required",
            "url": "https://example.org/s9", "date_posted": 1_792_000_000,
        } | change  # fmt: skip

        (role,) = roles("listings.json", json.dumps([listing]))

        assert (role.external_id, role.org) == ("s-9", "Millrace Trust")
        assert facts(role, "mode", "place", "country") == ("onsite", "Hull, UK", "GB")
        assert role.unparsed == {
            "places": "Hull, UK; Remote in UK",
            "start": "Summer 2027",
            "sponsorship": "U.S. Citizenship is Required",
        }
        assert bool(role.closed) == closed

    @pytest.mark.parametrize("field", ["text", "categories"])
    def test_a_row_that_is_no_board_is_read_by_its_own_names(self, roles, field):
        row = {"title": "Plain", "org": "Acme", field: "x"}

        (role,) = roles("row.json", json.dumps([row]))

        assert role.values["title"] == "Plain"


class TestClosedRows:
    @pytest.mark.parametrize(
        ("column", "words"),
        [
            ("active", "false"), ("isListed", "no"), ("Published", "0"), ("closed", "yes"),
            ("Filled", "true"), ("is_hidden", "1"), ("status", "Closed"), ("Status", "on hold"),
            ("job status", "expired"),
        ],
    )  # fmt: skip
    def test_flags_of_many_names_close(self, roles, column, words):
        (role,) = roles("r.csv", f"Title,Company,{column}\nHelper,Acme,{words}\n")

        assert role.closed

    @pytest.mark.parametrize(
        ("column", "words"),
        [("active", "yes"), ("closed", "no"), ("status", "Open"), ("isListed", "TRUE")],
    )
    def test_the_opposite_words_leave_a_role_live(self, roles, column, words):
        (role,) = roles("r.csv", f"Title,Company,{column}\nHelper,Acme,{words}\n")

        assert (role.closed, role.unparsed) == ("", {})

    def test_a_status_that_nobody_knows_is_kept_as_words(self, roles):
        (role,) = roles("r.csv", "Title,Company,Status\nHelper,Acme,Phase 2\n")

        assert (role.closed, role.unparsed) == ("", {"status": "phase 2"})


# --- Places, pay and days of JobPosting ---


def posting(**facts):
    return {"@type": "JobPosting", "title": "Helper", "hiringOrganization": "Acme"} | facts


def read_one(values, naming=None):
    role, bad, _ = convert(
        Record(1, values), naming or Naming(source="t"), currency="GBP", today=TODAY
    )
    assert bad == []
    return role


def place(city, country="GB"):
    return {"@type": "Place", "address": {"addressLocality": city, "addressCountry": country}}


class TestSeveralPlaces:
    @pytest.mark.parametrize(
        ("values", "first", "all_of_them"),
        [
            (posting(jobLocation=[place("Leeds"), place("York")]), "Leeds", "Leeds, GB; York, GB"),
            (posting(jobLocation=[place("Ulm", "DE"), "Bern"]), "Ulm", "Ulm, DE; Bern"),
            ({"title": "x", "org": "A", "locations": ["Leeds", "York"]}, "Leeds", "Leeds; York"),
            ({"title": "x", "org": "A", "location": "Leeds; York | Bath"}, "Leeds",
             "Leeds; York; Bath"),
            ({"title": "x", "org": "A", "location": [{"city": "Leeds", "country": "GB"},
              {"name": "York"}]}, "Leeds, GB", "Leeds, GB; York"),
            ({"title": "x", "org": "A", "city": "Leeds", "where": "York"}, "Leeds", "Leeds; York"),
            ({"title": "x", "org": "A", "location": "Ulm or Bonn"}, "Ulm", "Ulm; Bonn"),
        ],
    )  # fmt: skip
    def test_the_first_is_the_place_and_all_are_kept(self, values, first, all_of_them):
        role = read_one(values)

        assert role.values["place"] == first
        assert role.unparsed == {"places": all_of_them}

    def test_the_same_place_twice_is_one(self):
        role = read_one({"title": "x", "org": "A", "locations": ["Leeds", "Leeds"]})

        assert (role.values["place"], role.unparsed) == ("Leeds", {})


class TestNoPlace:
    @pytest.mark.parametrize(
        "values",
        [
            {"title": "x", "org": "A"},
            {"title": "x", "org": "A", "country": "GB"},
            {"title": "x", "org": "A", "remote": "no"},
            posting(),
            posting(jobLocation=[]),
        ],
    )
    def test_stays_unstated(self, values):
        assert read_one(values).values["mode"] is None

    @pytest.mark.parametrize(
        "values",
        [
            {"title": "x", "org": "A", "remote": "yes"},
            posting(jobLocationType="Telecommute"),
            posting(jobLocationType=["TELECOMMUTE"]),
        ],
    )
    def test_remote_is_remote_only_where_it_is_said(self, values):
        assert read_one(values).values["mode"] == "remote"


def salary(value, unit="HOUR"):
    return {"currency": "EUR", "value": {"unitText": unit, **value}}


class TestSalaries:
    @pytest.mark.parametrize(
        "base",
        [
            [salary({"value": 14})],
            [salary({"value": 14}), salary({"value": 14})],
            [{"currency": "EUR", "value": 14, "unitText": "HOUR"}],
            salary({"minValue": 14, "maxValue": 14}),
        ],
    )
    def test_a_list_of_one_amount_is_that_amount(self, base):
        role = read_one(posting(baseSalary=base))

        assert facts(role, "pay_kind", "pay_amount_minor") == ("hourly", 1_400)
        assert role.unparsed == {}

    def test_several_amounts_are_not_sure_and_all_are_kept(self):
        role = read_one(posting(baseSalary=[salary({"value": 14}), salary({"value": 16})]))

        assert role.values["pay_kind"] is None
        assert role.unparsed == {"pay": "EUR 14 per hour; EUR 16 per hour"}

    @pytest.mark.parametrize(
        "base",
        [
            0,
            "0",
            [0],
            salary({"value": 0}),
            salary({"minValue": 0, "maxValue": "0.00"}, "MONTH"),
        ],
        ids=["number", "text", "list", "amount", "range"],
    )
    def test_0_says_that_pay_is_not_disclosed(self, base):
        role = read_one(posting(baseSalary=base))

        assert (role.values["pay_kind"], role.unparsed) == (None, {})

    def test_a_range_from_0_tells_only_its_upper_end(self):
        role = read_one(posting(baseSalary=salary({"minValue": 0, "maxValue": 20})))

        assert role.values["pay_kind"] is None
        assert "20" in role.unparsed["pay"]

    def test_0_in_a_column_of_pay_is_unpaid(self):
        assert read_one({"title": "x", "org": "A", "pay": "0"}).values["pay_kind"] == "unpaid"


class TestLastDay:
    @pytest.mark.parametrize(
        ("moment", "country", "day"),
        [
            ("2027-01-31", "GB", date(2027, 1, 31)),
            ("2027-01-31T00:00:00+00:00", "US", date(2027, 1, 31)),
            ("2027-02-01T07:59:59Z", "US", date(2027, 1, 31)),
            ("2027-02-01T04:59:59Z", "CA", date(2027, 1, 31)),
            ("2027-01-31T23:59:59-08:00", "US", date(2027, 1, 31)),
            ("2027-01-31T22:59:59Z", "DE", date(2027, 1, 31)),
            ("2027-01-31T23:59:59Z", "IN", date(2027, 1, 31)),
            ("2027-02-01T07:59:59Z", "", date(2027, 2, 1)),
        ],
    )
    def test_a_moment_is_the_day_that_it_is_where_the_work_is(self, moment, country, day):
        role = read_one(posting(validThrough=moment, jobLocation=place("Anywhere", country)))

        assert role.values["apply_by"] == day


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


# --- XML, feeds and pages ---

LD = json.dumps(posting(identifier="p1"))


class TestDocuments:
    @pytest.mark.parametrize(
        "content",
        [
            (
                "<source><job><title><![CDATA[Helper]]></title><referencenumber>7</referencenumber>"
                "<company>Acme</company><city>Leeds</city><country>GB</country>"
                "<salary>£12 per hour</salary></job></source>"
            ),
            (
                '<?xml version="1.0" encoding="iso-8859-1"?><jobs><job><title>Helper</title>'
                "<reference>7</reference><company>Acme</company><location>Leeds</location>"
                "<country>GB</country><salary>£12 per hour</salary></job></jobs>"
            ),
            (
                '<Positions xmlns="urn:x"><Position><JobTitle>Helper</JobTitle><Ref>7</Ref>'
                "<Employer-name>Acme</Employer-name><City>Leeds</City><Country>GB</Country>"
                "<Pay>£12 per hour</Pay></Position></Positions>"
            ),
        ],
    )
    def test_job_xml(self, roles, content):
        is_latin = "iso-8859-1" in content
        content = content.replace("JobTitle", "job_title").replace("Employer-name", "employer_name")

        (role,) = roles("jobs.xml", content.encode("latin-1" if is_latin else "utf-8"))

        assert (role.external_id, role.org) == ("7", "Acme")
        assert facts(role, "title", "place", "country", "pay_amount_minor") == (
            "Helper", "Leeds", "GB", 1_200,
        )  # fmt: skip

    def test_state_and_several_jobs(self, roles):
        job = (
            "<job><title>{0}</title><company>Acme</company><city>Erie</city><state>PA</state></job>"
        )
        one, two = roles("jobs.xml", f"<source>{job.format('A')}{job.format('B')}</source>")

        assert facts(one, "title", "place") == ("A", "Erie, PA")
        assert two.values["title"] == "B"

    @pytest.mark.parametrize(
        "page",
        [
            f'<html><script type="application/ld+json">{LD}</script></html>',
            f'<!doctype html><script type="application/ld+json">[{LD}]</script>',
            (
                f'<html><script type="application/ld+json">{{"@graph": [{LD}, '
                '{"@type": "WebSite"}]}</script></html>'
            ),
            (
                '<html><script type="application/ld+json">{"@type": "ItemList", "itemListElement": '
                f'[{{"@type": "ListItem", "item": {LD}}}]}}</script></html>'
            ),
        ],
    )
    def test_a_page_with_a_posting(self, roles, page):
        (role,) = roles("page.html", page)

        assert (role.external_id, role.org, role.values["title"]) == ("p1", "Acme", "Helper")

    def test_an_organization_that_stands_elsewhere_in_the_graph(self, roles):
        graph = {"@graph": [{"@type": "Organization", "@id": "#o", "name": "Acme"},
                            posting(hiringOrganization={"@id": "#o"})]}  # fmt: skip

        (role,) = roles("graph.jsonld", json.dumps(graph))

        assert role.org == "Acme"

    def test_json_ld_that_is_damaged_is_named(self, tmp_path):
        path = tmp_path / "page.html"
        path.write_text(
            f'<html><script type="application/ld+json">{LD}</script>'
            '<script type="application/ld+json">{"@type": "JobPosting", </script></html>'
        )

        good, bad = read(path)

        assert good.values["title"] == "Helper"
        assert isinstance(bad, BadRow)

    @pytest.mark.parametrize(
        "entry",
        [
            f'<content type="application/ld+json">{LD}</content>',
            (
                '<content type="html">&lt;script type="application/ld+json"&gt;'
                f"{LD}&lt;/script&gt;</content>"
            ),
            (
                '<s:JobPosting xmlns:s="http://schema.org/"><s:title>Helper</s:title>'
                "<s:identifier>p1</s:identifier><s:hiringOrganization><s:Organization><s:name>Acme"
                "</s:name></s:Organization></s:hiringOrganization></s:JobPosting>"
            ),
        ],
        ids=["json", "page", "elements"],
    )
    def test_atom_with_a_posting(self, roles, entry):
        feed = (
            '<feed xmlns="http://www.w3.org/2005/Atom"><title>Roles</title>'
            f"<entry><title>Helper at Acme</title>{entry}</entry></feed>"
        )

        (role,) = roles("feed.atom", feed)

        assert (role.external_id, role.org, role.values["title"]) == ("p1", "Acme", "Helper")

    def test_rss_of_a_job_board(self, roles):
        feed = (
            '<rss xmlns:j="urn:jobs"><channel><title>Jobs</title><item><title>Helper</title>'
            "<link>https://example.org/1</link><j:company>Acme</j:company>"
            "<j:location>Leeds, UK</j:location></item></channel></rss>"
        )

        (role,) = roles("feed.rss", feed)

        assert (role.external_id, role.org) == ("https://example.org/1", "Acme")
        assert facts(role, "place", "country") == ("Leeds, UK", "GB")


# --- Identity ---


class TestIdentity:
    @pytest.mark.parametrize(
        ("values", "known_by"),
        [
            ({"id": "7", "url": "https://example.org/7"}, "7"),
            ({"url": "https://example.org/7"}, "https://example.org/7"),
            ({"Job link": "https://example.org/8"}, "https://example.org/8"),
            ({"slug": "helper-leeds"}, "helper-leeds"),
        ],
    )
    def test_a_number_else_an_address_else_a_slug(self, values, known_by):
        role = read_one({"title": "x", "org": "A", **values})

        assert (role.source, role.external_id) == ("t", known_by)

    def test_a_posting_without_a_number_is_known_by_its_address(self):
        assert read_one(posting(url="https://example.org/p")).external_id == "https://example.org/p"

    def test_an_address_too_long_for_a_key_still_tells_roles_apart(self):
        one, other = (
            read_one({"title": "x", "org": "A", "url": f"https://e.org/{'a' * 300}{end}"})
            for end in "12"
        )

        assert one.external_id != other.external_id
        assert len(one.external_id) <= 200


# --- Mappings ---


class TestMappings:
    @pytest.mark.parametrize(
        ("path", "found"),
        [
            ("a.b[0].c", 1), ("a.b[1].c", 2), ("a.b[].c", [1, 2]), ("a.b[9].c", None),
            ("a.x", None), ("list[]", ["x", "y"]), ("list[1]", "y"),
        ],
    )  # fmt: skip
    def test_paths(self, path, found):
        values = {"a": {"b": [{"c": 1}, {"c": 2}]}, "list": ["x", "y"]}

        assert at_path(values, path) == found

    def test_paths_lists_flags_and_constants_by_condition(self, tmp_path, roles):
        mapping = tmp_path / "mapping.json"
        mapping.write_text(json.dumps({
            "columns": {"head.name": "title", "firm[0].label": "org", "spots[].town": "location",
                        "state.shown": "visible", "tags[]": "skills", "key": "id"},
            "when": [
                {"column": "state.level", "is": ["intern", "Trainee"],
                 "constants": {"format": "internship"}},
                {"column": "state.free", "is": True, "constants": {"pay_kind": "unpaid"}},
            ],
        }))  # fmt: skip
        naming = read_naming(mapping)
        row = {
            "key": 5, "head": {"name": "Helper"}, "firm": [{"label": "Acme"}],
            "spots": [{"town": "Leeds"}, {"town": "York"}], "tags": ["Python", "SQL"],
            "state": {"shown": True, "level": "INTERN", "free": True}, "hours_total": 300,
        }  # fmt: skip
        other = {**row, "key": 6, "state": {"shown": False, "level": "senior", "free": False}}

        role, hidden = roles("rows.json", json.dumps([row, other]), naming)

        assert (role.external_id, role.org, role.values["place"]) == ("5", "Acme", "Leeds")
        assert facts(role, "format", "pay_kind", "hours_total") == ("internship", "unpaid", 300)
        assert [line.name for line in role.skills] == ["Python", "SQL"]
        assert role.unparsed == {"places": "Leeds; York"}
        assert (role.closed, bool(hidden.closed)) == ("", True)
        assert hidden.values["pay_kind"] is None

    def test_a_rule_without_its_parts_is_refused(self, tmp_path):
        path = tmp_path / "mapping.json"
        path.write_text(json.dumps({"columns": {"a": "title"}, "when": [{"column": "b"}]}))

        with pytest.raises(Unreadable):
            read_naming(path)


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
    "Front desk": ("internship", "Hull", "onsite", None, None,
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
    "Front desk": {"places": "Hull; York"},
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


def test_today_is_a_day_on_which_the_weeks_above_lie_ahead():
    assert datetime(2027, 1, 18).weekday() == 0  # noqa: DTZ001  (a day)
    assert TODAY < date(2026, 12, 7) < TODAY + timedelta(days=365)
