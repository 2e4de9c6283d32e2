"""In whose language people are answered and written to."""

from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.core import mail
from django.http import HttpResponse
from django.urls import reverse

from opportunities.accounts.languages import IN_ENGLISH, ReadersLanguage, choose
from opportunities.accounts.models import User
from opportunities.core import languages
from opportunities.messaging import delivery, letters
from opportunities.messaging.models import Letter, Notice
from opportunities.messaging.notify import notify
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 12, 1, 14, tzinfo=UTC)
COOKIE = settings.LANGUAGE_COOKIE_NAME
PAGE = "/terms/"
OWN = {"Sec-Fetch-Site": "same-origin"}
SWITCH = "/settings/language/"


def asked(client, accepted, path=PAGE):
    return client.get(path, headers={"Accept-Language": accepted})


class TestWhose:
    @pytest.mark.parametrize(
        ("accepted", "tag"),
        [
            ("de", "de"), ("de-AT,en;q=0.5", "de"), ("en-US,de;q=0.9", "en-GB"),
            ("fr,de;q=0.5", "de"), ("fr", "en-GB"), ("*", "en-GB"), ("%", "en-GB"),
            ("de;q=0.1,en;q=0.9", "en-GB"),
        ],
    )  # fmt: skip
    def test_the_browsers_where_nobody_chose(self, client, accepted, tag):
        response = asked(client, accepted)

        assert f'<html lang="{tag}" dir="ltr">' in response.text
        assert response.headers["Content-Language"] == tag
        assert {"Accept-Language", "Cookie"} <= set(response.headers["Vary"].split(", "))

    def test_english_where_a_browser_says_nothing(self, client):
        assert '<html lang="en-GB"' in client.get(PAGE).text

    def test_a_cookie_stands_above_the_browser_and_an_account_above_both(self, client):
        client.cookies[COOKIE] = "de"
        assert '<html lang="de"' in asked(client, "en").text

        client.force_login(UserFactory(language="en-gb"))
        assert '<html lang="en-GB"' in asked(client, "de").text

    @pytest.mark.parametrize("kept", ["xx", "'", "de" * 40, ""])
    def test_a_language_that_the_site_does_not_speak_counts_for_nothing(self, client, kept):
        client.cookies[COOKIE] = kept
        client.force_login(UserFactory(language="xx"))

        assert '<html lang="de"' in asked(client, "de").text

    def test_what_a_browser_asks_for_is_kept_for_mails(self, client):
        person = UserFactory()
        client.force_login(person)
        client.get(PAGE)
        assert User.objects.get(pk=person.pk).browser_language == ""

        asked(client, "de")
        person.refresh_from_db()

        assert person.browser_language == "de"
        assert languages.of(person) == "de"

    def test_a_page_that_was_kept_is_shown_to_nobody_of_another_language(self, client):
        assert '<html lang="en-GB"' in asked(client, "en", "/").text
        assert '<html lang="de"' in asked(client, "de", "/").text
        assert '<html lang="en-GB"' in asked(client, "en", "/").text


def test_what_shared_caches_may_keep_is_of_no_language(rf):
    picture = HttpResponse(b"", headers={"Cache-Control": "public, max-age=300"})

    answer = ReadersLanguage(lambda _: picture)(rf.get("/employers/a/logo.png"))

    assert not {"Vary", "Content-Language"} & set(answer.headers)


class TestSwitch:
    def test_is_at_the_foot_of_every_page(self, client):
        page = client.get(PAGE).text

        assert f'action="{reverse("opportunities:language")}"' in page
        assert 'value="de" lang="de">Deutsch</button>' in page
        assert ">English</button>" not in page

    def test_keeps_the_choice_and_goes_back(self, client):
        headers = OWN | {"Referer": "http://testserver/rules/?a=1"}
        response = client.post(SWITCH, {"language": "de"}, headers=headers)

        assert response.url == "/rules/?a=1"
        assert response.cookies[COOKIE]["httponly"]
        assert '<html lang="de"' in client.get(PAGE).text

    def test_keeps_it_for_the_account_too(self, client):
        person = UserFactory()
        client.force_login(person)
        client.post(SWITCH, {"language": "de"}, headers=OWN)

        person.refresh_from_db()
        assert person.language == "de"

    def test_is_not_pressed_by_pages_of_others(self, client):
        response = client.post(SWITCH, {"language": "de"}, headers={"Sec-Fetch-Site": "cross-site"})

        assert response.status_code == 403
        assert COOKIE not in response.cookies

    @pytest.mark.parametrize("code", ["", "xx", "de-DE", "\x00"])
    def test_refuses_what_the_site_does_not_speak(self, client, code):
        response = client.post(SWITCH, {"language": code}, headers=OWN)

        assert response.status_code == 400
        assert COOKIE not in response.cookies


