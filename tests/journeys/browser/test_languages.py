"""Every page in each language: with the same figures inside; from right to left in its window.

``test_pages`` looks at the languages of the site in all windows.
"""

import re
from html.parser import HTMLParser

import pytest

from tests import pseudo_locale
from tests.journeys.browser.looking import OVERFLOW

pytestmark = pytest.mark.django_db(transaction=True)
WIDTHS = (320, 390, 1280)
NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?")
PEOPLE = ("anybody", "member", "candidate", "moderator")


@pytest.fixture(scope="module", autouse=True)
def _another_language(tmp_path_factory):
    with pseudo_locale.spoken(tmp_path_factory.mktemp("locale"), called="Arabic"):
        yield


class Figures(HTMLParser):
    """Collects the numbers that a browser computes with: in charts and in boxes for numbers."""

    def __init__(self):
        super().__init__()
        self.depth, self.found = 0, []

    def handle_starttag(self, tag, attrs):
        self.depth += tag == "svg"
        attrs = dict(attrs)
        is_number = tag == "input" and attrs.get("type") in {"number", "range"}
        if self.depth or is_number or tag in {"progress", "meter"}:
            self.found += [
                (tag, name, value)
                for name, value in attrs.items()
                if NUMBER.search(value or "") and not name.startswith(("aria-", "data-", "hx-"))
                and name not in {"id", "class", "href"}
            ]  # fmt: skip

    def handle_endtag(self, tag):
        self.depth -= tag == "svg"


def figures_of(page):
    figures = Figures()
    figures.feed(page)
    return figures.found


@pytest.mark.long
@pytest.mark.parametrize("person", PEOPLE)
def test_no_page_is_wider_than_its_window_or_has_other_figures(market, client, visit, person):
    user = getattr(market, person)
    if user:
        client.force_login(user)
    page = visit(user=user)
    page.set_extra_http_headers({"Accept-Language": pseudo_locale.CODE})
    wide, differ, seen = [], [], 0
    for path in market.pages()[person]:
        read = {
            language: figures_of(
                client.get(path, headers={"Accept-Language": language}, follow=True).text
            )
            for language in ("en", "de")
        }
        read[pseudo_locale.CODE] = figures_of(page.goto(path).text())
        seen += len(read["en"])
        differ += [
            (path, language, set(figures) ^ set(read["en"]))
            for language, figures in read.items()
            if figures != read["en"]
        ]
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            if (over := page.evaluate(OVERFLOW)) > 0:
                wide.append(f"{path} at {width}: {over} px")

    assert wide == [], wide
    assert seen > 50
    assert differ == [], differ


def test_a_person_switches_the_language_without_script(market, visit):
    page = visit(script=False)
    page.goto("/rules/?a=1")
    page.get_by_role("button", name="Deutsch").click()

    assert page.url.endswith("/rules/?a=1")
    assert page.locator("html").get_attribute("lang") == "de"
    page.get_by_role("button", name="English").click()
    assert page.locator("html").get_attribute("lang") == "en-GB"
