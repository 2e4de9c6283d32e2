"""What is written down of sign-ins, what no password may be, and when a sign-in ends."""

import re
from datetime import timedelta
from urllib.parse import quote

import pytest
import time_machine
from django.contrib.auth.password_validation import validate_password
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from opportunities.accounts import session_ends
from opportunities.accounts.models import StoredSession
from opportunities.accounts.sessions import names_of
from tests.attacks.entering import set_up_app, with_code, with_password
from tests.factories import (
    PASSWORD,
    CandidateProfileFactory,
    MembershipFactory,
    OpportunityFactory,
    UserFactory,
)
from tests.journeys.signing_up import sign_up

pytestmark = pytest.mark.django_db


def sign_in(person, password=PASSWORD):
    client = Client()
    client.post("/accounts/login/", {"login": person.email, "password": password})
    return client


def code_in(letter):
    return re.search(r"^([A-Z0-9]+-?[A-Z0-9]+)$", letter.body, re.MULTILINE)[1]


def lines(caplog):
    """Return the event and the account of each line about the ways in."""
    told = [record.msg for record in caplog.records if record.name == "sign-in"]
    return [(line["event"], line["account"]) for line in told]


class TestLog:
    def test_a_sign_in_and_a_sign_out_name_the_account(self, caplog):
        person = UserFactory(confirmed=True)

        sign_in(person).post("/accounts/logout/")

        assert lines(caplog) == [("signed in", person.pk), ("signed out", person.pk)]

    def test_a_failure_names_nobody(self, caplog):
        person = UserFactory(confirmed=True)

        sign_in(person, "not the password at all")

        assert lines(caplog) == [("sign-in failed", None)]
        assert person.email not in caplog.text

    def test_a_changed_password_is_written_down(self, caplog):
        person = UserFactory(confirmed=True)
        client = sign_in(person)
        caplog.clear()

        client.post(
            "/accounts/password/change/",
            {"oldpassword": PASSWORD, "password1": "quite another one", "password2": ""}
            | {"password2": "quite another one"},
        )

        assert ("password changed", person.pk) in lines(caplog)

    def test_a_second_factor_is_written_down_with_its_kind(self, caplog):
        person = UserFactory(confirmed=True)
        set_up_app(person)
        client = with_password(person)
        client.post("/accounts/2fa/authenticate/", {"code": "000000"})

        assert ("second factor refused", person.pk) in lines(caplog)

    def test_the_line_of_a_request_names_who_asked_by_number(self, caplog):
        person = UserFactory(confirmed=True)
        client = sign_in(person)
        caplog.clear()

        client.get("/me/")
        Client().get("/rules/")

        told = [record.msg["account"] for record in caplog.records if record.name == "request"]
        assert told == [person.pk, None]


class TestPassword:
    @pytest.mark.parametrize(
        "password",
        ["foothold2026", "Foothold-123!", "internship1", "micro-internship", "testserver99",
         "FootholdInternship"],
    )  # fmt: skip
    def test_words_of_the_site_are_no_password(self, password):
        with pytest.raises(ValidationError) as refused:
            validate_password(password)

        assert "password_of_the_site" in [error.code for error in refused.value.error_list]

    @pytest.mark.parametrize(
        "password",
        [PASSWORD, "foothold on a steep rock", "x7-foothold-Qz91pp", "k" * 3 + "tz" * 40],
    )
    def test_others_are_with_such_words_too(self, password):
        validate_password(password)

    def test_a_password_of_two_hundred_letters_is_taken_whole(self, client):
        long = "a long one " * 18
        client.post("/accounts/signup/", {"email": "long@example.org", "password1": long})
        person = UserFactory._meta.model.objects.get(email="long@example.org")

        assert person.check_password(long)
        assert not person.check_password(long[:150])

    def test_the_page_after_signing_up_says_once_that_a_code_was_sent(self, client):
        sent = {"email": "once@example.org", "password1": PASSWORD}
        shown = client.post("/accounts/signup/", sent, follow=True).text

        assert shown.count("We sent a code to") == 1

    @pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/signup/"])
    def test_its_box_hides_it_and_lets_managers_fill_it_in(self, client, path):
        [box] = re.findall(r"<input[^>]*type=\"password\"[^>]*>", client.get(path).text)

        assert 'autocomplete="' in box
        assert "onpaste" not in box

    def test_the_keyboard_meets_its_box_before_the_way_out_for_who_forgot_it(self, client):
        text = client.get("/accounts/login/").text

        assert text.index('name="password"') < text.index('href="/accounts/password/reset/"')