class TestPrograms:
    @pytest.mark.parametrize(
        "path", ["/api/v1/meta", "/feeds/opportunities.atom", "/llms.txt", "/api/docs/", "/healthz"]
    )
    def test_are_answered_in_english(self, client, path):
        client.cookies[COOKIE] = "de"
        assert path.startswith(IN_ENGLISH)

        german, english = asked(client, "de", path), asked(client, "en", path)

        assert german.content == english.content
        assert "Content-Language" not in german.headers

    def test_are_refused_in_english(self, client):
        client.force_login(UserFactory(language="de"))

        response = client.put(
            "/api/v1/notices/rhythm",
            {"rhythm": "hourly"},
            "application/json",
            headers={"Accept-Language": "de"},
        )

        assert response.status_code == 422
        assert "is not a valid choice" in response.text or "One of:" in response.text


class TestWhoIsWrittenTo:
    def test_a_new_account_in_the_language_of_the_page(self, client):
        client.post(
            "/accounts/signup/",
            {"email": "nele@example.org", "password1": PASSWORD},
            headers={"Accept-Language": "de"},
        )

        [letter] = mail.outbox
        assert "Bestätige deine E-Mail-Adresse" in letter.subject

    def tell(self, *people):
        return notify(
            recipients=people,
            kind="test",
            key="test:1",
            subject=lambda: languages.day(NOW, "l j F Y"),
            body=lambda: languages.money(150050, "GBP"),
            at=NOW,
        )

    def test_each_reads_a_notice_in_their_language(self):
        first, second = UserFactory(language="de"), UserFactory(browser_language="en-gb")
        self.tell(first, second)

        told = {notice.recipient_id: notice for notice in Notice.objects.all()}
        assert told[first.pk].subject == "Dienstag, 1. Dezember 2026"
        assert told[first.pk].body == "1.500,50 £"
        assert told[second.pk].subject == "Tuesday 1 December 2026"
        assert told[second.pk].body == "£1,500.50"

    def test_a_notice_is_read_in_the_language_that_somebody_reads_in_later(self, client):
        reader = UserFactory(language="en-gb")
        self.tell(reader)
        client.force_login(reader)
        before = client.get("/notices/").text
        choose(person=reader, language="de")
        after = client.get("/notices/").text

        assert "Tuesday 1 December 2026" in before
        assert "£1,500.50" in before
        assert "Dienstag, 1. Dezember 2026" in after
        assert "1.500,50 £" in after
        assert "Tuesday" not in after

    def test_a_mail_speaks_one_language_though_it_was_changed_before_it_was_sent(self):
        reader = UserFactory(language="en-gb")
        self.tell(reader)
        choose(person=reader, language="de")

        delivery.deliver(at=NOW)

        [sent] = mail.outbox
        assert sent.subject == "Foothold: Dienstag, 1. Dezember 2026"
        assert "1.500,50 £" in sent.body

    def test_words_in_one_language_alone_are_shown_to_everybody(self, client):
        reader = UserFactory(language="de")
        notify(recipients=[reader], kind="test", key="t:2", subject="Ahoy", body="Hm.", at=NOW)
        client.force_login(reader)

        assert "Ahoy" in client.get("/notices/").text
        assert Notice.objects.get().translations == {}

    def test_a_mail_is_in_the_language_of_its_reader_whoever_causes_it(self):
        self.tell(UserFactory(language="de", name="Ada Lee"))

        with languages.speaking_to(UserFactory(language="en-gb")):
            delivery.deliver(at=NOW)

        [sent] = mail.outbox
        assert sent.body.startswith("Hallo Ada!")
        assert "Wie oft du solche E-Mails bekommst" in sent.body
        assert '<html lang="de" dir="ltr">' in sent.alternatives[0].content

    def test_a_letter_is_in_the_language_of_the_account_if_there_is_one(self):
        UserFactory(email="ada@example.org", language="de")
        for address in ("ada@example.org", "new@example.org"):
            letters.write_letter(
                address=address,
                sender=UserFactory(language="en-gb"),
                subject=lambda: languages.listed(["a", "b", "c"]),
                body=lambda: languages.number(0.5),
                at=NOW,
            )

        said = dict(Letter.objects.values_list("address", "subject"))
        assert said == {"ada@example.org": "a, b und c", "new@example.org": "a, b and c"}
        assert set(Letter.objects.values_list("body", flat=True)) == {"0,5", "0.5"}


def test_the_first_mail_of_an_account_speaks_the_language_of_the_page(client):
    sent = {"email": "kim@harbour.example", "password1": "a wide harbour at dawn"}

    client.post("/accounts/signup/", sent, headers={"Accept-Language": "de"})

    (message,) = mail.outbox
    assert message.subject == f"{settings.SITE_NAME}: Bestätige deine E-Mail-Adresse"
