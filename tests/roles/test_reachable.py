"""Small things that people look for on pages: logos, buttons to block and report, notices."""

import io
import sys
from datetime import timedelta

import pytest
from django.conf import settings as site
from django.core import mail
from django.core.cache import caches
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from opportunities.applications import selecting
from opportunities.candidates import uploads
from opportunities.core.errors import Invalid
from opportunities.employers import operations as employing
from opportunities.skills.models import SkillKind
from opportunities.skills.vocabulary.files import ESCO_NOTICE
from tests import factories as make

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 nothing"


@pytest.fixture
def candidate(client: Client):
    profile = make.CandidateProfileFactory()
    client.force_login(profile.user)
    return profile


def with_logo():
    employer, owner = make.employer_with_owner(at=timezone.now())
    written = io.BytesIO()
    Image.new("RGB", (40, 20), "navy").save(written, format="JPEG")
    return employing.set_logo(
        employer_id=employer.pk, actor=owner, content=written.getvalue(), at=timezone.now()
    )


class TestLogo:
    def test_is_shown_with_its_name_on_the_pages_of_the_employer_and_of_its_roles(self, client):
        employer = with_logo()
        role = make.OpportunityFactory(employer=employer, open=True)
        shown = (
            f'<img class="brand" src="/employers/{employer.slug}/logo.png" '
            f'alt="Logo of {employer.name}">'
        )

        for address in (
            reverse("opportunities:employer", args=[employer.slug]),
            reverse("opportunities:role", args=[role.slug, role.public_id]),
        ):
            assert shown in client.get(address).text

    def test_is_a_picture_that_nothing_can_run_in_where_the_api_says(self, client):
        employer = with_logo()
        told = client.get(f"/api/v1/employers/{employer.public_id}").json()["logo_url"]

        answer = client.get(told)

        assert answer["Content-Type"] == "image/png"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer["Content-Security-Policy"]
        with Image.open(io.BytesIO(answer.getvalue())) as image:
            assert image.format == "PNG"

    def test_of_an_employer_without_one_does_not_exist(self, client):
        employer = make.EmployerFactory()

        assert client.get(reverse("opportunities:logo", args=[employer.slug])).status_code == 404


class TestBlocking:
    def test_a_candidate_blocks_on_the_employers_page_and_the_button_goes(self, client, candidate):
        employer = make.EmployerFactory()
        page = reverse("opportunities:employer", args=[employer.slug])
        assert "Block this employer" in client.get(page).text

        client.post(reverse("opportunities:block"), {"employer": employer.public_id})

        assert candidate.blocked_employers.get().employer == employer
        assert "Block this employer" not in client.get(page).text

    def test_nobody_else_is_offered_it(self, client):
        employer, owner = make.employer_with_owner(at=timezone.now())
        page = reverse("opportunities:employer", args=[employer.slug])

        assert "Block this employer" not in client.get(page).text
        client.force_login(owner)
        assert "Block this employer" not in client.get(page).text


def test_both_sides_can_report_what_the_other_wrote(client):
    application = make.ApplicationFactory()
    owner = make.MembershipFactory(employer=application.opportunity.employer).user
    profile = application.profile
    own = make.MessageFactory(application=application, sender=profile.user, from_employer=False)
    theirs = make.MessageFactory(application=application, sender=owner, from_employer=True)
    links = [reverse("opportunities:report-message", args=[row.pk]) for row in (own, theirs)]

    client.force_login(profile.user)
    page = client.get(reverse("opportunities:application", args=[application.public_id])).text
    assert [link in page for link in links] == [False, True]

    client.force_login(owner)
    name = "opportunities:employer-application"
    page = client.get(reverse(name, args=[application.public_id])).text
    assert [link in page for link in links] == [True, False]