class TestRules:
    """One sentence says before what a password needs, and a refusal says what was missing."""

    SAID = "At least 10 characters. Nothing easy to guess"

    @pytest.fixture
    def pages(self):
        """Return every page on which somebody chooses a password, each with its browser."""
        person, keyless = UserFactory(confirmed=True), UserFactory(confirmed=True)
        keyless.set_unusable_password()
        keyless.save()
        forgetful = Client()
        asked = forgetful.post("/accounts/password/reset/", {"email": person.email}).url
        code = code_in(mail.outbox[-1])
        there = forgetful.post(asked, {"code": code}).url
        changing, adding = Client(), Client()
        changing.force_login(person)
        adding.force_login(keyless)
        return [
            ("/accounts/signup/", Client()),
            ("/accounts/password/change/", changing),
            ("/accounts/password/set/", adding),
            (there, forgetful),
        ]

    def test_are_one_sentence_on_every_page(self, pages):
        for path, browser in pages:
            page = browser.get(path).text
            assert page.count(self.SAID) == 1, path
            assert "<ul><li>" not in page, path
        german = Client().get("/accounts/signup/", headers={"Accept-Language": "de"}).text
        assert "Mindestens 10 Zeichen. Nichts, was leicht zu erraten ist" in german

    @pytest.mark.parametrize(
        ("password", "missing"),
        [
            ("zq7-rv", "The password needs at least 10 characters."),
            ("qwertyuiop", "Many people use this password. Choose another."),
            ("7305519842760", "A password of digits alone is guessed quickly."),
            ("foothold2026", "too close to the name of this site"),
        ],
    )
    def test_a_refusal_says_which_was_not_met(self, client, password, missing):
        form = {"email": "mina@example.org", "password1": password}

        assert missing in client.post("/accounts/signup/", form).text


def by_password():
    return sign_in(UserFactory(confirmed=True))


def by_mailed_code():
    client, person = Client(), UserFactory(confirmed=True)
    client.post("/accounts/login/code/", {"email": person.email})
    code = code_in(mail.outbox[-1])
    client.post("/accounts/login/code/confirm/", {"code": code})
    return client


def by_second_factor():
    person = UserFactory(confirmed=True)
    return with_code(person, set_up_app(person))


def by_signing_up():
    client = Client()
    sign_up(client, "mina@example.org")
    return client


WAYS = pytest.mark.parametrize(
    "way", [by_password, by_mailed_code, by_second_factor, by_signing_up]
)


class TestConfirming:
    """Before an account changes somebody is asked who they are, unless they have just signed in."""

    def asked(self, client):
        pages = ["/accounts/2fa/webauthn/add/", "/me/tokens/", "/me/erase/"]
        answers = [client.get(page) for page in pages]
        answers.append(client.post("/accounts/email/", {"email": "new@x.org", "action_add": ""}))
        return [answer.get("Location", "").split("?")[0] for answer in answers]

    @WAYS
    def test_nobody_is_asked_just_after_a_sign_in(self, way):
        assert not any("reauthenticate" in there for there in self.asked(way()))

    @WAYS
    def test_everybody_is_asked_a_quarter_of_an_hour_later(self, way):
        client = way()

        with time_machine.travel(timezone.now() + timedelta(minutes=16), tick=False):
            assert all("reauthenticate" in there for there in self.asked(client))

    def test_what_is_done_meanwhile_does_not_put_it_off(self):
        client = by_password()

        for minutes in range(4, 17, 4):
            with time_machine.travel(timezone.now() + timedelta(minutes=minutes), tick=False):
                asked = self.asked(client)

        assert all("reauthenticate" in there for there in asked)

    def test_who_confirmed_is_not_asked_again_for_as_long(self):
        client = by_password()

        with time_machine.travel(timezone.now() + timedelta(minutes=16), tick=False):
            confirmed = client.post(
                "/accounts/reauthenticate/?next=/me/tokens/", {"password": PASSWORD}
            )
        with time_machine.travel(timezone.now() + timedelta(minutes=30), tick=False):
            assert not any("reauthenticate" in there for there in self.asked(client))

        assert confirmed.status_code == 302


