"""Skills found in a CV: what its words name, whatever the file, and nothing that they do not."""

import io
import json
import zipfile
from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pypdf import PdfReader, PdfWriter

from opportunities.candidates.resumes.skills import find_skills
from opportunities.core.errors import Invalid
from opportunities.skills import loading
from tests.candidates.hostile_files import CATALOG, PAGE, PAGES, PLAIN, raw, written
from tests.shared_rows import shared_rows

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("inspected_by_forks"),
    pytest.mark.xdist_group("skills of a CV"),
]

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
FONT = (
    b"/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica "
    b"/Encoding /WinAnsiEncoding >> >> >> /Contents 4 0 R"
)


def columns(*columns):
    """Return a PDF whose columns stand side by side, each a list of lines."""
    shown = b"".join(
        b"BT /F1 10 Tf %d %d Td (%b) Tj ET\n"
        % (40 + 260 * across, 800 - 20 * down, line.encode("cp1252").translate(None, b"()\\"))
        for across, lines in enumerate(columns)
        for down, line in enumerate(lines)
    )
    page = b"<< /Length %d >>\nstream\n%b\nendstream" % (len(shown), shown)
    return raw(CATALOG, PAGES, PAGE % FONT, page)


def docx(*blocks):
    out = io.BytesIO()
    body = "".join(blocks)
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(
            "word/document.xml",
            f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>',
        )
    return out.getvalue()


def line(*runs):
    return "<w:p>" + "".join(f"<w:r><w:t>{run}</w:t></w:r>" for run in runs) + "</w:p>"


def changed(data, change):
    writer = PdfWriter(PdfReader(io.BytesIO(data)))
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def found(data=b"", text="", name="cv.pdf"):
    file = SimpleUploadedFile(name, data) if data else None
    skills = find_skills(text=text, file=file, who="account:1", at=AT)
    return {skill.slug for skill in skills if skill.is_named}


@pytest.fixture(scope="module", autouse=True)
def _vocabulary(django_db_setup, django_db_blocker):
    with shared_rows(django_db_blocker, loading.load_own_skills):
        yield


def with_data(pdf):
    pdf.add_attachment("cv.xml", b"<?xml version='1.0'?><cv/>")


def for_owner(pdf):
    pdf.encrypt("", "owner", algorithm="RC4-128")


def locked(pdf):
    pdf.encrypt("mine", algorithm="RC4-128")


JSON = {"skills": ["Python"], "work": [{"highlights": ["Wrote SQL"], "endDate": None}]}

EUROPASS_JSON = {"SkillsPassport": {"LearnerInfo": {"WorkExperience": [
    {"Period": {"Current": True}, "Activities": "<ul><li>Wrote Python and SQL</li></ul>"}
]}}}  # fmt: skip
EUROPASS_XML = """\
<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Candidate xmlns="http://www.europass.eu/1.0" xmlns:hr="http://www.hr-xml.org/3"
  xmlns:oa="http://www.openapplications.org/oagis/9">
<CandidatePerson><hr:BirthDate>2004-05-03</hr:BirthDate></CandidatePerson>
<oa:Description>&lt;ul&gt;&lt;li&gt;Wrote Python&lt;/li&gt;&lt;/ul&gt;</oa:Description>
<Skills><Skill>SQL</Skill></Skills>
<oa:EmbeddedData mimeCode="image/jpeg">Excel</oa:EmbeddedData>
</Candidate>"""
PAGE_OF_A_CV = "<!DOCTYPE html><title>Excel</title><p>Wrote <b>Python</b> and SQL<hr></p>"

LINKED_IN = """Contact
ines@example.org
www.linkedin.com/in/ines-okafor (LinkedIn)
Top Skills
Python (Programming Language)
SQL
Public Speaking
Languages
German (Native or Bilingual)
Ines Okafor
Student at University of Leeds
Leeds, England, United Kingdom
Experience
Corner shop
Till assistant
June 2024 - Present (2 years 6 months)
Page 1 of 2"""

GERMAN = """Lebenslauf
Persönliche Daten: Geboren am 3. Mai 2004 in Köln
Berufserfahrung
06/2024 - heute Werkstudentin, Stadtbücherei
EDV-Kenntnisse: Python, SQL, MS Excel
Führerschein Klasse B"""


@pytest.mark.parametrize(
    "data",
    [
        written("Skills: Python, SQL"),
        columns(["Skills", "Python", "SQL"], ["Experience", "Corner shop, till", "Two years"]),
        columns(["Experience", "Corner shop, till"], ["Python, SQL", "Leeds"]),
        docx(line("Skills: Py", "thon"), line("SQL")),
        docx(f"<w:tbl><w:tr><w:tc>{line('Python')}</w:tc><w:tc>{line('SQL')}</w:tc></w:tr></w:tbl>"),
        docx(f"<w:sdt><w:sdtContent>{line('Python and SQL')}</w:sdtContent></w:sdt>"),
        changed(written("Python, SQL"), with_data),
        changed(written("Python, SQL"), for_owner),
        json.dumps(JSON).encode(),
        json.dumps(EUROPASS_JSON).encode(),
        EUROPASS_XML.encode(),
        PAGE_OF_A_CV.encode(),
    ],
    ids=["pdf", "left", "right", "docx", "table", "box", "europass", "owner", "json",
         "europass json", "europass xml", "page"],
)  # fmt: skip
def test_the_same_skills_come_out_of_every_file(data):
    assert found(data) == {"python", "sql"}


@pytest.mark.parametrize("data", [json.dumps(EUROPASS_JSON), EUROPASS_XML, PAGE_OF_A_CV])
def test_the_words_are_shown_without_their_markup(data):
    file = SimpleUploadedFile("cv", data.encode())

    skills = find_skills(text="", file=file, who="account:1", at=AT)

    assert "Python" in "".join(skill.said for skill in skills)
    assert not any(mark in skill.said for skill in skills for mark in "<>&")


@pytest.mark.parametrize("text", [LINKED_IN, GERMAN])
def test_texts_of_linked_in_and_german_cvs(text):
    assert found(text=text) >= {"python", "sql"}


@pytest.mark.parametrize(
    "text",
    [
        "Geboren am 3. Mai 2004 in Köln\nFührerschein Klasse B",
        "Corner shop\nTill assistant\nJune 2024 - Present (2 years 6 months)\nPage 1 of 2",
        "References on request\nI read and go for walks",
        "Nationality: German, French  Date of birth: 03/05/2004  Gender: Female",
        "Staatsangehörigkeit: deutsch / spanisch\nGeburtsort: Köln",
    ],
)
def test_nothing_is_found_where_nothing_is_named(text):
    assert found(text=text) == set()


def test_a_language_beside_a_nationality_is_found():
    assert found(text="Nationality: German\nMother tongue: Spanish") == {"spanish"}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (PLAIN, "no_text"),
        (docx(line("")), "no_text"),
        (changed(written("Python"), locked), "encrypted"),
        (written("Python")[:-200], "truncated"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "unknown_kind"),
        (b"PK\x03\x04" + bytes(50), "broken"),
    ],
    ids=["scan", "empty", "locked", "cut", "picture", "archive"],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_the_reason(data, code):
    with pytest.raises(Invalid) as refused:
        found(data)

    assert [fault.code for fault in refused.value.faults] == [code]
