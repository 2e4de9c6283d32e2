"""Boards, feeds and pages come in without a mapping; mappings for the rest. No database."""

import json
from datetime import date

import pytest

from opportunities.importing.columns import at_path, read_naming
from opportunities.importing.files import read
from opportunities.importing.rows import BadRow, Unreadable
from tests.importing.reading import facts, posting, read_one

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
            "Kiln Intern", "internship", "onsite", "Stoke; Leek", "GB", "design",
        )  # fmt: skip
        assert role.values["description"].split("\n\n") == [
            "Load the kiln.", "You bring", "- Gloves", "Bus 18.",
        ]  # fmt: skip
        assert facts(role, "pay_kind", "pay_amount_minor") == ("stipend_month", 150_000)
        assert role.unparsed == {"places": "Stoke; Leek; Remote"}

    def test_the_positions_of_personio(self, roles):
        (role,) = roles(
            "xml",
            """<workzag-jobs><position><id>41</id><subcompany>Moor eG</subcompany>
            <office>Leer</office><additionalOffices><office>Emden</office></additionalOffices>
            <department>Design</department><name>Praktikum Bodenkunde</name><jobDescriptions>
            <jobDescription><name>Aufgaben</name><value><![CDATA[<ul><li>Sieben</li></ul>]]></value>
            </jobDescription></jobDescriptions><employmentType>intern</employmentType>
            <schedule>part-time</schedule></position></workzag-jobs>""",
        )

        assert (role.external_id, role.org, role.board) == ("41", "", "Moor eG")
        assert facts(role, "title", "place", "mode", "field", "kind") == (
            "Praktikum Bodenkunde", "Leer; Emden", "onsite", "design", "internship",
        )  # fmt: skip
        assert role.values["description"] == "Aufgaben\n\n- Sieben"
        assert role.unparsed == {"schedule": "part-time"}

    def test_words_beside_the_figures_of_lever_are_kept(self, roles):
        (role,) = roles("p.json", json.dumps([LEVER | {"salaryDescriptionPlain": "and lunch"}]))

        assert role.values["pay_amount_minor"] == 150_000
        assert role.unparsed["pay"] == "and lunch"

    def test_a_range_of_greenhouse_is_by_what_its_title_says(self, roles):
        paid = {"min_cents": 2500, "max_cents": 3200, "currency_type": "USD"}
        row = GREENHOUSE | {"pay_input_ranges": [paid | {"title": "Hourly range"}]}
        (role,) = roles("b.json", json.dumps({"jobs": [row]}))

        assert facts(role, "pay_kind", "pay_amount_minor", "pay_max_minor") == (
            "hourly", 2500, 3200,
        )  # fmt: skip

    def test_ashby(self, roles):
        (role,) = roles("board.json", json.dumps({"jobs": [ASHBY], "apiVersion": "1"}))

        assert facts(role, "mode", "place", "country") == ("hybrid", "Cork; Galway", "IE")
        assert facts(role, "pay_kind", "pay_amount_minor", "pay_currency") == (
            "hourly", 1_400, "EUR",
        )  # fmt: skip
        assert role.unparsed == {}
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
        ("row", "change", "mode", "place", "country"),
        [
            (GREENHOUSE, {"location": {"name": "Cork, Ireland; Galway, Ireland"}},
             "onsite", "Cork, Ireland; Galway, Ireland", "IE"),
            (GREENHOUSE, {"location": None, "internal_job_id": 3},
             "onsite", "Dublin, Ireland", "IE"),
            (GREENHOUSE, {"location": None, "offices": [], "internal_job_id": 3}, None, "", ""),
            (GREENHOUSE, {"location": {"name": "Hybrid - Graz, Österreich"}},
             "hybrid", "Graz, Österreich", "AT"),
            (LEVER, {"categories": {"location": "Leek"}, "workplaceType": "hybrid"},
             "hybrid", "Leek", "GB"),
            (LEVER, {"categories": {}, "workplaceType": "unspecified"}, None, "", "GB"),
            (LEVER, {"categories": {"location": "Remote"}, "workplaceType": "remote"},
             "remote", "", "GB"),
            (ASHBY, {"isRemote": True, "workplaceType": None}, "remote", "Cork; Galway", "IE"),
            (ASHBY, {"secondaryLocations": []}, "hybrid", "Cork", "IE"),
            (ASHBY, {"workplaceType": "OnSite"}, "onsite", "Cork; Galway", "IE"),
            (WORKABLE["jobs"][0], {"telecommuting": True},
             "remote", "Hull, England, United Kingdom", "GB"),
            (WORKABLE["jobs"][0], {"locations": [], "workplace_type": "hybrid"},
             "hybrid", "Hull, England, United Kingdom", "GB"),
            (WORKABLE["jobs"][1], {"telecommuting": False, "city": "Kigali", "country": "Rwanda"},
             "onsite", "Kigali, Rwanda", "RW"),
            (SMART["content"][0], {"location": {"city": "Graz", "country": "at", "remote": True}},
             "remote", "Graz", "AT"),
            (SMART["content"][0], {"location": {"city": "Graz", "country": "at", "hybrid": True}},
             "hybrid", "Graz", "AT"),
            (SMART["content"][0], {"location": None}, None, "", ""),
        ],
    )  # fmt: skip
    def test_where_the_work_is_in_neighbours_of_each(
        self, roles, row, change, mode, place, country
    ):
        (role,) = roles("board.json", json.dumps([row | change]))

        assert facts(role, "mode", "place", "country") == (mode, place, country)
        assert role.values["title"]

    @pytest.mark.parametrize(
        ("row", "change", "pay"),
        [
            (GREENHOUSE, {"pay_input_ranges": [{"min_cents": 1500, "max_cents": 2000,
             "currency_type": "EUR", "title": "Hourly"}]}, ("hourly", 1_500, 2_000, "EUR")),
            (GREENHOUSE, {}, (None, None, None, "")),
            (LEVER, {"salaryRange": {"currency": "EUR", "interval": "per-hour-wage", "min": 14,
             "max": 16}}, ("hourly", 1_400, 1_600, "EUR")),
            (LEVER, {"salaryRange": {"currency": "USD", "interval": "per-year-salary", "min": 0,
             "max": 0}}, (None, None, None, "")),
            (ASHBY, {"compensation": None}, (None, None, None, "")),
        ],
    )  # fmt: skip
    def test_what_it_pays_in_neighbours_of_each(self, roles, row, change, pay):
        (role,) = roles("board.json", json.dumps([row | change]))

        assert facts(role, "pay_kind", "pay_amount_minor", "pay_max_minor", "pay_currency") == pay

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
        assert facts(role, "mode", "place", "country") == (None, "Hull, UK", "GB")
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
            *(
                f'<html><script type="application/ld+json">{begin}\n{LD}\n{end}</script></html>'
                for begin, end in (
                    ("//<![CDATA[", "//]]>"),
                    ("/* <![CDATA[ */", "/* ]]> */"),
                    ("<!--", "-->"),
                )
            ),
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

        assert (role.external_id, role.org, role.values["place"]) == ("5", "Acme", "Leeds; York")
        assert facts(role, "format", "pay_kind", "hours_total") == ("internship", "unpaid", 300)
        assert [each["name"] for each in role.parts["skills"]] == ["Python", "SQL"]
        assert role.unparsed == {}
        assert (role.closed, bool(hidden.closed)) == ("", True)
        assert hidden.values["pay_kind"] is None

    def test_a_rule_without_its_parts_is_refused(self, tmp_path):
        path = tmp_path / "mapping.json"
        path.write_text(json.dumps({"columns": {"a": "title"}, "when": [{"column": "b"}]}))

        with pytest.raises(Unreadable):
            read_naming(path)
