"""A resume is a plain, short, passive PDF, or it is not taken."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from opportunities.candidates import uploads
from opportunities.candidates.models import Resume
from opportunities.core.errors import Invalid, LimitReached, NotFound
from tests.candidates.hostile_files import HONEST, HOSTILE, PLAIN, pdf, written
from tests.factories import ApplicationFactory, CandidateProfileFactory, UserFactory

by_forks = pytest.mark.usefixtures("inspected_by_forks")


@pytest.fixture(autouse=True)
def _own_uploads(settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path},
        }
    }


def upload(data, name="resume.pdf"):
    return SimpleUploadedFile(name, data, content_type="application/pdf")


@by_forks
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_with_a_reason(name):
    data, codes = HOSTILE[name]

    verdict = uploads.inspect(data)

    assert verdict in codes
    assert verdict in uploads.REFUSALS


@by_forks
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_gives_no_words(name):
    data, codes = HOSTILE[name]
    # Words are read from other files than PDFs too: what is neither is refused by that name.
    of_others = {"not_read", "active"} if "not_pdf" in codes else set()

    verdict, words = uploads.read_words(data)

    assert verdict in codes | {"no_text"} | of_others
    assert words == ""


def test_the_words_of_a_page_are_read_and_a_picture_has_none():
    verdict, words = uploads.read_words(written("Counted stock\nin Excel"))

    assert (verdict, words.split()) == ("ok", ["Counted", "stock", "in", "Excel"])
    assert uploads.read_words(PLAIN) == ("no_text", "")


def test_there_are_at_least_30_hostile_files():
    assert len(HOSTILE) >= 30


@by_forks
@pytest.mark.parametrize("name", HONEST)
def test_an_honest_resume_is_taken(name):
    assert uploads.inspect(HONEST[name]) == "ok"


@by_forks
@pytest.mark.django_db
class TestKeepResume:
    def test_keeps_the_file_under_a_random_name_and_the_given_name_for_the_download(self):
        profile = CandidateProfileFactory()
        file = upload(PLAIN, name='../../etc/Ada "CV"\r\n.pdf')

        resume = uploads.keep_resume(candidate=profile.user, file=file, at=timezone.now())

        assert resume.name == "Ada CV.pdf"
        assert "Ada" not in resume.file.name
        with resume.file.open() as kept:
            assert kept.read() == PLAIN

    def test_the_same_file_again_is_the_same_resume(self):
        user = CandidateProfileFactory().user
        now = timezone.now()

        first = uploads.keep_resume(candidate=user, file=upload(PLAIN), at=now)
        second = uploads.keep_resume(candidate=user, file=upload(PLAIN), at=now)

        assert first == second
        assert Resume.objects.count() == 1

    def test_refuses_what_only_calls_itself_a_pdf(self):
        user = CandidateProfileFactory().user

        with pytest.raises(Invalid) as refused:
            uploads.keep_resume(candidate=user, file=upload(b"MZ"), at=timezone.now())

        assert refused.value.faults[0].code == "not_pdf"
        assert not Resume.objects.exists()

    def test_refuses_a_sixth(self):
        user = CandidateProfileFactory().user
        for pages in range(1, uploads.MAX_RESUMES + 1):
            uploads.keep_resume(candidate=user, file=upload(pdf(pages=pages)), at=timezone.now())

        with pytest.raises(LimitReached):
            uploads.keep_resume(candidate=user, file=upload(pdf(pages=9)), at=timezone.now())


@pytest.mark.django_db
class TestDeleteResume:
    def test_deletes_the_file_and_leaves_the_application(self, django_capture_on_commit_callbacks):
        profile = CandidateProfileFactory()
        resume = uploads.keep_resume(candidate=profile.user, file=upload(PLAIN), at=timezone.now())
        application = ApplicationFactory(profile=profile, resume=resume)
        storage, name = resume.file.storage, resume.file.name

        with django_capture_on_commit_callbacks(execute=True):
            uploads.delete_resume(candidate=profile.user, resume_id=resume.pk)

        application.refresh_from_db()
        assert application.resume is None
        assert not storage.exists(name)

    def test_a_stranger_finds_nothing(self):
        profile = CandidateProfileFactory()
        resume = uploads.keep_resume(candidate=profile.user, file=upload(PLAIN), at=timezone.now())

        with pytest.raises(NotFound):
            uploads.delete_resume(candidate=UserFactory(), resume_id=resume.pk)
