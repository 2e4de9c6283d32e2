"""Pages in a language that runs from right to left, and whose every text is marked."""

import re
from html.parser import HTMLParser

import pytest

from tests import pseudo_locale
from tests.factories import NoticeFactory, UserFactory

pytestmark = pytest.mark.django_db
LATIN = re.compile(r"[A-Za-z]{2,}")
OUR_OWN = {"Foothold", "Deutsch", "English", "UTC", "hello", "testserver"}
"""Names and addresses, which stand in no catalogue."""
UNSAID = {"script", "style", "code", "kbd", "svg"}

OF_ANYBODY = (
    "/accessibility/", "/contact/", "/employers/", "/privacy/", "/rules/", "/settings/keys/",
    "/terms/", "/nowhere/", "/accounts/login/", "/accounts/signup/", "/accounts/password/reset/",
    "/accounts/login/code/",
)  # fmt: skip
OF_A_PERSON = (
    "/me/", "/me/drafts/", "/me/resume/", "/me/time-zone/", "/notices/", "/accounts/email/",
    "/accounts/2fa/", "/accounts/password/change/", "/employer/",
)  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def _another_language(tmp_path_factory):
    with pseudo_locale.spoken(tmp_path_factory.mktemp("locale"), called="Deutsch"):
        yield


class Said(HTMLParser):
    """Collects what a page says, without what marks its own language or none."""

    def __init__(self):
        super().__init__()
        self.around, self.words = [], set()

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag not in {"input", "meta", "link", "br", "use", "path", "rect", "img"}:
            self.around.append((tag, tag in UNSAID or (tag != "html" and "lang" in attrs)))
        if not self.is_of_no_language:
            for name in ("aria-label", "title", "placeholder", "alt"):
                self.words |= set(LATIN.findall(attrs.get(name) or ""))

    def handle_endtag(self, tag):
        while self.around and self.around.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if not self.is_of_no_language:
            self.words |= set(LATIN.findall(data))

    @property
    def is_of_no_language(self):
        return any(unsaid for _, unsaid in self.around)


def words_of(page):
    said = Said()
    said.feed(page)
    return said.words - OUR_OWN


@pytest.fixture
def arabic(client):
    def get(path):
        return client.get(path, headers={"Accept-Language": pseudo_locale.CODE}, follow=True)

    return get


@pytest.mark.parametrize("path", OF_ANYBODY)
def test_pages_of_anybody_run_from_right_to_left_and_say_all_in_it(arabic, path):
    page = arabic(path).text

    assert '<html lang="ar" dir="rtl">' in page
    assert words_of(page) == set()


@pytest.mark.parametrize("path", OF_A_PERSON)
def test_pages_of_a_person_too(client, arabic, path):
    person = UserFactory(confirmed=True, name="")
    NoticeFactory(recipient=person, subject="12", body="34")
    client.force_login(person)
    page = arabic(path).text

    assert '<html lang="ar" dir="rtl">' in page
    assert words_of(page.replace(person.email, "")) == set()
