"""Every page in Chromium: accessible, calm, within its window, and with an empty console."""

import gzip

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.django_db(transaction=True)

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
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


@pytest.mark.parametrize(
    ("width", "scheme"), [(390, "light"), (390, "dark"), (1280, "light"), (1280, "dark")]
)
def test_no_page_violates_an_accessibility_rule_or_complains(market, visit, width, scheme):
    windows, wrong, said = {}, [], []
    for user, path in market.pages():
        if user not in windows:
            windows[user] = visit(width=width, scheme=scheme, user=user)
            windows[user].on("console", lambda message: said.append(message.text))
            windows[user].on("pageerror", lambda error: said.append(str(error)))
        page = windows[user]
        said.clear()
        response = page.goto(path)
        found = Axe().run(page, options=RULES).response["violations"]
        wrong += [f"{path}: {each['id']} {each['nodes'][0]['target']}" for each in found]
        wrong += [f"{path}: {text}" for text in said if str(response.status) not in text]
        wrong += [f"{path}: small target {each}" for each in page.evaluate(SMALL)]
        if page.evaluate(OVERFLOW) > 0:
            wrong.append(f"{path}: scrolls sideways at {width}")

    assert wrong == [], wrong


def test_no_page_scrolls_sideways_at_320(market, visit):
    windows, wrong = {}, []
    for user, path in market.pages():
        if user not in windows:
            windows[user] = visit(width=320, user=user)
        windows[user].goto(path)
        if (over := windows[user].evaluate(OVERFLOW)) > 0:
            wrong.append((path, over))

    assert wrong == [], wrong


def test_every_page_keeps_to_its_weight(market, client, live_server, visit):
    heavy = []
    for user, path in market.pages():
        client.logout()
        if user is not None:
            client.force_login(user)
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
