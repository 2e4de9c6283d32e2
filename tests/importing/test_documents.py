"""XML of job boards, Atom and RSS: each fact is right, or named as not read. No database."""

import json
from contextlib import suppress
from datetime import date

import pytest

from opportunities.importing.columns import Naming
from opportunities.importing.convert import convert
from opportunities.importing.files import read
from opportunities.importing.rows import BadRow, Record, Unreadable
from tests.importing.reading import TODAY, facts, posting

ATOM = "http://www.w3.org/2005/Atom"
LD = json.dumps(posting(identifier="p1"))
UNNUMBERED = json.dumps(posting())


NAMED = 'xmlns:l="urn:places"'


def jobs(*parts):
    return "<jobs>" + "".join(
        f"<job><title>Helper</title><id>{number}</id><company>Acme</company>{part}</job>"
        for number, part in enumerate(parts, 7)
    ) + "</jobs>"  # fmt: skip


def rss(*items, spaces=""):
    inner = "".join(f"<item><title>Helper</title>{item}</item>" for item in items)
    return f"<rss {spaces}><channel><title>Jobs</title>{inner}</channel></rss>"


def atom(*entries, base=""):
    inner = "".join(f"<entry>{entry}</entry>" for entry in entries)
    told = f' xml:base="{base}"' if base else ""
    return f'<feed xmlns="{ATOM}"{told}><title>Jobs</title>{inner}</feed>'


@pytest.fixture
def unread(tmp_path):
    """Return what reads one role and says which columns nobody reads."""

    def _unread(name, content):
        path = tmp_path / name
        path.write_text(content)
        (row,) = read(path)
        return set(convert(row, Naming(source="t"), currency="GBP", today=TODAY).unread)

    return _unread


@pytest.fixture
def rows(tmp_path):
    """Return what reads a file into records and bad rows."""

    def _rows(name, content):
        path = tmp_path / name
        path.write_text(content)
        return list(read(path))

    return _rows


class TestWhereInJobXml:
    @pytest.mark.parametrize(
        ("part", "place", "country"),
        [
            ("<city>Leeds</city><state>Yorkshire</state>", "Leeds, Yorkshire", ""),
            ("<location/><city>Leeds</city><state/><country>GB</country>", "Leeds", "GB"),
            ("<location>Leeds, UK</location>", "Leeds, UK", "GB"),
            ("<location><city>Leeds</city><country>GB</country></location>", "Leeds, GB", "GB"),
            ('<location city="Leeds" country="GB"/>', "Leeds, GB", "GB"),
            (
                "<locations><location>Leeds</location><location>York</location></locations>",
                "Leeds; York", "",
            ),
            ("<locations><location>Leeds</location></locations>", "Leeds", ""),
            ("<location>Leeds</location><location>York</location>", "Leeds; York", ""),
            (
                ("<locations><location><city>Leeds</city></location><location><city>York</city>"
                "</location></locations>"),
                "Leeds; York", "",
            ),
        ],
    )  # fmt: skip
    def test_a_place_as_text_as_parts_or_several(self, roles, part, place, country):
        (role,) = roles("jobs.xml", jobs(part))

        assert facts(role, "mode", "place", "country") == ("onsite", place, country)
        assert role.unparsed == {}

    def test_an_attribute_beside_a_text_is_named(self, roles, unread):
        content = jobs('<location country="GB">Leeds</location>')
        (role,) = roles("jobs.xml", content)

        assert facts(role, "place", "country") == ("Leeds", "")
        assert unread("jobs.xml", content) == {"location@country"}


