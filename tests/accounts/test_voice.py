"""What allauth and Django say to people, said in this site's words: pages, refusals and mails."""

import io
import re
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import allauth
import pytest
import time_machine
from allauth.account.adapter import get_adapter
from allauth.core import context
from babel.messages.extract import extract_python
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.core import mail
from django.utils.translation.template import templatize

from opportunities.accounts.models import User
from tests.factories import PASSWORD, UserFactory

WORDS = Path(settings.BASE_DIR) / "opportunities/accounts/locale/en/LC_MESSAGES"
ALLAUTH = Path(allauth.__file__).parent
CALL = re.compile(r"(?:gettext|_|ngettext|pgettext|npgettext)\((?:[^()]|\([^()]*\))*\)")
CALLS = {"gettext": None, "gettext_lazy": None, "_": None, "ngettext": (1, 2)}
NOT_ASKED = re.compile(r"phone|username", re.IGNORECASE)
"""Accounts here have an email address, and neither of these."""

OF_STAFF = {
    "Accounts", "user", "email address", "verified", "primary", "email addresses", "created",
    "sent", "key", "email confirmation", "email confirmations", "MFA", "Recovery codes",
    "TOTP Authenticator", "WebAuthn", "Marked {email} as verified.",
    "Failed to mark {email} as verified.", "Mark selected email addresses as verified",
}  # fmt: skip
"""What only the admin shows, where it is no more than a name."""


def catalogue():
    with (WORDS / "django.po").open("rb") as file:
        return read_po(file, locale="en")


def pairs(words):
    """Return each sentence with ours, both forms where it counts."""
    return {(str(list(each.id)), str(list(each.string))) for each in words if each.id}


def said(source):
    for _, _, message, _ in extract_python(io.BytesIO(source.encode()), list(CALLS), [], {}):
        if isinstance(message, tuple):
            yield tuple(part for part in message if part)
        elif message:
            yield message


def sentences():
    for part in ("account", "mfa"):
        for path in sorted((ALLAUTH / "templates" / part).rglob("*")):
            if path.is_file():
                calls = CALL.findall(templatize(path.read_text()))
                yield from said("\n".join(calls))
        for path in sorted((ALLAUTH / part).rglob("*.py")):
            if not {"tests", "migrations", "contrib"} & set(path.parts):
                yield from said(path.read_text())


class TestWords:
    def test_no_sentence_of_the_library_is_left(self):
        ours = {message.id for message in catalogue() if message.id}
        theirs = {each for each in sentences() if not NOT_ASKED.search(str(each))}

        assert len(theirs) > 150
        assert theirs - ours - OF_STAFF == set()

    def test_each_keeps_what_is_filled_in(self):
        holes = re.compile(r"%\(\w+\)s|%d|\{\w+\}")
        for message in catalogue():
            said, ours = str(message.id), str(message.string)
            assert set(holes.findall(ours)) <= set(holes.findall(said)), said

    def test_what_is_compiled_is_what_is_written(self):
        with (WORDS / "django.mo").open("rb") as file:
            compiled = read_mo(file)

        assert pairs(compiled) == pairs(catalogue())

    @pytest.mark.django_db
    def test_pages_and_refusals_say_it(self, client):
        page = client.get("/accounts/login/").text
        refused = client.post("/accounts/signup/", {"email": "ada", "password1": "short"}).text

        assert "Create an account" in page
        assert "placeholder" not in page
        assert "Email me a code" in page
        assert "If you have not created" not in page
        assert "This is not an email address" in refused
        assert "The password needs at least 10 characters." in refused


@pytest.fixture
def adapter(rf):
    with context.request_context(rf.get("/")):
        yield get_adapter()


def sent() -> EmailMessage:
    message = mail.outbox[-1].message()
    assert message["Auto-Submitted"] == "auto-generated"
    return mail.outbox[-1]


@pytest.mark.django_db
class TestMails:
    def test_a_code_stands_out(self, adapter):
        adapter.send_mail("account/email/login_code", "ada@example.org", {"code": "QXPT-KJRB"})

        found = sent()
        html = found.alternatives[0].content
        assert found.subject == "Foothold: Your code to sign in"
        assert found.body.startswith("Hello,\n\nTo sign in, enter this code")
        assert '<p class="code">QXPT-KJRB</p>' in html
        assert "<h1>Your code to sign in</h1>" in html
        assert "Hello" not in html

    def test_a_code_to_confirm_an_address_speaks_of_no_new_account(self, client):
        UserFactory(email="root@example.org", admin=True)  # made by a command, confirmed by nobody

        client.post("/accounts/login/", {"login": "root@example.org", "password": PASSWORD})

        found = sent()
        assert found.to == ["root@example.org"]
        assert "entered this email address" in found.body
        assert "account" not in found.body

    def test_the_site_signs_by_its_own_name_and_address(self, adapter, settings):
        settings.SITE_NAME, settings.SITE_URL = "Ladder", "https://ladder.example"
        adapter.send_mail("account/email/login_code", "ada@example.org", {"code": "QXPT-KJRB"})

        assert sent().body.rstrip().endswith("Ladder\nladder.example")

    def test_an_address_is_a_button(self, adapter):
        address = "https://testserver/accounts/password/reset/key/1-2/?a=1&b=2"
        adapter.send_mail(
            "account/email/password_reset_key", "a@example.org", {"password_reset_url": address}
        )

        found = sent()
        assert address in found.body
        escaped = address.replace("&", "&amp;")
        button = f'<a class="go" href="{escaped}">Choose a new password</a>'
        assert button in found.alternatives[0].content

    def test_a_reset_password_is_not_asked_to_be_reset(self, adapter):
        adapter.send_notification_mail("account/email/password_reset", UserFactory(), {})

        assert sent().subject == "Foothold: Your password was reset"

    @pytest.mark.parametrize(
        ("zone", "language", "said"),
        [
            ("America/New_York", "en-gb", "Tue 1 Dec 2026, 09:00 EST"),
            ("Europe/Berlin", "de", "Di, 1. Dez 2026, 15:00 MEZ"),
        ],
    )
    def test_a_change_says_when_it_was_by_the_readers_clock(self, adapter, zone, language, said):
        person = UserFactory(confirmed=True, time_zone=zone, language=language)

        with time_machine.travel(datetime(2026, 12, 1, 14, tzinfo=UTC), tick=False):
            adapter.send_notification_mail("account/email/password_changed", person, {})

        found = sent()
        assert said in found.body
        assert said in found.alternatives[0].content

    def test_whoever_has_no_account_is_told_why_they_get_a_mail(self, adapter):
        adapter.send_mail(
            "account/email/unknown_account", "no@example.org", {"signup_url": "https://testserver/"}
        )

        assert "somebody entered this address on Foothold" in sent().alternatives[0].content

    def test_a_change_says_where_it_came_from(self, adapter):
        person: User = UserFactory(confirmed=True)

        adapter.send_notification_mail(
            "account/email/password_changed", person, {"user_agent": "<b>Browser</b>"}
        )

        html = sent().alternatives[0].content
        assert "Your password was changed." in html
        assert "It is sent whatever your email settings are." in html
        assert "<li>Browser: &lt;b&gt;Browser&lt;/b&gt;</li>" in html
        assert "choose a new password now" in html
        assert 'class="go" href="https://testserver/accounts/password/reset/"' in html
