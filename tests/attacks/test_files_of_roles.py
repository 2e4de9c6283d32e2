"""Somebody sends a file of roles that is small, and costs much once a program reads it."""

import resource
import time
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from rest_framework.test import APIClient

from config import overload
from opportunities.core import bounded_reading
from opportunities.importing import markup
from opportunities.importing.adverts.read import MAX_ADVERT, read_advert
from opportunities.importing.files import read_bytes
from opportunities.importing.models import ImportJob
from opportunities.importing.rows import Unreadable
from tests.factories import employer_with_owner
from tests.importing.spreadsheets import Repeated, ods, workbook, xlsx

ROWS = [["Title", "Company"], ["Helper", "Acme"]]


def text(place, words):
    return f'<c r="{place}" t="inlineStr"><is><t>{words}</t></is></c>'


def shares(place):
    return f'<c r="{place}" t="s"><v>0</v></c>'


def sheet(*more, after=""):
    head = f'<row r="1">{text("A1", "Title")}</row><row r="2">{text("A2", "Helper")}</row>'
    return f"<sheetData>{head}{''.join(more)}</sheetData>{after}"


def far(row):
    return sheet(f'<row r="{row}">{text(f"XFD{row}", "x")}</row>')


SWOLLEN = {
    "two cells at the ends of a sheet": workbook(far(1_048_576)),
    "two cells of which the lines between are read": workbook(far(49_000)),
    "one cell that is repeated": ods([*ROWS, [Repeated("x", cells=16_384, lines=49_000)]]),
    "a long text that many cells share": workbook(
        sheet(*(f'<row r="{y}">{shares(f"A{y}")}</row>' for y in range(3, 300))),
        shared=["x" * 1_000_000],
    ),
}


def peak_mb():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@pytest.mark.parametrize("content", SWOLLEN.values(), ids=SWOLLEN)
def test_is_refused_without_taking_the_memory_of_the_site(content):
    before = peak_mb()

    with pytest.raises(Unreadable):
        list(read_bytes(content, form="sheet"))

    assert len(content) < 10_000
    assert peak_mb() - before < 100


@pytest.mark.parametrize("merged", ["F1:F2", "XFD1:XFD1048576", "A5:A1048576", "C2:D2"])
def test_cells_merged_beyond_the_last_column_break_nothing(merged):
    assert len(list(read_bytes(xlsx(ROWS, merged=merged), form="sheet"))) == 1


BEGUN = ("<!--", "<!", "<![CDATA[", "<![x ", "<?", "</", "</a", "<a ", "<a b='", "<title>")
"""What a text begins again and again and never ends."""


@pytest.mark.parametrize("begun", BEGUN)
def test_a_page_of_beginnings_is_read_in_no_time(begun):
    page = b"<html>" + begun.encode() * (600_000 // len(begun))
    began = time.process_time()

    with pytest.raises(Unreadable, match="no JobPosting"):
        list(read_bytes(page, form="html"))

    assert time.process_time() - began < 3  # minutes, where each beginning looks for its end


@pytest.mark.parametrize("begun", BEGUN)
def test_a_description_of_beginnings_is_read_in_no_time(begun):
    began = time.process_time()

    markup.plain("<p>Help us</p>" + begun * (600_000 // len(begun)))

    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<p>Help us</p><!-- unfinished", "Help us"),
        ("<p>Help us</p><a href='", "Help us"),
        ("<p>Books & tea at A&B", "Books & tea at A&B"),
        ("<p>1 < 2 <b>and</b> 2 <3", "1 < 2 and 2 <3"),
        ("<![if mso]><p>Help us</p><![endif]>", "Help us"),
        ("<p>Help us</p><![CDATA[x]]>", "Help us"),
    ],
)
def test_what_a_text_leaves_open_costs_no_word_before_it(text, said):
    assert markup.plain(text) == said


@pytest.mark.parametrize("again", ["•", "• ", "| ", "-", "a:", "1-", "a\n", "•a", "(", "*_"])
def test_an_advert_of_signs_is_read_in_no_time(again):
    text = "Intern wanted\n" + (again * MAX_ADVERT)[: MAX_ADVERT - 20]
    began = time.process_time()

    read_advert(text, today=date(2026, 11, 29))

    assert time.process_time() - began < 1  # three seconds, where each sign looks for its label


@pytest.mark.django_db
class TestSending:
    @pytest.fixture
    def owner(self):
        return employer_with_owner(verified=True)

    def send(self, owner, content):
        """Send a file on the page and by the API; return both answers."""
        employer, person = owner
        page, api = Client(), APIClient()
        page.force_login(person)
        api.force_authenticate(person)
        sent = [SimpleUploadedFile("roles.xlsx", content) for _ in range(2)]
        on_the_page = {"employer": employer.slug, "file": sent[0]}
        by_the_api = {"employer": employer.public_id, "file": sent[1]}
        return (
            page.post("/employer/imports/", on_the_page),
            api.post("/api/v1/imports", by_the_api, format="multipart"),
        )

    def test_the_page_and_the_api_say_what_is_wrong_with_it(self, owner):
        page, api = self.send(owner, SWOLLEN["two cells at the ends of a sheet"])

        assert (page.status_code, api.status_code) == (422, 422)
        assert "too large once it is unpacked" in page.text
        assert not ImportJob.objects.exists()

    def test_no_more_than_a_few_are_opened_at_a_time(self, owner):
        with bounded_reading.slot(), bounded_reading.slot():
            page, api = self.send(owner, xlsx(ROWS))

        assert (page.status_code, api.status_code) == (503, 503)
        assert int(page.headers["Retry-After"]) > 0
        assert int(api.headers["Retry-After"]) > 0

    def test_they_are_charged_to_the_address(self):
        addresses = ("/employer/imports/", "/api/v1/imports")

        assert {overload.kind_of("POST", address) for address in addresses} == {"metered"}
        assert {overload.kind_of("GET", address) for address in addresses} == {""}
