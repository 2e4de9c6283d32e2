"""Every page in Chromium: accessible, calm, within its window, and with an empty console."""

import gzip
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import Resolver404, resolve

from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).parents[3]
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
# axe reads the same dozen colors and selectors thousands of times on a page: half of its work.
READ_ONCE = """() => {
  const color = axe.commons.color.Color.prototype, read = color.parseString, colors = new Map();
  color.parseString = function (text) {
    if (colors.has(text)) [this.r, this.g, this.b, this.alpha] = colors.get(text);
    else {
      read.call(this, text);
      colors.set(text, [this.r, this.g, this.b, this.alpha]);
    }
    return this;
  };
  const parser = axe.imports.CssSelectorParser.prototype, parse = parser.parse, parsed = new Map();
  parser.parse = function (text) {
    if (!parsed.has(text)) parsed.set(text, parse.call(this, text));
    return parsed.get(text);
  };
}"""
VIOLATIONS = "rules => axe.run(rules).then(found => found.violations)"
SMALL = """() => [...document.querySelectorAll('a, button, input, select, textarea, summary')]
  .filter((e) => {
    const box = e.getBoundingClientRect();
    if (!box.width || !box.height || box.right < 0) return false;
    if (e.tagName === 'A' && getComputedStyle(e).display === 'inline') return false;
    const label = e.closest('label');
    const area = label ? label.getBoundingClientRect() : box;
    return Math.min(area.width, area.height) < 24;
  }).map((e) => e.outerHTML.slice(0, 80))"""
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


# A page is fetched once and looked at in all windows: axe takes less than fetching it anew. What
# depends on a theme is its colors alone, so every rule is asked in one theme of each width.
OF_COLORS = RULES | {
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
}
WINDOWS = {
    "en": [
        (390, "light", RULES), (390, "dark", OF_COLORS), (768, "dark", RULES),
        (768, "light", OF_COLORS), (1280, "light", RULES), (1280, "dark", OF_COLORS),
    ],
    "de": [
        (390, "dark", RULES), (390, "light", OF_COLORS), (768, "light", RULES),
        (768, "dark", OF_COLORS), (1280, "dark", RULES), (1280, "light", OF_COLORS),
    ],
}  # fmt: skip
"""By language: width, theme and the rules that are asked there."""
NARROWEST = 320


def window(page, width, scheme="light"):
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    if (over := page.evaluate(OVERFLOW)) > 0:
        yield f"scrolls {over} px sideways"


class Look:
    """Look at pages in all windows of a language, and keep what is wrong with them."""

    def __init__(self, page, language):
        self.page, self.language, self.wrong, self.said = page, language, [], []
        self.script = Axe().axe_script
        page.set_extra_http_headers({"Accept-Language": language})
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))

    def open(self, path):
        """Go to a page and look at it."""
        self.said.clear()
        status = str(self.page.goto(path).status)
        self.here()
        self.wrong += [f"{path}: {text}" for text in self.said if status not in text]

    def here(self):
        """Look at the page that is open."""
        path = urlsplit(self.page.url).path
        self.page.evaluate(self.script)
        self.page.evaluate(READ_ONCE)
        for width, scheme, rules in WINDOWS[self.language]:
            faults = [*window(self.page, width, scheme)]
            faults += [f"small target {each}" for each in self.page.evaluate(SMALL)]
            found = self.page.evaluate(VIOLATIONS, rules)
            faults += [f"{each['id']} {each['nodes'][0]['target']}" for each in found]
            self.wrong += [f"{path} at {width} in {scheme}: {fault}" for fault in faults]
        self.wrong += [f"{path} at {NARROWEST}: {fault}" for fault in window(self.page, NARROWEST)]