class TestPayInJobXml:
    @pytest.mark.parametrize(
        ("part", "pay"),
        [
            ("<salary>£12 per hour</salary>", ("hourly", 1_200, None, "GBP")),
            ("<salary><![CDATA[€12 - €14 / hour]]></salary>", ("hourly", 1_200, 1_400, "EUR")),
            (
                (
                    "<salary><min>12</min><max>14</max><currency>EUR</currency><period>hour</period>"
                    "</salary>"
                ),
                ("hourly", 1_200, 1_400, "EUR"),
            ),
            (
                (
                    "<baseSalary><minValue>12</minValue><maxValue>14</maxValue></baseSalary>"
                    '<salary currency="EUR" unit="hourly" min="12" max="14"/>'
                ),
                ("hourly", 1_200, 1_400, "EUR"),
            ),
            ('<salary currency="EUR" unit="hourly">12</salary>', ("hourly", 1_200, None, "EUR")),
            (
                '<salary><amount currency="EUR">1200</amount><period>month</period></salary>',
                ("stipend_month", 120_000, None, "EUR"),
            ),
            (
                (
                    "<salary_min>12</salary_min><salary_max>14</salary_max>"
                    "<salary_currency>EUR</salary_currency><salary_period>hour</salary_period>"
                ),
                ("hourly", 1_200, 1_400, "EUR"),
            ),
            ("<salary></salary>", (None, None, None, "")),
            ("<salary><min>0</min><max>0</max></salary>", (None, None, None, "")),
        ],
    )
    def test_as_text_as_parts_and_as_fields(self, roles, part, pay):
        (role,) = roles("jobs.xml", jobs(part))

        assert facts(role, "pay_kind", "pay_amount_minor", "pay_max_minor", "pay_currency") == pay
        assert "pay" not in role.unparsed

    @pytest.mark.parametrize(
        ("part", "words"),
        [
            ("<salary><text>Competitive</text></salary>", "Competitive"),
            (
                "<salary>£12 per hour</salary><salary>£14 per hour</salary>",
                "£12 per hour; £14 per hour",
            ),
            ("<salary>£120 a day</salary>", "£120 a day"),
            ('<salary currency="EUR" unit="shift">90</salary>', "EUR 90 per shift"),
        ],
    )
    def test_what_is_no_sure_pay_stays_words(self, roles, part, words):
        (role,) = roles("jobs.xml", jobs(part))

        assert facts(role, "pay_kind", "pay_amount_minor") == (None, None)
        assert role.unparsed == {"pay": words}


class TestTextsInJobXml:
    @pytest.mark.parametrize(
        "part",
        [
            (
                "<description>&lt;p&gt;Do &lt;b&gt;it&lt;/b&gt; &amp;amp; see&lt;/p&gt;"
                "&lt;ul&gt;&lt;li&gt;Slowly&lt;/li&gt;&lt;/ul&gt;</description>"
            ),
            (
                "<description><![CDATA[<p>Do <b>it</b> &amp; see</p><ul><li>Slowly</li></ul>]]>"
                "</description>"
            ),
            "<description><p>Do <b>it</b> &amp; see</p><ul><li>Slowly</li></ul></description>",
            (
                '<description><div xmlns="http://www.w3.org/1999/xhtml"><p>Do <b>it</b> &amp; see'
                "</p><ul><li>Slowly</li></ul></div></description>"
            ),
        ],
        ids=["escaped", "data", "elements", "xhtml"],
    )
    def test_html_however_it_is_put_in(self, roles, part):
        (role,) = roles("jobs.xml", jobs(part))

        assert role.values["description"] == "Do it & see\n\n- Slowly"

    def test_parts_of_a_description_are_its_paragraphs(self, roles):
        (role,) = roles(
            "jobs.xml", jobs("<description><duties>Do it</duties><more>Well</more></description>")
        )

        assert role.values["description"] == "Do it\n\nWell"

    def test_entities_of_html_are_read_though_xml_has_none(self, roles):
        (role,) = roles(
            "jobs.xml", jobs("<description>Caf&eacute;&nbsp;&copy; &lt;3</description>")
        )

        assert role.values["description"] == "Café © <3"

    def test_an_unknown_entity_is_refused(self, refusal):
        assert "undefined entity" in refusal("jobs.xml", jobs("<summary>&unheard;</summary>"))

    @pytest.mark.parametrize(
        ("part", "field", "kept"),
        [
            ("<category>Design</category>", "design", {}),
            (
                "<category>Design</category><category>Summer</category>",
                "design", {"field": "Design; Summer"},
            ),
            (
                ("<categories><category>Summer</category><category>2027</category></categories>"
                "<category>Summer</category><category>Design</category>"),
                "", {"field": "Summer; Design"},
            ),
            ("<category></category>", "", {}),
        ],
    )  # fmt: skip
    def test_of_several_categories_the_first_counts_and_none_is_lost(
        self, roles, part, field, kept
    ):
        (role,) = roles("jobs.xml", jobs(part))

        assert role.values["field"] == field
        assert role.unparsed == kept

    def test_an_organization_with_parts_stands_by_its_name(self, roles):
        (role,) = roles(
            "jobs.xml",
            '<jobs><job id="9"><title>Helper</title><company id="2"><name>Acme</name></company>'
            "<skills><skill>Python</skill></skills></job></jobs>",
        )

        assert (role.external_id, role.org) == ("9", "Acme")
        assert [each["name"] for each in role.parts["skills"]] == ["Python"]