class TestEnd:
    def stays_after(self, client, span):
        assert client.get("/me/").status_code == 200
        session = client.session
        with time_machine.travel(timezone.now() + span, tick=False):
            # However often it was used meanwhile.
            StoredSession.objects.update(expire_date=timezone.now() + timedelta(days=14))
            is_in = client.get("/me/").status_code == 200
            is_kept = session.exists(session.session_key)
        assert is_in == is_kept
        return is_in

    def test_a_sign_in_ends_after_thirty_days(self):
        person = UserFactory(confirmed=True)

        assert self.stays_after(sign_in(person), session_ends.LONGEST - timedelta(minutes=1))
        assert not self.stays_after(sign_in(person), session_ends.LONGEST + timedelta(minutes=1))

    def test_so_does_one_that_began_by_signing_up(self):
        assert not self.stays_after(by_signing_up(), session_ends.LONGEST + timedelta(minutes=1))

    def test_that_of_an_account_with_power_ends_after_twelve_hours(self, monkeypatch):
        person = UserFactory(confirmed=True)
        needed = session_ends.second_factor.Demand(is_needed=True, is_set_up=False)
        client = sign_in(person)
        monkeypatch.setattr(session_ends.second_factor, "demand_on", lambda _: needed)

        with time_machine.travel(timezone.now() + timedelta(hours=11), tick=False):
            assert client.get("/accounts/2fa/").status_code == 200
        with time_machine.travel(timezone.now() + timedelta(hours=13), tick=False):
            assert client.get("/accounts/2fa/")["Location"].startswith("/accounts/login/")

    def test_an_administrator_ends_every_session_of_an_account(self):
        person, other = UserFactory(confirmed=True), UserFactory(confirmed=True)
        clients, stays = [sign_in(person) for _ in range(2)], sign_in(other)
        admin = Client()
        admin.force_login(UserFactory(admin=True))

        done = admin.post(
            "/admin/accounts/user/", {"action": "end_sessions", "_selected_action": [person.pk]}
        )

        assert done.status_code == 302
        assert {client.get("/me/").status_code for client in clients} == {302}
        assert stays.get("/me/").status_code == 200
        assert not StoredSession.objects.filter(whose__in=names_of(person)).exists()


class TestWithoutTls:
    @pytest.fixture(autouse=True)
    def _as_in_production(self, settings):
        settings.SECURE_SSL_REDIRECT = True

    def test_the_api_refuses_and_leads_nowhere(self):
        answer = Client().get("/api/v1/meta")

        assert answer.status_code == 403
        assert answer["Content-Type"] == "application/problem+json"
        assert "Location" not in answer
        assert Client().get("/api/v1/meta", secure=True).status_code == 200

    def test_pages_lead_to_the_same_page_by_tls(self):
        assert Client().get("/rules/")["Location"] == "https://testserver/rules/"