def test_a_search_is_saved_from_the_list_without_script(client, candidate):
    listed = client.get("/opportunities/?kind=micro").text
    assert 'href="/alerts/new/?kind=micro"' in listed

    form = client.get("/alerts/new/?kind=micro").text
    assert 'name="query" value="kind=micro"' in form
    client.post(reverse("opportunities:save-search"), {"query": "kind=micro", "name": "Micro"})

    search = candidate.saved_searches.get()
    assert (search.name, search.query) == ("Micro", "kind=micro")


def test_a_letter_about_signing_up_names_the_address_and_no_number(client):
    client.post(
        "/accounts/signup/", {"email": "ada@example.org", "password1": "seven quiet bridges"}
    )

    (letter,) = mail.outbox
    assert "user account" not in letter.body
    assert "#" not in letter.body
    assert letter.subject.startswith(site.SITE_NAME)


def test_the_source_of_the_skills_is_named_once_it_is_in_use(client):
    terms = reverse("opportunities:terms")
    assert ESCO_NOTICE not in client.get(terms).text

    make.SkillFactory(kind=SkillKind.ESCO)

    assert ESCO_NOTICE in client.get(terms).text


class TestScanner:
    @pytest.mark.parametrize(
        ("code", "verdict"), [(0, "ok"), (1, "unsafe"), (2, "not_scanned"), (137, "not_scanned")]
    )
    def test_its_answer_decides(self, settings, code, verdict):
        settings.UPLOAD_SCANNER = f"{sys.executable} -S -c 'raise SystemExit({code})'"

        assert uploads.scan(PDF) == verdict

    def test_reads_the_file_itself(self, settings):
        found = 'import sys; sys.exit(b"EICAR" in sys.stdin.buffer.read())'
        settings.UPLOAD_SCANNER = f"{sys.executable} -S -c '{found}'"

        assert uploads.scan(PDF) == "ok"
        assert uploads.scan(PDF + b"EICAR") == "unsafe"

    def test_that_is_missing_keeps_nothing_and_says_so(self, settings, monkeypatch, candidate):
        settings.UPLOAD_SCANNER = "/nowhere/scanner"
        monkeypatch.setattr(uploads, "inspect", lambda _: "ok")
        file = io.BytesIO(PDF)
        file.size, file.name = len(PDF), "cv.pdf"

        with pytest.raises(Invalid, match="could not be scanned"):
            uploads.keep_resume(candidate=candidate.user, file=file, at=timezone.now())

        assert not candidate.resumes.exists()


def test_a_role_that_owes_an_answer_is_no_longer_put_forward_until_it_answers(client):
    now = timezone.now()
    late = make.OpportunityFactory(open=True, field="writing")
    prompt = make.OpportunityFactory(open=True, field="writing")
    waiting = make.ApplicationFactory(opportunity=late, at=now - timedelta(days=9))

    def shown(address, name):
        caches["pages"].clear()  # a page that is kept has no context to look into
        return {role.pk for role in client.get(address).context[name]}

    page = reverse("opportunities:role", args=[late.slug, late.public_id])
    other = reverse("opportunities:role", args=[prompt.slug, prompt.public_id])
    assert shown("/", "roles") == {prompt.pk}
    assert shown(other, "similar") == set()
    assert shown("/opportunities/", "roles") == {late.pk, prompt.pk}
    assert "waits past that day" in client.get(page).text

    owner = make.MembershipFactory(employer=late.employer).user
    selecting.shortlist(application_id=waiting.pk, actor=owner, at=now)

    assert shown("/", "roles") == {late.pk, prompt.pk}
    assert shown(other, "similar") == {late.pk}
    assert "waits past that day" not in client.get(page).text


def test_anybody_reports_an_employer_from_its_page(client):
    employer = make.EmployerFactory()
    page = client.get(reverse("opportunities:employer", args=[employer.slug])).text
    address = reverse("opportunities:report-employer", args=[employer.slug])
    assert address in page

    answer = client.post(address, {"reason": "misleading", "text": "It is a letterbox."})

    assert answer["Location"] == reverse("opportunities:employer", args=[employer.slug])
    assert employer.reports.get().text == "It is a letterbox."