class TestDaysInJobXml:
    @pytest.mark.parametrize(
        ("words", "day"),
        [
            ("Sat, 16 Jan 2027 07:59:59 GMT", date(2027, 1, 15)),
            ("Sat, 16 Jan 2027 07:59:59 +0000", date(2027, 1, 15)),
            ("2027-01-16T07:59:59Z", date(2027, 1, 15)),
            ("Fri, 15 Jan 2027 23:59:59 -0800", date(2027, 1, 15)),
            ("2027-01-15T23:59-08:00", date(2027, 1, 15)),
            ("2027-01-15", date(2027, 1, 15)),
            ("15 Jan 2027", date(2027, 1, 15)),
            ("", None),
        ],
    )
    def test_the_last_day_is_that_of_the_country(self, roles, words, day):
        part = f"<expirationdate>{words}</expirationdate><country>US</country>"
        (role,) = roles("jobs.xml", jobs(part))

        assert role.values["apply_by"] == day
        assert role.unparsed == {}

    def test_a_day_that_does_not_exist_stays_words(self, roles):
        (role,) = roles("jobs.xml", jobs("<deadline>Sun, 31 Feb 2027 00:00:00 GMT</deadline>"))

        assert role.values["apply_by"] is None
        assert role.unparsed == {"apply_by": "Sun, 31 Feb 2027 00:00:00 GMT"}


class TestWhatIsAJob:
    def test_a_list_with_a_title_is_none(self, roles):
        (role,) = roles(
            "jobs.xml", "<jobs><title>All jobs</title><job><title>A</title></job></jobs>"
        )

        assert role.values["title"] == "A"

    def test_one_without_a_title_among_others_is_named(self, rows):
        content = (
            "<list><job><title>A</title></job><job><ref>2</ref></job>"
            "<page><job><title>B</title></job></page></list>"
        )
        found = rows("jobs.xml", content)

        assert [row.values for row in found] == [{"title": "A"}, {"ref": "2"}, {"title": "B"}]
        role = convert(found[1], Naming(), currency="GBP")
        assert [(fault.line, fault.field) for fault in role.bad] == [(2, "title")]

    def test_a_job_within_a_job_is_a_part_of_it(self, rows):
        (row,) = rows(
            "jobs.xml", "<all><job><title>A</title><role><title>B</title></role></job></all>"
        )

        assert row.values["title"] == "A"


