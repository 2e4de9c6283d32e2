"""Forms that cannot be taken: an old token, a session that ended, the same form twice."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from opportunities.applications.forms import ApplyForm
from opportunities.applications.models import Message
from opportunities.core.models import SentForm
from opportunities.employers.models import Employer
from opportunities.privacy import retention
from opportunities.roles.models import Opportunity, RolePost
from tests.factories import (
    ApplicationFactory,
    MembershipFactory,
    OpportunityFactory,
    UserFactory,
    employer_with_owner,
)

pytestmark = pytest.mark.django_db

OWN = {"Origin": "http://testserver"}
LETTER = "First line.\nSecond line, which took an hour."


@pytest.fixture
def application():
    return ApplicationFactory()


@pytest.fixture
def address(application):
    return f"/applications/{application.public_id}/message/"


def browser(user=None):
    client = Client(enforce_csrf_checks=True)
    if user is not None:
        client.force_login(user)
    return client


def token(client, page):
    text = client.get(page).text
    return text.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]


class TestATokenThatChanged:
    def test_sends_nothing_until_the_button_is_pressed_and_then_once(self, application, address):
        client = browser(application.profile.user)
        page = f"/applications/{application.public_id}/"
        token(client, page)

        lost = client.post(address, {"text": LETTER, "csrfmiddlewaretoken": "x" * 64}, headers=OWN)

        assert lost.status_code == 403
        assert not Message.objects.exists()
        assert f'action="{address}"' in lost.text
        fresh = lost.text.rsplit('name="csrfmiddlewaretoken" value="')[-1].split('"')[0]
        client.post(address, {"text": LETTER, "csrfmiddlewaretoken": fresh}, headers=OWN)
        assert Message.objects.get().text == LETTER

    @pytest.mark.parametrize(
        "headers",
        [
            {"Origin": "https://elsewhere.example"},
            {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
            {"Referer": "https://elsewhere.example/form"},
        ],
    )
    def test_a_form_of_another_site_is_neither_sent_nor_shown(self, address, application, headers):
        response = browser(application.profile.user).post(
            address, {"text": LETTER, "box": "message"}, headers=headers
        )

        assert response.status_code == 403
        assert "which took an hour" not in response.text
        assert "Send again" not in response.text

    def test_who_says_nothing_of_the_page_is_shown_the_text_without_a_button(
        self, address, application
    ):
        response = browser(application.profile.user).post(address, {"text": LETTER})

        assert "which took an hour" in response.text
        assert "Send again" not in response.text

    @pytest.mark.parametrize("page", ["/accounts/login/", "/accounts/signup/"])
    def test_passwords_are_never_given_back(self, page):
        sent = {"login": "a@b.example", "password": "correct horse battery", "email": "a b c"}

        response = browser().post(page, sent, headers=OWN)

        assert response.status_code == 403
        assert "correct horse" not in response.text
        assert "a b c" not in response.text

    def test_a_secret_field_stays_out_wherever_it_is(self, address, application):
        sent = {"text": LETTER, "password": "correct horse battery", "secret_key": "k" * 50}

        text = browser(application.profile.user).post(address, sent, headers=OWN).text

        assert "which took an hour" in text
        assert "correct horse" not in text
        assert "kkkk" not in text

    def test_what_was_written_is_shown_as_text(self, address, application):
        sent = {"text": "</textarea><script>alert(1)</script>", "x": '"><img src=x onerror=y>'}

        text = browser(application.profile.user).post(address, sent, headers=OWN).text

        assert "<script>alert" not in text
        assert "<img" not in text

    def test_the_form_leads_nowhere_else(self, application):
        response = browser(application.profile.user).post(
            "//elsewhere.example/applications/", {"text": LETTER}, headers=OWN
        )

        assert 'action="//' not in response.text


class TestASessionThatEnded:
    def test_gives_the_text_back_with_the_way_to_the_page_it_stood_on(self, application, address):
        page = f"/applications/{application.public_id}/"
        referer = {"Referer": f"http://testserver{page}"}

        response = Client().post(address, {"text": LETTER}, headers=referer)

        assert response.status_code == 401
        assert "which took an hour" in response.text
        assert f"/accounts/login/?next={page.replace('/', '%2F')}" in response.text
        assert not Message.objects.exists()

    def test_somebody_else_who_signs_in_finds_nothing_of_it(self, application, address):
        client = Client()
        client.post(address, {"text": LETTER})
        other = UserFactory()
        client.force_login(other)

        for page in ("/applications/", "/me/", f"/applications/{application.public_id}/"):
            assert "which took an hour" not in client.get(page).text
        assert LETTER not in str(dict(client.session))

    @pytest.mark.parametrize(
        "referer", ["https://elsewhere.example/x", "javascript:alert(1)", "//elsewhere.example", ""]
    )
    def test_leads_to_no_other_site(self, application, address, referer):
        response = Client().post(address, {"text": LETTER}, headers={"Referer": referer})

        assert "/accounts/login/?next=%2F" in response.text
        assert "elsewhere" not in response.text

    def test_a_button_without_words_leads_through_sign_in_to_its_page(self, application):
        page = f"/applications/{application.public_id}/"
        response = Client().post(
            f"{page}withdraw/", headers={"Referer": f"http://testserver{page}?a=1"}
        )

        assert response.status_code == 302
        assert response["Location"] == (f"/accounts/login/?next={page}%3Fa%3D1".replace(page, page))


class TestARefusalKeepsThePage:
    def test_the_letter_of_5999_characters_with_line_ends_of_browsers_is_taken(self, application):
        text = "\r\n".join(["y" * 99] * 59 + ["y" * 99])
        assert len(text) > 5_990 + 58
        assert len(text.replace("\r\n", "\n")) == 5_999
        role = OpportunityFactory(open=True, internship=True)
        form = ApplyForm({"name": "Ana", "cover_letter": text}, role=role, profile=None)
        form.is_valid()

        assert "cover_letter" not in form.errors

    @pytest.mark.parametrize(("extra", "taken"), [(0, True), (1, False)])
    def test_a_message_holds_exactly_what_the_page_says(self, application, address, extra, taken):
        client = Client()
        client.force_login(application.profile.user)
        lines = "\r\n".join(["z" * 99] * 39 + ["z" * (100 + extra)])

        response = client.post(address, {"text": lines, "box": "message"})

        assert (response.status_code == 302) == taken
        assert Message.objects.count() == taken
        if not taken:
            assert response.status_code == 422
            assert "1 to 4,000 characters" in response.text
            assert "z" * 100 in response.text
            assert 'id="message-error"' in response.text

    def test_the_fold_opens_and_other_boxes_stay_as_they_were(self):
        member = MembershipFactory(owner=True)
        application = ApplicationFactory(opportunity__employer=member.employer)
        client = Client()
        client.force_login(member.user)

        response = client.post(
            f"/employer/applications/{application.public_id}/do/note/",
            {"text": "n" * 2001, "box": "note"},
        )

        assert response.status_code == 422
        note = response.text.split('id="note"')[1].split("</textarea>")[0]
        message = response.text.split('id="message"')[1].split("</textarea>")[0]
        assert "nnn" in note
        assert "nnn" not in message


class TestTheSameFormTwice:
    def test_makes_one_message(self, application, address):
        client = browser(application.profile.user)
        drawn = token(client, f"/applications/{application.public_id}/")
        sent = {"text": LETTER, "csrfmiddlewaretoken": drawn}

        answers = [client.post(address, sent, headers=OWN) for _ in range(3)]

        assert [answer.status_code for answer in answers] == [302] * 3
        assert Message.objects.count() == 1

    def test_other_words_of_the_same_page_are_another_message(self, application, address):
        client = browser(application.profile.user)
        drawn = token(client, f"/applications/{application.public_id}/")

        for words in ("One.", "Two."):
            client.post(address, {"text": words, "csrfmiddlewaretoken": drawn}, headers=OWN)

        assert Message.objects.count() == 2

    def test_the_same_words_from_a_page_drawn_anew_are_another_message(self, application, address):
        client = browser(application.profile.user)
        for _ in range(2):
            drawn = token(client, f"/applications/{application.public_id}/")
            client.post(address, {"text": "Thanks!", "csrfmiddlewaretoken": drawn}, headers=OWN)

        assert Message.objects.count() == 2

    def test_what_was_refused_may_be_sent_again(self, application, address):
        client = browser(application.profile.user)
        drawn = token(client, f"/applications/{application.public_id}/")
        sent = {"text": "x" * 4001, "csrfmiddlewaretoken": drawn}

        answers = [client.post(address, sent, headers=OWN).status_code for _ in range(2)]

        assert answers == [422, 422]
        assert not SentForm.objects.exists()

    def test_makes_one_question_one_organization_and_one_copy_of_a_role(self):
        asker = UserFactory()
        role = OpportunityFactory(open=True)
        client = browser(asker)
        page = f"/opportunities/{role.slug}-{role.public_id}/"
        sent = {"question": "Is it on site?", "csrfmiddlewaretoken": token(client, page)}
        for _ in range(2):
            client.post(f"/opportunities/{role.public_id}/ask/", sent, headers=OWN)
        assert RolePost.objects.count() == 1

        sent = {"name": "Boatyard", "csrfmiddlewaretoken": token(client, "/employer/new/")}
        for _ in range(2):
            client.post("/employer/new/", sent, headers=OWN)
        assert Employer.objects.filter(name="Boatyard").count() == 1

        member = MembershipFactory(owner=True)
        role = OpportunityFactory(employer=member.employer)
        client = browser(member.user)
        drawn = token(client, f"/employer/roles/{role.public_id}/")
        for _ in range(2):
            client.post(
                f"/employer/roles/{role.public_id}/copy/",
                {"csrfmiddlewaretoken": drawn},
                headers=OWN,
            )
        assert Opportunity.objects.filter(employer=member.employer).count() == 2

    def test_is_forgotten_after_some_days(self):
        now = timezone.now()
        SentForm.objects.create(key="a", at=now - timedelta(days=3))
        SentForm.objects.create(key="b", at=now - timedelta(days=1))

        retention.sweep(at=now)

        assert list(SentForm.objects.values_list("key", flat=True)) == ["b"]


class TestTheBrowsersDraft:
    def test_is_named_when_it_was_taken_and_not_when_it_was_refused(self, application, address):
        client = Client()
        client.force_login(application.profile.user)

        refused = client.post(address, {"text": "", "box": "message", "draft": "a" * 12})
        taken = client.post(address, {"text": LETTER, "draft": "b" * 12})

        assert "sent" not in refused.cookies
        assert taken.cookies["sent"].value == "b" * 12

    @pytest.mark.parametrize("draft", ["", "short", "<x>aaaaaaa", "a" * 41, "a;b=c12345"])
    def test_nothing_else_comes_into_the_cookie(self, application, address, draft):
        client = Client()
        client.force_login(application.profile.user)

        assert "sent" not in client.post(address, {"text": LETTER, "draft": draft}).cookies


def test_the_script_of_the_site_stays_small():
    script = Path("opportunities/site/static/ui/ui.js").read_bytes()

    assert len(script) < 12_000


class TestASecondFactorThatIsAskedAgain:
    @pytest.mark.parametrize(
        ("headers", "given_back"),
        [(OWN, True), ({"Origin": "https://elsewhere.example"}, False), ({}, False)],
    )
    def test_gives_a_moderators_words_back_to_the_sites_own_page(self, headers, given_back):
        moderator = UserFactory(moderator=True)
        client = Client()
        client.force_login(moderator)
        session = client.session
        session.pop("account_authentication_methods", None)
        session.save()

        response = client.post("/moderate/employers/any/warn/", {"reason": LETTER}, headers=headers)

        assert (response.status_code == 403) == given_back
        assert ("which took an hour" in response.text) == given_back
        if not given_back:
            assert response.status_code == 302
            assert response["Location"].startswith("/accounts/2fa/")


def test_another_language_after_a_refusal_leads_to_no_empty_page(client):
    employer, owner = employer_with_owner(domain="mill.example", verified=False)
    client.force_login(owner)
    asking = reverse("opportunities:ask-verification", args=[employer.slug])
    assert client.post(asking, {"email": "a@b.example", "box": "verify"}).status_code == 422
    at = f"http://testserver{asking}"

    chosen = client.post("/settings/language/", {"language": "de"}, headers={"Referer": at})
    opened = client.get(chosen.url)

    assert (chosen.url, opened.status_code, opened["Allow"]) == (asking, 405, "POST")
    assert "Hier gibt es keine Seite" in opened.text
    asked = client.get("/api/v1/opportunities/opp_1/copy")
    assert (asked.status_code, asked["Content-Type"]) == (405, "application/problem+json")
