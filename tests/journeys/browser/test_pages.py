"""Every page in Chromium: accessible, calm, within its window, and with an empty console."""

import gzip

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.django_db(transaction=True)

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


@pytest.mark.long
@pytest.mark.parametrize("language", WINDOWS)
@pytest.mark.parametrize("person", ["anybody", "member", "candidate", "moderator"])
def test_no_page_violates_an_accessibility_rule_or_complains(market, visit, person, language):
    page, wrong, said = visit(user=getattr(market, person)), [], []
    page.set_extra_http_headers({"Accept-Language": language})
    script = Axe().axe_script
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    for path in market.pages()[person]:
        said.clear()
        status = str(page.goto(path).status)
        page.evaluate(script)
        page.evaluate(READ_ONCE)
        for width, scheme, rules in WINDOWS[language]:
            faults = [*window(page, width, scheme)]
            faults += [f"small target {each}" for each in page.evaluate(SMALL)]
            found = page.evaluate(VIOLATIONS, rules)
            faults += [f"{each['id']} {each['nodes'][0]['target']}" for each in found]
            wrong += [f"{path} at {width} in {scheme}: {fault}" for fault in faults]
        wrong += [f"{path} at {NARROWEST}: {fault}" for fault in window(page, NARROWEST)]
        wrong += [f"{path}: {text}" for text in said if status not in text]

    assert wrong == [], wrong


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