class TestFeeds:
    def test_the_entry_gives_the_address_where_a_posting_has_none(self, roles):
        content = f'<content type="application/ld+json">{UNNUMBERED}</content>'
        one, other, own = roles(
            "feed.atom",
            atom(
                f'<link rel="self" href="https://e.org/x"/><link href="https://e.org/1"/>{content}',
                f'<link rel="alternate" href="https://e.org/2"/>{content}',
                '<link href="https://e.org/3"/><content type="application/ld+json">'
                f"{json.dumps(posting(url='https://acme.org/3'))}</content>",
            ),
        )

        assert (one.external_id, other.external_id) == ("https://e.org/1", "https://e.org/2")
        assert own.external_id == "https://acme.org/3"

    @pytest.mark.parametrize(
        ("base", "entry", "address"),
        [
            ("https://e.org/jobs/", '<link href="1"/>', "https://e.org/jobs/1"),
            ("https://e.org/jobs/", '<link href="/1"/>', "https://e.org/1"),
            ("https://e.org/", '<link xml:base="in/leeds/" href="1"/>', "https://e.org/in/leeds/1"),
            ("https://e.org/", '<link href="https://f.org/1"/>', "https://f.org/1"),
            ("", '<link href="jobs/1"/>', "jobs/1"),
        ],
    )
    def test_relative_links_lead_from_the_base(self, roles, base, entry, address):
        content = f'{entry}<content type="application/ld+json">{UNNUMBERED}</content>'
        (role,) = roles("feed.atom", atom(content, base=base))

        assert role.external_id == address

    def test_the_address_of_a_posting_is_relative_to_the_base_as_well(self, roles):
        content = json.dumps(posting(url="jobs/1"))
        (role,) = roles(
            "feed.atom",
            atom(f'<content type="application/ld+json">{content}</content>', base="https://e.org/"),
        )

        assert role.external_id == "https://e.org/jobs/1"

    def test_a_posting_in_summary_and_content_is_one(self, rows):
        twice = "".join(
            f'<{name} type="application/ld+json">{LD}</{name}>' for name in ("summary", "content")
        )
        (row,) = rows("feed.atom", atom(twice))

        assert row.values["identifier"] == "p1"

    def test_several_postings_of_an_entry_do_not_share_its_address(self, roles):
        both = json.dumps([posting(title="A"), posting(title="B")])
        content = f'<content type="application/ld+json">{both}</content>'
        one, other = roles("feed.atom", atom(f'<link href="https://e.org/1"/>{content}'))

        assert (one.values["title"], other.values["title"]) == ("A", "B")
        assert one.external_id != other.external_id

    def test_entries_without_a_posting_are_named(self, rows):
        found = rows(
            "feed.atom",
            atom(f'<content type="application/ld+json">{LD}</content>', "<title>News</title>"),
        )

        assert isinstance(found[0], Record)
        assert found[1] == BadRow(2, "entry", "carries no JobPosting.")

    @pytest.mark.parametrize(
        "entry",
        [
            "<title>Helper</title><summary>Acme seeks a helper</summary>",
            '<content type="html">&lt;div itemtype="https://schema.org/JobPosting"&gt;</content>',
            '<content type="application/ld+json">{"@type": "Article"}</content>',
        ],
    )
    def test_a_feed_of_none_is_no_table_of_roles(self, refusal, entry):
        assert "1 entries, and none carries a JobPosting" in refusal("feed.atom", atom(entry))

    def test_elements_of_the_vocabulary_with_several_places_and_html(self, roles):
        space = 'xmlns:s="https://schema.org/"'
        (role,) = roles(
            "feed.atom",
            atom(
                f"<s:JobPosting {space}><s:title>Helper</s:title><s:hiringOrganization>"
                "<s:Organization><s:name>Acme</s:name></s:Organization></s:hiringOrganization>"
                "<s:jobLocation><s:Place><s:address><s:PostalAddress><s:addressLocality>Leeds"
                "</s:addressLocality></s:PostalAddress></s:address></s:Place><s:Place>"
                "<s:address>York</s:address></s:Place></s:jobLocation>"
                "<s:description><p>Do</p><p>it</p></s:description>"
                '<s:url href="https://e.org/1"/><s:baseSalary><s:MonetaryAmount>'
                "<s:currency>EUR</s:currency><s:value><s:QuantitativeValue><s:value>12</s:value>"
                "<s:unitText>HOUR</s:unitText></s:QuantitativeValue></s:value></s:MonetaryAmount>"
                "</s:baseSalary></s:JobPosting>"
            ),
        )

        assert (role.external_id, role.org) == ("https://e.org/1", "Acme")
        assert facts(role, "place", "description", "pay_amount_minor", "pay_currency") == (
            "Leeds; York", "Do\n\nit", 1_200, "EUR",
        )  # fmt: skip
        assert role.unparsed == {}


