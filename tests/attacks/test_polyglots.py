"""A file that is two kinds at once, or says that it is another kind, gets past nobody."""

import ast
import io
from functools import partial

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image
from rest_framework.test import APIClient

from opportunities.candidates import uploads
from opportunities.candidates.models import Resume
from opportunities.core.errors import Invalid
from opportunities.employers.logos import safe_logo
from tests.candidates.hostile_files import PLAIN, archive, raw
from tests.factories import (
    ApplicationFactory,
    CandidateProfileFactory,
    OpportunityFactory,
    employer_with_owner,
)
from tests.importing.advert_files import TEXT, docx, paragraph
from tests.test_architecture import PRODUCT, ROOT, files

SCRIPT = b"<script>alert(document.domain)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'


@pytest.fixture(autouse=True)
def _own_uploads(settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path},
        }
    }


def after_head(data):
    """Return a PDF with bytes in a comment right after its first line."""
    return PLAIN.replace(b"\n", b"\n%" + data + b"\n", 1)


def at(place, word):
    """Return a PDF in whose first comment a word stands at a fixed place of the file."""
    head, _, rest = PLAIN.partition(b"\n")
    filled = head + b"\n%"
    return filled + b" " * (place - len(filled)) + word + b"\n" + rest


def picture(kind):
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "navy").save(out, format=kind)
    return out.getvalue()


RESUMES = {
    "a page and a PDF": after_head(b"<html>" + SCRIPT),
    "a drawing and a PDF": after_head(SVG),
    "a page before a PDF": b"<!doctype html>" + SCRIPT + PLAIN,
    "a page after a PDF": PLAIN + SCRIPT,
    "a PDF and an archive": PLAIN + archive(b"\n%%EOF\n"),
    "a PDF and an archive inside": after_head(archive()),
    "a PDF and a tape archive": at(257, b"ustar"),
    "a PDF and the image of a disc": at(0x8001, b"CD001"),
    "a PDF and a script of PHP": after_head(b"<?php system($_GET[0]); ?>"),
    "a picture and a PDF": picture("GIF") + PLAIN,
    "a script that begins like a picture": b"GIF89a/*" + PLAIN + b"*/=1;alert(1)",
    "a drawing": SVG,
    "a page": b"<html>" + SCRIPT,
    "a document with macros": docx(**{"word/vbaProject.bin": b"x"}),
    "a document": docx(),
}


@pytest.mark.usefixtures("inspected_by_forks")
@pytest.mark.parametrize("name", RESUMES)
def test_no_resume_is_two_kinds_at_once(name):
    assert uploads.inspect(RESUMES[name]) in {"polyglot", "not_pdf"}


@pytest.mark.django_db
@pytest.mark.parametrize("said", ["application/pdf", "text/html", "image/svg+xml"])
def test_what_a_browser_says_of_a_file_decides_nothing(said):
    person = CandidateProfileFactory().user
    client = APIClient()
    client.force_authenticate(person)
    send = partial(client.post, "/api/v1/profile/resumes", format="multipart")

    taken = send({"file": SimpleUploadedFile("cv.html", PLAIN, content_type=said)})
    refused = send({"file": SimpleUploadedFile("cv.pdf", SVG, content_type=said)})

    assert (taken.status_code, refused.status_code) == (201, 422)
    assert Resume.objects.get().name == "cv.pdf"


@pytest.mark.parametrize(
    "kinds",
    [
        "application/vnd.ms-word.document.macroEnabled.main+xml",
        "application/vnd.ms-office.vbaProject",
        "application/vnd.ms-office.activeX+xml",
    ],
)
def test_a_document_whose_macros_stand_under_another_name_gives_no_words(kinds):
    types = f'<Types><Override PartName="/word/theme.xml" ContentType="{kinds}"/></Types>'
    body = "".join(map(paragraph, TEXT))

    assert uploads.read_words(docx(body, **{"[Content_Types].xml": types})) == ("active", "")