@pytest.mark.long
@pytest.mark.parametrize("language", WINDOWS)
@pytest.mark.parametrize("person", ["anybody", "member", "candidate", "secured", "moderator"])
def test_no_page_violates_an_accessibility_rule_or_complains(market, visit, person, language):
    look = Look(visit(user=getattr(market, person)), language)
    for path in market.pages()[person]:
        look.open(path)
    assert look.wrong == [], look.wrong


ASKS_FOR_A_CODE = (
    ("accounts/login/", "accounts/2fa/authenticate/"),
    ("accounts/login/code/", "accounts/login/code/confirm/"),
    ("accounts/password/reset/", "accounts/password/reset/confirm/"),
)
"""Pages that ask for one, behind those that lead there."""


@pytest.mark.long
@pytest.mark.parametrize("language", WINDOWS)
def test_nor_does_a_page_that_asks_for_a_code(market, visit, language):
    page = visit()
    look = Look(page, language)
    page.goto("/accounts/login/")
    page.locator("[name=login]").fill(market.secured.email)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url("**/accounts/2fa/authenticate/**")
    look.here()
    for first, then in ASKS_FOR_A_CODE[1:]:
        page.context.clear_cookies()
        page.goto(f"/{first}")
        page.locator("main [name=email]").fill(market.candidate.email)
        page.locator("main [name=email]").press("Enter")
        page.wait_for_url(f"**{then}**")
        look.here()
    assert look.wrong == [], look.wrong


FILES = re.compile(r"\.(ics|json|xml|txt|atom)$|^\.well-known/|^healthz$|/resume/$|^places/$")
LEADS_ON = {
    "accounts/confirm-email/", "alerts/", "employer/team/", "me/answers/",
    "accounts/2fa/webauthn/reauthenticate/", "accounts/password/reset/complete/",
    "accounts/password/set/", "matches/new/<str:public_id>/", "problems/<slug:slug>",
    "saved/<str:public_id>/", "sign-up/", "start/",
}  # fmt: skip
PARTS = {
    "accounts/2fa/webauthn/login/", "accounts/2fa/webauthn/signup/", "employer/roles/new/keep/",
    "me/drafts/here/",
}  # fmt: skip
"""What a script asks for, and steps that end where they began without a key."""


def test_every_page_that_somebody_may_open_is_looked_at(market):
    looked_at = {route_of(path) for paths in market.pages().values() for path in paths}
    looked_at |= {path for pair in ASKS_FOR_A_CODE for path in pair}
    table = (ROOT / "tests/permissions/expected.txt").read_text().splitlines()
    asked = [line[7:].partition(" ") for line in table if line.startswith("GET ")]
    open_to_somebody = {path for path, _, answers in asked if "ok" in answers.split()}
    pages = {
        path if "<" in path else route_of(f"/{path}")
        for path in open_to_somebody
        if not path.startswith(("api/", "admin/")) and not FILES.search(path)
    }

    assert len(pages) > 90
    assert pages - looked_at - LEADS_ON - PARTS == set()


def route_of(path):
    """Return the pattern that an address is of, else the address."""
    try:
        return resolve(urlsplit(path).path).route
    except Resolver404:
        return path


def test_every_page_keeps_to_its_weight(market, client, live_server, visit):
    heavy = []
    for person, paths in market.pages().items():
        client.logout()
        if user := getattr(market, person):
            client.force_login(user)
        for path in paths:
            size = len(gzip.compress(client.get(path).content))
            if size > 14_000:
                heavy.append((path, size))
    page = visit()
    bodies = {}
    page.on("response", lambda answer: bodies.update({answer.url: answer}))
    page.goto("/matches/")
    page.wait_for_load_state("networkidle")
    styles = [answer.body() for url, answer in bodies.items() if url.endswith(".css")]
    scripts = [answer.body() for url, answer in bodies.items() if url.endswith(".js")]

    assert heavy == []
    assert 0 < sum(map(len, styles)) <= 20_000
    assert 0 < sum(len(gzip.compress(body)) for body in scripts) <= 20_000
    assert all(url.startswith(live_server.url) for url in bodies)