class TestJobsOfRss:
    def test_names_of_other_namespaces_do_not_meet_the_items_own(self, roles, unread):
        content = rss(
            "<j:company>Acme</j:company><media:title>A photo</media:title><link>https://e.org/1"
            "</link><pubDate>Mon, 30 Nov 2026 09:00:00 GMT</pubDate>",
            spaces='xmlns:j="urn:jobs" xmlns:media="http://search.yahoo.com/mrss/"',
        )
        (role,) = roles("feed.rss", content)

        assert (role.values["title"], role.org) == ("Helper", "Acme")
        assert role.values["apply_by"] is None
        assert unread("feed.rss", content) == {"mrss:title", "pubdate"}

    @pytest.mark.parametrize(
        "said",
        [
            "<salary>£12 per hour</salary>",
            (
                "<remoteStatus>hybrid</remoteStatus><l:locations><l:location><l:city>Leeds</l:city>"
                "</l:location></l:locations>"
            ),
            "<job_type>Internship</job_type>",
        ],
    )
    def test_an_item_without_a_company_is_a_job_by_what_only_jobs_have(self, roles, said):
        (role,) = roles("feed.rss", rss(f"<link>https://e.org/1</link>{said}", spaces=NAMED))

        assert (role.values["title"], role.org, role.employer) == ("Helper", "", "")

    @pytest.mark.parametrize(
        "said",
        [
            "<category>News</category><author>Ann</author>",
            "<l:location>Leeds</l:location><l:startdate>2027-01-01</l:startdate>",
            "<type>talk</type>",
            "<salary/>",
        ],
    )
    def test_news_and_events_are_no_jobs(self, rows, said):
        with pytest.raises(Unreadable, match="none carries a JobPosting"):
            rows("feed.rss", rss(f"<link>https://e.org/1</link>{said}", spaces=NAMED))

    def test_the_encoded_content_goes_before_the_synopsis(self, roles, unread):
        content = rss(
            "<company>Acme</company><link>https://e.org/1</link><description>Do…</description>"
            "<c:encoded><![CDATA[<p>Do &amp; see</p>]]></c:encoded>",
            spaces='xmlns:c="http://purl.org/rss/1.0/modules/content/"',
        )
        (role,) = roles("feed.rss", content)

        assert role.values["description"] == "Do & see"
        assert unread("feed.rss", content) == {"synopsis"}

    @pytest.mark.parametrize(
        ("item", "known_by"),
        [
            ("<link>https://e.org/1</link><guid>https://e.org/g</guid>", "https://e.org/1"),
            ("<guid>https://e.org/g</guid>", "https://e.org/g"),
            ('<guid isPermaLink="false">job-7</guid>', "job-7"),
            ("<link/><guid isPermaLink='false'>job-7</guid>", "job-7"),
            ("<reference>R7</reference><link>https://e.org/1</link>", "R7"),
        ],
    )
    def test_known_by_number_link_or_what_is_permanent(self, roles, item, known_by):
        (role,) = roles("feed.rss", rss(f"<company>Acme</company>{item}"))

        assert role.external_id == known_by

    def test_an_employer_is_named_by_that_word_too(self, roles):
        (role,) = roles(
            "feed.rss", rss("<g:employer>Acme</g:employer>", spaces='xmlns:g="urn:g"')
        )  # fmt: skip

        assert role.employer == "Acme"

    def test_an_entry_of_atom_with_the_facts_of_a_job(self, roles):
        (role,) = roles(
            "feed.atom",
            atom(
                '<title>Helper</title><id>tag:e.org,2026:1</id><link href="https://e.org/1"/>'
                '<j:company xmlns:j="urn:jobs">Acme</j:company><author><name>Bo</name></author>'
                '<category term="marketing"/><source><id>tag:x</id></source>'
                '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Do <b>it</b>'
                "</p></div></content><summary>It.</summary>"
            ),
        )

        assert (role.external_id, role.org, role.source) == ("tag:e.org,2026:1", "Acme", "test")
        assert facts(role, "field", "description", "summary") == ("marketing", "Do it", "")

    def test_rss_1_keeps_its_items_beside_the_channel(self, roles):
        (role,) = roles(
            "feed.rdf",
            '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
            'xmlns="http://purl.org/rss/1.0/"><channel><title>Jobs</title></channel><item>'
            '<title>Helper</title><j:company xmlns:j="urn:j">Acme</j:company></item></rdf:RDF>',
        )

        assert (role.values["title"], role.org) == ("Helper", "Acme")


