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

# A page is fetched once and looked at in all windows; in each its contrast is judged by its inks.
# The colors of links depend on the theme besides, and a width leaves more or less room. All else is
# asked wherever a page shows other elements than it has shown before.
ALL = RULES | {"rules": {"color-contrast": {"enabled": False}}}
OF_THEMES = ("link-in-text-block",)
OF_ROOM = ("target-size", "scrollable-region-focusable")
WINDOWS = {
    "en": [
        (390, "light"), (390, "dark"), (768, "dark"), (768, "light"), (1280, "light"),
        (1280, "dark"),
    ],
    "de": [
        (390, "dark"), (390, "light"), (768, "light"), (768, "dark"), (1280, "dark"),
        (1280, "light"),
    ],
}  # fmt: skip
"""By language: width and theme."""
NARROWEST = 320


class Look:
    """Look at pages in all windows of a language, and keep what is wrong with them."""

    right: set[str] = set()
    """The inks whose contrast axe has found right, on whatever page."""

    def __init__(self, page, language):
        self.page, self.language, self.wrong, self.said = page, language, [], []
        self.window = None
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
        path, asked = urlsplit(self.page.url).path, set()
        for width, scheme in WINDOWS[self.language]:
            self.resize(width, scheme)
            seen = self.page.evaluate("axe.ours.look()")
            faults = [f"small target {each}" for each in seen["small"]]
            faults += [*too_wide(seen["over"]), *self.low_contrast(seen["inks"])]
            if rules := still_to_ask(asked, seen["shown"], width, scheme):
                found = self.page.evaluate("rules => axe.ours.ask(rules)", rules)
                faults += [f"{rule} {places[0]}" for rule, places in found]
            self.wrong += [f"{path} at {width} in {scheme}: {fault}" for fault in faults]
        self.resize(NARROWEST, scheme)
        over = self.page.evaluate(OVERFLOW)
        self.wrong += [f"{path} at {NARROWEST}: {fault}" for fault in too_wide(over)]

    def resize(self, width, scheme):
        """Give the window a width and a theme; each of them draws the page anew."""
        if self.window is None or self.window[0] != width:
            self.page.set_viewport_size({"width": width, "height": 900})
        if self.window is None or self.window[1] != scheme:
            self.page.emulate_media(color_scheme=scheme)
        self.window = width, scheme

    def low_contrast(self, inks):
        """Have axe judge the inks that it has not found right before."""
        if asked := [ink for ink in inks if ink not in self.right]:
            found = self.page.evaluate("asked => axe.ours.judge(asked)", asked)
            self.right.update(found["right"])
            for rule, places in found["wrong"]:
                yield f"{rule} {places[0]}"


def too_wide(over):
    if over > 0:
        yield f"scrolls {over} px sideways"


def still_to_ask(asked, shown, width, scheme):
    """Return the rules that a window of a page can break where those before have not."""
    rules = [
        *(OF_THEMES if (shown, scheme) not in asked else ()),
        *(OF_ROOM if width not in asked else ()),
    ]
    is_new = shown not in asked
    asked |= {shown, (shown, scheme), width}
    if is_new:
        return ALL
    return rules and RULES | {"runOnly": {"type": "rule", "values": rules}}