@pytest.mark.parametrize("kind", ["GIF", "PNG", "JPEG"])
@pytest.mark.parametrize(
    "payload",
    [SCRIPT, archive(), b"*/=1;alert(1)//", PLAIN],
    ids=["page", "archive", "script", "PDF"],
)
def test_a_logo_keeps_its_pixels_and_nothing_else(kind, payload):
    kept = safe_logo(picture(kind) + payload)

    assert kept.startswith(b"\x89PNG\r\n\x1a\n")
    assert payload not in kept
    assert Image.open(io.BytesIO(kept)).size == (8, 8)


def test_words_inside_a_picture_do_not_reach_the_logo():
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, format="GIF", comment=SCRIPT)
    assert SCRIPT in out.getvalue()

    assert SCRIPT not in safe_logo(out.getvalue())


@pytest.mark.parametrize(
    "content",
    [SVG, b"GIF89a/**/=1;alert(1)", SCRIPT, PLAIN, archive()],
    ids=["drawing", "script", "page", "PDF", "archive"],
)
def test_what_is_no_picture_is_no_logo(content):
    with pytest.raises(Invalid):
        safe_logo(content)


def test_every_file_is_handed_out_as_an_attachment():
    """But logos, which were written anew as pictures, and are shown."""
    shown = {
        path.relative_to(ROOT).as_posix()
        for path in files(".py", under=PRODUCT)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") == "FileResponse"
        and "as_attachment" not in {word.arg for word in node.keywords}
    }

    assert shown == {"opportunities/catalogue/views.py"}


@pytest.mark.django_db
class TestDownloads:
    @pytest.fixture
    def application(self):
        employer, _ = employer_with_owner()
        application = ApplicationFactory(
            opportunity=OpportunityFactory(open=True, employer=employer)
        )
        resume = Resume(
            profile=application.profile, name="a<script>.html", sha256="0" * 64, size=9,
            uploaded_at=timezone.now(),
        )  # fmt: skip
        resume.file.save("x.pdf", ContentFile(PLAIN), save=True)
        application.resume = resume
        application.save()
        return application

    def test_no_browser_runs_a_resume(self, application):
        owner = application.opportunity.employer.memberships.get().user
        pages, api, own = Client(), APIClient(), APIClient()
        pages.force_login(owner)
        api.force_authenticate(owner)
        own.force_authenticate(application.profile.user)
        resume = f"/api/v1/profile/resumes/{application.resume_id}"

        answers = [
            pages.get(f"/employer/applications/{application.public_id}/resume/"),
            api.get(f"/api/v1/applications/{application.public_id}/resume"),
            own.get(resume),
        ]

        for answer in answers:
            assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
            assert answer["X-Content-Type-Options"] == "nosniff"
            assert answer["Content-Disposition"].startswith("attachment; ")
            assert "<" not in answer["Content-Disposition"]
            assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
            assert answer.getvalue() == PLAIN
            answer.close()

    def test_no_address_leads_to_the_folder_of_files(self, application):
        name = application.resume.file.name

        for path in (f"/uploads/{name}", f"/media/{name}", f"/static/{name}", f"/{name}"):
            assert Client().get(path).status_code == 404

    @pytest.mark.parametrize("path", ["/", "/me/", "/api/v1/meta", "/robots.txt", "/nowhere/"])
    def test_no_answer_may_be_taken_for_another_kind(self, path):
        assert Client().get(path)["X-Content-Type-Options"] == "nosniff"


@pytest.mark.usefixtures("inspected_by_forks")
def test_the_files_here_open_as_what_they_claim_to_be():
    """Otherwise another reason than the second kind would refuse them."""
    assert uploads.inspect(after_head(b"nothing")) == "ok"
    assert uploads.inspect(at(257, b"nothing")) == "ok"
    assert uploads.inspect(at(0x8001, b"nothing")) == "ok"
    assert uploads.inspect(raw(b"<< >>", trailer=b"")) == "broken"