class TestLetters:
    @pytest.mark.parametrize(
        ("declared", "encoding", "town"),
        [
            ("utf-8", "utf-8", "Zürich"),
            ("utf-8", "utf-8-sig", "Zürich"),
            ("iso-8859-1", "iso-8859-1", "Zürich"),
            ("iso-8859-2", "iso-8859-2", "Łódź"),
            ("windows-1251", "cp1251", "Київ"),
            ("utf-16", "utf-16", "Łódź"),
            ("Shift_JIS", "shift_jis", "東京"),
            ("utf-8", "cp1252", "Zürich"),
            ("utf-16", "utf-8", "Łódź"),
            ("", "utf-8", "Łódź"),
            ("", "cp1252", "Zürich"),
        ],
    )
    def test_a_declaration_is_followed_where_it_can_be_true(self, roles, declared, encoding, town):
        head = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
        (role,) = roles("jobs.xml", (head + jobs(f"<city>{town}</city>")).encode(encoding))

        assert role.values["place"] == town

    def test_what_calls_itself_latin_1_may_have_a_euro(self, roles):
        content = '<?xml version="1.0" encoding="iso-8859-1"?>' + jobs("<pay>€12 per hour</pay>")
        (role,) = roles("jobs.xml", content.encode("cp1252"))

        assert facts(role, "pay_amount_minor", "pay_currency") == (1_200, "EUR")

    def test_a_blank_line_may_stand_before_the_declaration(self, roles):
        (role,) = roles("jobs.xml", '\n\n<?xml version="1.0"?>' + jobs("<city>Leeds</city>"))

        assert role.values["place"] == "Leeds"

    def test_an_encoding_that_does_not_exist_is_named(self, refusal):
        content = '<?xml version="1.0" encoding="klingon"?>' + jobs("")

        assert "unknown encoding: klingon" in refusal("jobs.xml", content)

    @pytest.mark.parametrize("declared", ["rot13", "punycode", "unicode_escape"])
    def test_what_is_no_encoding_of_text_decodes_nothing(self, roles, declared):
        content = f'<?xml version="1.0" encoding="{declared}"?>' + jobs("<city>Zürich</city>")
        (role,) = roles("jobs.xml", content)

        assert role.values["place"] == "Zürich"


class TestBounds:
    @pytest.mark.parametrize(
        "content",
        [
            "<!DOCTYPE jobs><jobs><job><title>A</title></job></jobs>",
            '<!DOCTYPE jobs [<!ENTITY a "b">]><jobs><job><title>&a;</title></job></jobs>',
            '<!DOCTYPE jobs SYSTEM "file:///etc/passwd"><jobs><job><title>A</title></job></jobs>',
        ],
    )
    def test_a_document_type_is_refused(self, refusal, content):
        assert "document type or entities" in refusal("jobs.xml", content)

    def test_a_file_that_ends_too_early_is_refused_with_the_place(self, refusal):
        assert "line 1" in refusal("jobs.xml", jobs("")[:-20])

    @pytest.mark.parametrize(
        "content",
        [
            "<rss><channel>" + "<item>" * 50_000 + "</item>" * 50_000 + "</channel></rss>",
            "<job><title>A</title>" * 30_000 + "</job>" * 30_000,
            "<a>" * 100_000 + "</a>" * 100_000,
            "<job><title>A</title><salary>" + "<b>" * 50_000 + "</b>" * 50_000 + "</salary></job>",
            "<job><title>A</title>" + "<category>x</category>" * 50_000 + "</job>",
            "<job><title>A</title><description>" + "<p>" * 50_000 + "</p>" * 50_000
            + "</description></job>",
            "<jobs>" + "<job a='b'><title>A</title><x y='z'>1</x></job>" * 10_000 + "</jobs>",
        ],
        ids=["items", "jobs", "elements", "pay", "categories", "paragraphs", "many"],
    )  # fmt: skip
    def test_deep_and_long_documents_are_read_or_refused(self, tmp_path, content):
        path = tmp_path / "jobs.xml"
        path.write_text(content)

        with suppress(Unreadable):
            for row in read(path):
                assert isinstance(row, Record)
                role = convert(row, Naming(source="t"), currency="GBP", today=TODAY)
                assert role.values["title"] or role.bad