class TestFirstPage:
    """Where somebody stands who has just signed in."""

    def leads(self, person, then=""):
        there = f"/accounts/login/{then}"
        answer = Client().post(there, {"login": person.email, "password": PASSWORD})
        return answer["Location"]

    def test_a_candidate_begins_at_their_matches(self):
        profile = CandidateProfileFactory(user__confirmed=True)

        assert self.leads(profile.user) == "/matches/"

    def test_a_member_of_an_organization_begins_at_its_roles(self):
        member = MembershipFactory(user__confirmed=True)

        assert self.leads(member.user) == "/employer/"

    @pytest.mark.parametrize(
        ("power", "there"), [({"moderator": True}, "/moderate/"), ({"admin": True}, "/admin/")]
    )
    def test_staff_begin_where_they_work(self, power, there, settings):
        settings.DEMO = True  # no second factor is asked for on the way
        person = UserFactory(confirmed=True, **power)
        MembershipFactory(user=person)

        assert self.leads(person) == there

    def test_a_new_account_begins_at_the_first_question(self, client):
        there = sign_up(client, "new@example.org", then="")

        assert there == "/matches/"
        assert client.get(there)["Location"].startswith("/start/")

    def test_who_was_on_the_way_somewhere_arrives_there(self):
        profile = CandidateProfileFactory(user__confirmed=True)

        assert self.leads(profile.user, "?next=/rules/") == "/rules/"

    def test_what_everyone_may_read_leads_back_to_itself(self, client):
        role = OpportunityFactory(open=True)
        page = f"/opportunities/{role.slug}-{role.public_id}/"

        for there in (page, f"/employers/{role.employer.slug}/", "/opportunities/?field=data"):
            sign_in_link = f'href="/accounts/login/?next={quote(there)}"'
            assert sign_in_link in client.get(there).text

    def test_the_home_page_stays_open_to_who_is_signed_in(self, client):
        client.force_login(CandidateProfileFactory().user)

        assert client.get("/").status_code == 200


@pytest.mark.parametrize("page", ["/accounts/reauthenticate/", "/accounts/password/change/"])
def test_a_form_that_asks_for_the_password_again_says_whose(client, page):
    person = UserFactory(confirmed=True)
    client.force_login(person)

    whose = re.findall(r'<input[^>]*autocomplete="username"[^>]*>', client.get(page).text)

    assert len(whose) == 1
    assert f'value="{person.email}"' in whose[0]
    assert " hidden" in whose[0]
    assert "name=" not in whose[0]


def test_who_signs_in_right_after_signing_up_reads_how_long_to_wait(client):
    given = {"login": "ana@example.org", "password": PASSWORD}
    with time_machine.travel(timezone.now(), tick=False) as traveller:
        client.post("/accounts/signup/", {"email": given["login"], "password1": PASSWORD})
        at_once = Client().post("/accounts/login/", given)
        traveller.shift(timedelta(seconds=10))
        later = Client().post("/accounts/login/", given)

    assert "Wait 10 seconds, then sign in again." in at_once.text
    assert later.url == "/accounts/confirm-email/"


def test_who_guesses_passwords_waits_for_minutes(client):
    person = UserFactory(confirmed=True)
    for _ in range(6):
        answer = client.post("/accounts/login/", {"login": person.email, "password": "wrong"})

    assert "Wait a few minutes" in answer.text


def test_a_code_is_sent_anew_from_the_page_that_waits_for_it(client):
    form = {"email": "mina@example.org", "password1": PASSWORD}
    page = client.post("/accounts/signup/", form).url
    first = code_in(mail.outbox[-1])
    assert "Send a new code" in client.get(page).text

    with time_machine.travel(timezone.now() + timedelta(seconds=30), tick=False):
        client.post(page, {"action": "resend"})
        anew = code_in(mail.outbox[-1])
        assert client.post(page, {"code": first}).status_code == 200
        confirmed = client.post(page, {"code": anew})

    assert anew != first
    assert confirmed.status_code == 302
    assert client.get("/me/").status_code == 200


class TestResetCode:
    """Another one is sent to whoever waits for it, as often as they may ask for one at all."""

    @pytest.fixture
    def page(self, client):
        person = UserFactory(confirmed=True)
        return client.post("/accounts/password/reset/?next=/saved/", {"email": person.email}).url

    @staticmethod
    def send_anew(client, page):
        form = re.search(
            r'<form method="post" action="(/accounts/password/reset/)">(.*?)</form>',
            client.get(page).text,
            re.DOTALL,
        )
        fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[2]))
        return client.post(form[1], fields)

    def test_is_sent_anew_from_the_page_that_waits_for_it(self, client, page):
        first = code_in(mail.outbox[-1])
        assert "Send a new code" in client.get(page).text
        german = client.get(page, headers={"Accept-Language": "de"}).text
        assert "Neuen Code senden" in german

        again = self.send_anew(client, page)
        anew = code_in(mail.outbox[-1])

        assert again.url == page
        assert anew != first
        assert client.post(page, {"code": first}).status_code == 200
        there = client.post(page, {"code": anew}).url
        assert there.startswith("/accounts/password/reset/complete/")

    def test_ends_with_the_way_to_sign_in(self, client):
        person = UserFactory(confirmed=True)
        page = client.post("/accounts/password/reset/", {"email": person.email}).url
        choose = client.post(page, {"code": code_in(mail.outbox[-1])}).url
        password = "quite another one"

        done = client.post(choose, {"password1": password, "password2": password}, follow=True).text

        assert done.count("Your password was changed.") == 1
        assert '<a class="btn go" href="/accounts/login/">Sign in</a>' in done

    def test_is_sent_five_times_a_minute_at_most(self, client, page):
        sent = [self.send_anew(client, page).status_code for _ in range(5)]

        assert sent == [302, 302, 302, 302, 429]
        client.defaults["HTTP_REFERER"] = f"http://testserver{page}"
        stopped = self.send_anew(client, page).text
        assert f'<a class="btn go" href="{page}">Back</a>' in stopped
        assert len(mail.outbox) == 5


