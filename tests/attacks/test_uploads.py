"""Taking the site down, or getting something past it, with a resume."""

import base64
import resource
import threading
import time
import zlib
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from opportunities.applications.models import Application
from opportunities.candidates import uploads
from opportunities.candidates.models import Resume
from opportunities.core import bounded_reading
from opportunities.core.errors import Busy, LimitReached
from opportunities.importing import uploads as adverts
from tests.candidates.hostile_files import (
    CATALOG,
    HONEST,
    PAGE,
    PAGES,
    PLAIN,
    action,
    raw,
    stream,
    with_annotation,
    with_content,
    zeros,
)
from tests.factories import CandidateProfileFactory, OpportunityFactory

RESUMES = "/api/v1/profile/resumes"
BOMB = zeros(800 * 1024 * 1024)


@pytest.fixture(autouse=True)
def _own_uploads(settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path},
        }
    }


def upload(data=PLAIN):
    return SimpleUploadedFile("resume.pdf", data, content_type="application/pdf")


def processor_seconds_of(data):
    """Return the verdict on a file and what the processes took that looked into it."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    verdict = uploads.inspect(data)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return verdict, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def small_objects(count, body=b"<< /A [1 2 3] /B (x) >>"):
    return raw(CATALOG, PAGES, PAGE % b"", *[body] * count)


COSTLY = {
    "as many small objects as 2 MB hold": small_objects(33_000),
    "objects with many parts": small_objects(7_900, b"[" + b"0 " * 110 + b"]"),
    "dictionaries with many entries": small_objects(
        1_900, b"<< " + b" ".join(b"/K%d 1" % number for number in range(120)) + b" >>"
    ),
    "objects without a table that finds them": small_objects(30_000).replace(b"startxref", b"%"),
}


@pytest.mark.parametrize("name", COSTLY)
def test_a_file_made_to_be_slow_costs_two_seconds_of_processor_at_most(name):
    data = COSTLY[name]
    assert len(data) <= uploads.MAX_SIZE

    verdict, seconds = processor_seconds_of(data)

    assert verdict in uploads.REFUSALS
    assert seconds < 2.6  # the limit itself counts whole seconds; starting Python is in it


@pytest.mark.parametrize(
    ("packed", "filters"),
    [
        (base64.a85encode(BOMB) + b"~>", b"[/ASCII85Decode /FlateDecode]"),
        (base64.a85encode(BOMB) + b"~>", b"[/A85 /Fl]"),
        (base64.a85encode(BOMB, wrapcol=76) + b"~>", b"[/ASCII85Decode /FlateDecode]"),
        (BOMB.hex().encode() + b">", b"[/ASCIIHexDecode /FlateDecode]"),
        (
            base64.a85encode(BOMB.hex().encode() + b">") + b"~>",
            b"[/ASCII85Decode /ASCIIHexDecode /FlateDecode]",
        ),
        (BOMB[2:-4], b"/FlateDecode"),
        (zlib.compress(BOMB), b"[/FlateDecode /ASCII85Decode /FlateDecode]"),
        (b"\xff\xd8" + BOMB, b"[/DCTDecode /FlateDecode]"),
    ],
    ids=[
        "behind ASCII85", "by the short names", "in lines", "behind hexadecimal digits",
        "behind both", "without its head", "behind itself", "behind a picture",
    ],
)  # fmt: skip
def test_a_stream_of_800_mb_is_refused_however_it_is_wrapped(packed, filters):
    data = with_content(stream(packed, filters))
    assert len(data) <= uploads.MAX_SIZE

    assert uploads.inspect(data) in {"bomb", "broken"}


def test_a_stream_of_800_mb_behind_a_filter_that_is_named_elsewhere_is_refused():
    data = raw(
        CATALOG,
        PAGES,
        PAGE % b"/Contents 4 0 R",
        stream(base64.a85encode(BOMB) + b"~>", b"5 0 R"),
        b"[6 0 R /FlateDecode]",
        b"/ASCII85Decode",
    )

    assert uploads.inspect(data) == "bomb"


def test_a_picture_of_a_thousand_million_points_is_refused():
    fax = b"/CCITTFaxDecode /Width 40000 /Height 40000 /Subtype /Image"

    assert uploads.inspect(raw(CATALOG, PAGES, PAGE % b"", stream(b"\x00" * 99, fax))) == "bomb"


HONEST_CHAINS = {
    "text as some programs pack it": (
        base64.a85encode(zlib.compress(b"BT (Ada) Tj ET" * 900)) + b"~>",
        b"[/ASCII85Decode /FlateDecode]",
    ),
    "text in hexadecimal digits": (zlib.compress(b"BT ET").hex().encode() + b">",
                                   b"[/ASCIIHexDecode /FlateDecode]"),
    "a photograph": (b"\xff\xd8\xff" + b"x" * 500, b"/DCTDecode /Width 600 /Height 800"),
    "a packed photograph": (zlib.compress(b"\xff\xd8\xff" + b"x" * 500),
                            b"[/FlateDecode /DCTDecode]"),
}  # fmt: skip


@pytest.mark.usefixtures("inspected_by_forks")
@pytest.mark.parametrize("name", HONEST_CHAINS)
def test_what_honest_programs_wrap_is_still_taken(name):
    assert uploads.inspect(with_content(stream(*HONEST_CHAINS[name]))) == "ok"


def link(target):
    body = b"<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A << /S /URI /URI %b >> >>"
    return with_annotation(body % target)


@pytest.mark.usefixtures("inspected_by_forks")
@pytest.mark.parametrize(
    "target",
    [
        b"(javascript:alert\\(1\\))", b"(JaVaScRiPt:alert\\(1\\))", b"(file:///etc/passwd)",
        b"(data:text/html,x)", b"(\\\\\\\\evil.example\\\\share)", b"(ms-word:ofe|u|x)",
        b"(smb://evil.example/x)", b"( javascript:x)", b"(java\\nscript:x)", b"(evil.exe)",
        b"<6a6176617363726970743a78>", b"<feff006a006100760061003a0078>", b"(https://a.example\\n)",
    ],
)  # fmt: skip
def test_a_link_to_anything_but_the_web_and_mail_is_refused(target):
    assert uploads.inspect(link(target)) == "unsafe_link"


@pytest.mark.usefixtures("inspected_by_forks")
def test_a_link_that_stands_behind_a_reference_is_found():
    data = raw(
        CATALOG, PAGES, PAGE % b"/Annots [4 0 R]",
        b"<< /Type /Annot /Subtype /Link /A 5 0 R >>", b"<< /S /URI /URI 6 0 R >>",
        b"(file:///etc/passwd)",
    )  # fmt: skip

    assert uploads.inspect(data) == "unsafe_link"


@pytest.mark.usefixtures("inspected_by_forks")
def test_a_link_on_opening_and_a_base_for_links_are_looked_at_too():
    based = raw(b"<< /Type /Catalog /Pages 2 0 R /URI << /Base (file:///) >> >>", PAGES, PAGE % b"")

    assert uploads.inspect(action(b"<< /S /URI /URI (file:///x) >>")) == "unsafe_link"
    assert uploads.inspect(based) == "unsafe_link"


@pytest.mark.usefixtures("inspected_by_forks")
@pytest.mark.parametrize(
    "target",
    [b"(https://ada.example/work?x=1#y)", b"(HTTP://ada.example)", b"(mailto:ada@example.org)"],
)
def test_a_link_to_the_web_or_mail_is_taken(target):
    assert uploads.inspect(link(target)) == "ok"


@pytest.fixture
def slow_inspector(monkeypatch, tmp_path):
    """Let every inspection take until it is released; count how many run at once."""
    held, most, now = threading.Event(), [0], [0]
    lock = threading.Lock()

    def inspect(data):
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        held.wait(60)
        with lock:
            now[0] -= 1
        return "ok"

    monkeypatch.setattr(uploads, "inspect", inspect)
    return held, most


@pytest.mark.django_db(transaction=True)
class TestSixteenFilesAtOnce:
    def test_two_are_looked_into_and_the_others_come_again(self, slow_inspector):
        held, most = slow_inspector
        people = [CandidateProfileFactory().user for _ in range(16)]
        statuses, waits = [], []

        def send(person):
            client = APIClient()
            client.force_authenticate(person)
            response = client.post(RESUMES, {"file": upload()}, format="multipart")
            connection.close()
            statuses.append(response.status_code)
            waits.append(response.get("Retry-After"))

        threads = [threading.Thread(target=send, args=[person]) for person in people]
        for thread in threads:
            thread.start()
        for _ in range(1000):
            if len(statuses) == 14:
                break
            time.sleep(0.05)
        refused = list(statuses)
        held.set()
        for thread in threads:
            thread.join(20)

        assert refused == [503] * 14  # while the two are still at it
        assert most == [2]
        assert sorted(statuses) == [201] * 2 + [503] * 14
        assert all(int(wait) >= 1 for wait in waits if wait)
        assert sum(wait is not None for wait in waits) == 14

    def test_a_page_says_so_and_keeps_what_was_written(self, monkeypatch):
        profile = CandidateProfileFactory()
        role = OpportunityFactory(open=True)
        client = Client()
        client.force_login(profile.user)

        def busy(data):
            raise Busy("Too many files are being looked into just now. Send yours again shortly.")

        monkeypatch.setattr(uploads, "inspect", busy)
        response = client.post(
            reverse("opportunities:apply", args=[role.slug, role.public_id]),
            {"name": "Ada Kept", "upload": upload(), "cover_letter": "Dear all"}
            | {f"answer_{place}": "I can." for place in range(5)},
        )

        assert response.status_code == 503
        assert int(response.headers["Retry-After"]) >= 1
        assert b"Ada Kept" in response.content
        assert b"Send yours again shortly" in response.content
        assert not Application.objects.exists()

    def test_a_file_that_fails_gives_its_place_back(self):
        person = CandidateProfileFactory().user
        at = timezone.now()

        for _ in range(3):
            with pytest.raises(Exception, match="not a PDF"):
                uploads.keep_resume(candidate=person, file=upload(b"MZ"), at=at)

        assert uploads.keep_resume(candidate=person, file=upload(), at=at).pk


@pytest.mark.django_db
class TestManyFilesByOneAccount:
    def test_the_eleventh_within_an_hour_is_refused_without_a_look(self, monkeypatch):
        person = CandidateProfileFactory().user
        at = timezone.now().replace(minute=0)
        looked = []
        monkeypatch.setattr(uploads, "inspect", lambda _: looked.append(1) or "ok")

        for _ in range(10):
            uploads.keep_resume(candidate=person, file=upload(), at=at)
        with pytest.raises(LimitReached) as refused:
            uploads.keep_resume(candidate=person, file=upload(), at=at)
        later = uploads.keep_resume(candidate=person, file=upload(), at=at + timedelta(hours=1))

        assert len(looked) == 11
        assert 0 < refused.value.wait <= 3600
        assert later == Resume.objects.get()

    def test_page_and_api_count_together_and_say_when_to_come_again(self, monkeypatch):
        profile = CandidateProfileFactory()
        role = OpportunityFactory(open=True)
        monkeypatch.setattr(uploads, "inspect", lambda _: "broken")
        api, pages = APIClient(), Client()
        api.force_authenticate(profile.user)
        pages.force_login(profile.user)

        for _ in range(10):
            sent = api.post(RESUMES, {"file": upload()}, format="multipart")
            assert sent.status_code == 422
        refused = api.post(RESUMES, {"file": upload()}, format="multipart")
        page = pages.post(
            reverse("opportunities:apply", args=[role.slug, role.public_id]),
            {"name": "Ada", "upload": upload(), "cover_letter": "Dear all"}
            | {f"answer_{place}": "I can." for place in range(5)},
        )

        assert (refused.status_code, page.status_code) == (429, 429)
        assert int(refused.headers["Retry-After"]) > 0
        assert int(page.headers["Retry-After"]) > 0

    def test_a_silent_cache_does_not_lift_the_limit(self, monkeypatch, settings):
        settings.CACHES = settings.CACHES | {
            "default": settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1/0"}
        }
        person = CandidateProfileFactory().user
        at = timezone.now()
        monkeypatch.setattr(uploads, "inspect", lambda _: "ok")

        for _ in range(10):
            uploads.keep_resume(candidate=person, file=upload(), at=at)
        with pytest.raises(LimitReached):
            uploads.keep_resume(candidate=person, file=upload(), at=at)


def test_the_honest_files_of_today_all_pass():
    assert {name: uploads.inspect(data) for name, data in HONEST.items()} == dict.fromkeys(
        HONEST, "ok"
    )


def test_adverts_and_resumes_share_the_few_places():
    with bounded_reading.slot(), bounded_reading.slot(), pytest.raises(Busy):
        adverts.extract(PLAIN)

    with bounded_reading.slot(), bounded_reading.slot(), pytest.raises(Busy):
        uploads.read_words(PLAIN)


def test_a_machine_without_time_calls_no_file_too_complex(monkeypatch):
    monkeypatch.setattr(bounded_reading, "SECONDS", 0.001)

    with pytest.raises(Busy, match="no time"):
        uploads.read_words(PLAIN)
