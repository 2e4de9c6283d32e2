"""Every mail is a page and a plain text of its own, whole in each language."""

import re
from html.parser import HTMLParser

import pytest
from django.conf import settings

from opportunities.core import languages
from tests.messaging.mail_samples import OF_ACCOUNTS, mails

UNFILLED = re.compile(r"%\(|\{\w*\}|\bNone\b|&amp;amp;|&lt;br")
OF_LIBRARIES = re.compile(r"Thank you for using|You are receiving|You're receiving|Hello from")


class Page(HTMLParser):
    """Collects what a mail's page leads to, and its headings."""

    def __init__(self, html):
        super().__init__()
        self.links, self.buttons, self.headings, self.language = [], [], 0, ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "html":
            self.language = given["lang"]
        elif tag == "a":
            self.links.append(given["href"])
            self.buttons += [given["href"]] if given.get("class") == "go" else []
        self.headings += tag == "h1"


@pytest.mark.parametrize("language", [code for code, _ in settings.LANGUAGES])
class TestEveryMail:
    def test_is_a_page_and_a_text_that_say_and_lead_to_the_same(self, language):
        seen = 0
        for name, mail in mails(language):
            page = Page(mail.alternatives[0].content)
            seen += 1

            assert mail.alternatives[0].mimetype == "text/html"
            assert page.language == languages.tag(language), name
            assert page.headings == (name != "digest"), name
            assert all(link.startswith("https://testserver") for link in page.links), name
            assert all(button in mail.body for button in page.buttons), name
            assert "<" not in mail.body, name
            for text in (mail.subject, mail.body, mail.alternatives[0].content):
                css_apart = re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL)
                assert not UNFILLED.search(css_apart), (name, text)
                assert not OF_LIBRARIES.search(text), name
        assert seen >= len(OF_ACCOUNTS) + 50

    def test_has_a_button_or_a_code(self, language):
        for name, mail in mails(language):
            html = mail.alternatives[0].content
            assert 'class="go"' in html or 'class="code"' in html, name