class TestLateCode:
    @pytest.mark.parametrize(
        ("asked", "sent"),
        [
            ("/accounts/signup/", {"email": "ada@example.org", "password1": "quite another one"}),
            ("/accounts/password/reset/", {"email": "known@example.org"}),
            ("/accounts/login/code/", {"email": "known@example.org"}),
        ],
    )
    def test_is_said_to_have_expired(self, client, asked, sent):
        UserFactory(confirmed=True, email="known@example.org")
        page = client.post(asked, sent).url
        client.get(page)

        with time_machine.travel(timezone.now() + timedelta(minutes=11), tick=False):
            late = client.post(page, {"code": code_in(mail.outbox[-1])}, follow=True)

        assert late.redirect_chain[-1][0] in {"/accounts/login/", "/accounts/login/code/"}
        assert late.text.count("This code has expired. Begin again to get a new one.") == 1

    def test_is_not_said_of_one_that_was_wrong_too_often(self, client):
        UserFactory(confirmed=True, email="known@example.org")
        page = client.post("/accounts/login/code/", {"email": "known@example.org"}).url
        client.get(page)

        for _ in range(3):
            wrong = client.post(page, {"code": "AAAA-AAAA"}, follow=True)

        assert wrong.redirect_chain
        assert "expired" not in wrong.text


class TestOnTheWayToAnApplication:
    @pytest.fixture
    def role(self):
        return OpportunityFactory(open=True, title="Redraw the Handbook")

    @staticmethod
    def address(role):
        return f"/opportunities/{role.slug}-{role.public_id}/apply/"

    def test_a_newcomer_comes_to_an_account_and_reads_for_which_role(self, client, role):
        there = self.address(role)

        answer = client.get(there)
        page = client.get(answer.url).text

        assert answer.url == f"/accounts/signup/?next={there}"
        assert "To apply for <b><bdi>Redraw the Handbook</bdi></b>" in page
        for way in ("signup", "login"):
            assert f'href="/accounts/{way}/?next={there}"' in page
            assert "Redraw the Handbook" in client.get(f"/accounts/{way}/?next={there}").text

    @pytest.mark.parametrize(
        "then", ["/matches/", "/opportunities/none-0/apply/", "//[", "/opportunities/a-\x00/apply/"]
    )
    def test_other_ways_name_no_role(self, client, role, then):
        page = client.get(f"/accounts/signup/?next={quote(then)}")

        assert page.status_code == 200
        assert "To apply for" not in page.text

    @pytest.mark.parametrize("has_answered", [True, False])
    def test_after_the_code_one_note_stands_above_the_form(self, client, role, has_answered):
        if has_answered:
            client.post("/start/time/", {"answer": "10"})
        code_page = client.post(
            f"/accounts/signup/?next={self.address(role)}",
            {"email": "mina@example.org", "password1": PASSWORD},
        ).url
        client.get(code_page)  # shows what was said of the mail
        code = code_in(mail.outbox[-1])

        form = client.post(code_page, {"code": code}, follow=True)

        assert form.request["PATH_INFO"] == self.address(role)
        notes = [str(note) for note in form.context["messages"]]
        assert len(notes) == 1
        assert ("is in your account" if has_answered else "Signed in as") in notes[0]
