"""Uploads in an object store: every web process has the same ones, and a store may be away."""

import os
import re
import socket
import subprocess
import sys
from datetime import timedelta
from io import StringIO
from pathlib import Path

import boto3
import pytest
import time_machine
from botocore.exceptions import ClientError
from django.conf import settings as chosen
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from moto.server import ThreadedMotoServer

from config import faults
from opportunities.candidates import uploads
from opportunities.candidates.models import Resume
from opportunities.core.errors import Busy
from tests.candidates.hostile_files import PLAIN
from tests.factories import (
    ApplicationFactory,
    CandidateProfileFactory,
    MembershipFactory,
    ResumeFactory,
)

KEYS = {"S3_BUCKET": "uploads", "S3_REGION": "eu-central-1",
        "S3_ACCESS_KEY_ID": "of-the-tests", "S3_SECRET_ACCESS_KEY": "of-the-tests"}  # fmt: skip


@pytest.fixture(scope="module")
def store():
    """Return the address of a store with an empty bucket."""
    server = ThreadedMotoServer(port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    boto3.client(
        "s3", endpoint_url=address, region_name=KEYS["S3_REGION"],
        aws_access_key_id="of-the-tests", aws_secret_access_key="of-the-tests",
    ).create_bucket(
        Bucket="uploads", CreateBucketConfiguration={"LocationConstraint": KEYS["S3_REGION"]}
    )  # fmt: skip
    yield address
    server.stop()


def options(address):
    return {
        "BACKEND": "config.object_storage.ObjectStorage",
        "OPTIONS": {
            "bucket_name": "uploads", "endpoint_url": address, "by_path": True,
            "region_name": "eu-central-1", "access_key": "k", "secret_key": "k",
        },
    }  # fmt: skip


@pytest.fixture
def stored(settings, store):
    settings.STORAGES = settings.STORAGES | {"default": options(store)}


@pytest.fixture
def away(settings):
    """Let the store be where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings.STORAGES = settings.STORAGES | {"default": options(f"http://127.0.0.1:{port}")}


def another_process(program, tmp_path, **env):
    """Return what a process of production, with a disk of its own, prints."""
    given = {name: os.environ[name] for name in ("PATH", "DATABASE_URL", "REDIS_URL")} | {
        "VAR": str(tmp_path), "SECRET_KEY": "x" * 60, "SITE_URL": "https://foothold.example",
        "TRUSTED_PROXIES": "1",
    }  # fmt: skip
    return subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", program],
        env=given | env, cwd=chosen.BASE_DIR, capture_output=True, text=True, check=False,
    )  # fmt: skip


def called(*command):
    out = StringIO()
    call_command(*command, stdout=out)
    return out.getvalue()


@pytest.mark.usefixtures("stored")
@pytest.mark.django_db
class TestStore:
    def test_a_resume_kept_by_one_process_is_read_by_another_with_a_disk_of_its_own(
        self, store, tmp_path
    ):
        profile = CandidateProfileFactory()
        file = SimpleUploadedFile("cv.pdf", PLAIN)
        kept = uploads.keep_resume(candidate=profile.user, file=file, at=timezone.now())

        done = another_process(
            "import hashlib; from django.core.files.storage import default_storage as s;"
            f"print(hashlib.sha256(s.open({kept.file.name!r}).read()).hexdigest())",
            tmp_path, S3_ENDPOINT_URL=store, **KEYS,
        )  # fmt: skip

        assert done.stdout.strip() == kept.sha256, done.stderr
        assert re.fullmatch(r"resumes/[0-9a-f]{32}\.pdf", kept.file.name)
        assert not list(Path(tmp_path).rglob("*.pdf"))

    def test_an_employer_downloads_it(self, client):
        resume = ResumeFactory(name="cv.pdf")
        resume.file.save("a.pdf", ContentFile(PLAIN))
        application = ApplicationFactory(profile=resume.profile, resume=resume, shortlisted=True)
        client.force_login(MembershipFactory(employer=application.opportunity.employer).user)

        answer = client.get(reverse("opportunities:resume", args=[application.public_id]))

        assert b"".join(answer) == PLAIN
        assert answer.headers["Content-Length"] == str(len(PLAIN))

    def test_what_is_deleted_is_gone(self, django_capture_on_commit_callbacks):
        resume = ResumeFactory()
        resume.file.save("b.pdf", ContentFile(PLAIN))
        name = resume.file.name

        with django_capture_on_commit_callbacks(execute=True):
            uploads.delete_resume(candidate=resume.profile.user, resume_id=resume.pk)

        assert not default_storage.exists(name)
        with pytest.raises(FileNotFoundError):
            default_storage.open(name)

    def test_a_second_file_of_one_name_takes_another(self):
        first = default_storage.save("c.pdf", ContentFile(b"one"))
        second = default_storage.save("c.pdf", ContentFile(b"two"))

        assert first != second
        with default_storage.open(first) as file:
            assert file.read() == b"one"

    def test_a_file_that_no_row_names_is_found_after_a_day_and_deleted(self):
        kept, young = ResumeFactory(), "resumes/young.pdf"
        kept.file.save("kept.pdf", ContentFile(PLAIN))
        loose = default_storage.save("resumes/loose.pdf", ContentFile(PLAIN))
        in_two_days = timezone.now() + timedelta(days=2)

        assert called("loose_uploads").endswith("0 found.\n")
        with time_machine.travel(in_two_days):
            assert loose in called("loose_uploads").splitlines()
            default_storage.save(young, ContentFile(PLAIN))
            said = called("loose_uploads", "--delete").splitlines()

        assert loose in said
        assert not {kept.file.name, young} & set(said)
        assert not default_storage.exists(loose)
        assert default_storage.exists(kept.file.name)
        assert default_storage.exists(young)

    def test_a_refusal_is_not_taken_for_a_store_that_is_away(self, settings, store):
        other = options(store)
        other["OPTIONS"]["bucket_name"] = "of-somebody-else"
        settings.STORAGES = settings.STORAGES | {"default": other}

        with pytest.raises(ClientError):
            default_storage.save("d.pdf", ContentFile(b"one"))


@pytest.mark.usefixtures("away")
@pytest.mark.django_db
class TestAway:
    @pytest.mark.parametrize("act", ["open", "exists", "delete"])
    def test_a_store_that_is_away_asks_to_come_again(self, act):
        with pytest.raises(Busy) as raised:
            getattr(default_storage, act)("e.pdf")

        assert faults.is_transient(raised.value)

    def test_nothing_is_kept_of_a_resume_that_could_not_be_stored(self):
        profile = CandidateProfileFactory()

        with pytest.raises(Busy):
            uploads.keep_resume(
                candidate=profile.user, file=SimpleUploadedFile("cv.pdf", PLAIN), at=timezone.now()
            )

        assert not Resume.objects.exists()


def test_without_a_bucket_files_stay_on_this_machine(tmp_path):
    done = another_process(
        "from django.core.files.storage import storages as s; print(type(s['default']).__name__)",
        tmp_path,
    )

    assert done.stdout.strip() == "FileSystemStorage", done.stderr


@pytest.mark.django_db
def test_a_folder_of_this_machine_is_looked_through_as_well(settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path},
        }
    }
    assert called("loose_uploads") == "0 found.\n"
    default_storage.save("logos/loose.png", ContentFile(b"png"))

    with time_machine.travel(timezone.now() + timedelta(days=2)):
        assert called("loose_uploads", "--delete") == "logos/loose.png\n1 deleted.\n"
        assert called("loose_uploads") == "0 found.\n"
