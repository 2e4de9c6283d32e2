"""Looking at a page in all its windows: accessible, calm, light, and within its window."""

import gzip
from pathlib import Path
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe

SCRIPT = Axe().axe_script + Path(__file__).with_name("looking.js").read_text()
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
HEAVIEST = 14_000
"""Bytes of a page as it is sent."""
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
SMALL = """() => [...document.querySelectorAll('a, button, input, select, textarea, summary')]
  .filter((e) => {
    const box = e.getBoundingClientRect();
    if (!box.width || !box.height || box.right < 0) return false;
    if (e.tagName === 'A' && getComputedStyle(e).display === 'inline') return false;
    const label = e.closest('label');
    const area = label ? label.getBoundingClientRect() : box;
    return Math.min(area.width, area.height) < 24;
  }).map((e) => e.outerHTML.slice(0, 80))"""
VIOLATIONS = """rules => axe.run(rules).then(found => found.violations.map(
  rule => [rule.id, rule.nodes.map(node => node.target)]))"""

# A page is fetched once and looked at in all windows. What depends on a theme is its colors alone,
# so every rule is asked in one theme of each width. Contrast is judged in all of them, by inks.
BUT_CONTRAST = RULES | {"rules": {"color-contrast": {"enabled": False}}}
OF_LINKS = RULES | {"runOnly": {"type": "rule", "values": ["link-in-text-block"]}}
WINDOWS = {
    "en": [
        (390, "light", BUT_CONTRAST), (390, "dark", OF_LINKS), (768, "dark", BUT_CONTRAST),
        (768, "light", OF_LINKS), (1280, "light", BUT_CONTRAST), (1280, "dark", OF_LINKS),
    ],
    "de": [
        (390, "dark", BUT_CONTRAST), (390, "light", OF_LINKS), (768, "light", BUT_CONTRAST),
        (768, "dark", OF_LINKS), (1280, "dark", BUT_CONTRAST), (1280, "light", OF_LINKS),
    ],
}  # fmt: skip
"""By language: width, theme and the rules that are asked there."""
NARROWEST = 320


class Look:
    """Look at pages in all windows of a language, and keep what is wrong with them."""

    right: set[str] = set()
    """The inks whose contrast axe has found right, on whatever page."""

    def __init__(self, page, language):
        self.page, self.language, self.wrong, self.said = page, language, [], []
        page.add_init_script(SCRIPT)
        page.set_extra_http_headers({"Accept-Language": language})
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))

    def open(self, path):
        """Go to a page and look at it."""
        self.said.clear()
        answer = self.page.goto(path)
        if (weight := len(gzip.compress(answer.body()))) > HEAVIEST:
            self.wrong.append(f"{path}: weighs {weight} bytes")
        self.here()
        self.wrong += [f"{path}: {text}" for text in self.said if str(answer.status) not in text]

    def here(self):
        """Look at the page that is open."""
        path = urlsplit(self.page.url).path
        width_now = 0
        for width, scheme, rules in WINDOWS[self.language]:
            if width != width_now:
                width_now = width
                self.page.set_viewport_size({"width": width, "height": 900})
            self.page.emulate_media(color_scheme=scheme)
            faults = [*self.too_wide(), *self.low_contrast()]
            faults += [f"small target {each}" for each in self.page.evaluate(SMALL)]
            faults += [f"{rule} {at[0]}" for rule, at in self.page.evaluate(VIOLATIONS, rules)]
            self.wrong += [f"{path} at {width} in {scheme}: {fault}" for fault in faults]
        self.page.set_viewport_size({"width": NARROWEST, "height": 900})
        self.wrong += [f"{path} at {NARROWEST}: {fault}" for fault in self.too_wide()]

    def too_wide(self):
        if (over := self.page.evaluate(OVERFLOW)) > 0:
            yield f"scrolls {over} px sideways"

    def low_contrast(self):
        """Have axe judge the inks of this window that it has not found right before."""
        inks = self.page.evaluate("axe.ours.inks()")
        if asked := [ink for ink in inks if ink not in self.right]:
            found = self.page.evaluate("asked => axe.ours.judge(asked)", asked)
            self.right.update(found["right"])
            for rule, places in found["wrong"]:
                yield f"{rule} {places[0]}"
