"""The page of an import says which file it is of, and looks again by itself."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from opportunities.importing import jobs
from opportunities.importing.models import ImportJob
from opportunities.moderation.models import Finding
from tests.factories import EmployerFactory, MembershipFactory

pytestmark = pytest.mark.django_db
ROWS = b"id,title\n1,Chart the boats of the harbor\n"


@pytest.fixture
def member(client):
    member = MembershipFactory(owner=True, employer=EmployerFactory(verified=True))
    client.force_login(member.user)
    return member


def send(client, member, name, rows=ROWS):
    form = {"employer": member.employer.slug, "file": SimpleUploadedFile(name, rows)}
    assert client.post(reverse("opportunities:imports"), form).status_code == 302
    return ImportJob.objects.get()


def test_an_import_bears_the_name_of_its_file(client, member):
    job = send(client, member, "roles <spring>.csv")

    for page in (
        reverse("opportunities:imports"),
        reverse("opportunities:import-job", args=[job.public_id]),
    ):
        assert "roles &lt;spring&gt;.csv</bdi>" in client.get(page).text


def test_a_name_is_kept_without_folders_on_one_line_and_not_at_any_length(client, member):
    job = send(client, member, f"{'a' * 150}.csv")

    assert job.file_name == "a" * 96 + ".csv"


def test_only_a_browser_without_script_is_asked_to_look_again(client, member):
    job = send(client, member, "roles.csv")

    text = client.get(reverse("opportunities:import-job", args=[job.public_id])).text

    assert 'hx-trigger="every 2s"' in text
    assert ">Refresh<" in text
    assert ">Refresh<" not in re.sub(r"<noscript>.*?</noscript>", "", text, flags=re.DOTALL)


def test_words_that_are_in_no_field_are_told_with_their_role(client, member):
    rows = b"id,title,deadline\n1,Chart the boats,31/31/2026\n2,Count the boats,2027-03-01\n"
    job = send(client, member, "roles.csv", rows)
    page = reverse("opportunities:import-job", args=[job.public_id])
    assert "in no field" not in client.get(page).text

    jobs.work(job_id=job.pk, clock=timezone.now)

    text = client.get(page).text
    table = text[text.index("Words that are in no field") :]
    assert "<bdi>31/31/2026</bdi>" in table
    assert ">Chart the boats</a>" in table
    assert "Count the boats" not in table


def test_a_place_of_which_there_are_several_is_asked_about(client, member):
    rows = (
        b"id,title,mode,place\n1,Chart the boats,onsite,Richmond\n"
        b"2,Count the boats,onsite,Leeds\n3,Draw the boats,remote,\n"
    )
    job = send(client, member, "roles.csv", rows)

    jobs.work(job_id=job.pk, clock=timezone.now)

    page = reverse("opportunities:import-job", args=[job.public_id])
    text = client.get(page).text
    table = text[text.index("Places of which there are several") :]
    assert ">Chart the boats</a>" in table
    assert "write “Richmond near Hounslow, United Kingdom” or “Richmond near Darlington" in table
    assert "Virginia" not in table
    assert "Count the boats" not in table
    assert "Draw the boats" not in table
    found = Finding.objects.get(check_name="place_stated", detail__contains="Richmond")
    assert found.detail == (
        "“Richmond” may be one of these: Richmond near Hounslow, United Kingdom; Richmond near"
        " Darlington, United Kingdom."
    )

    written = rows.replace(b",Richmond", b',"Richmond near Darlington, United Kingdom"')
    client.post(
        reverse("opportunities:imports"),
        {"employer": member.employer.slug, "file": SimpleUploadedFile("roles.csv", written)},
    )
    again = ImportJob.objects.latest("pk")
    jobs.work(job_id=again.pk, clock=timezone.now)
    page = reverse("opportunities:import-job", args=[again.public_id])
    assert "Places of which there are several" not in client.get(page).text
