"""Photograph the main pages of the demo market: ``make screenshots``.

Writes ``var/screenshots/NAME-WIDTH-SCHEME.png`` at two widths, light and dark, and prints for each
whether the page is wider than the window or complained in the console. ``--keep`` takes only the
pictures that the README and the guides show, and keeps them in ``docs/images``.
"""

import argparse
import itertools
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.chromium import FLAGS, chromium
from tests.running_site import ROOT, Site

FOLDER = ROOT / "var" / "screenshots"
IMAGES = ROOT / "docs" / "images"
WIDTHS = {390: 844, 1280: 900}
SCHEMES = ("light", "dark")
COMPARED = 3


def comparison(page: Page) -> str:
    """Return the address that compares the best of their matches."""
    page.goto("/matches/")
    cards = page.locator("[data-card]").evaluate_all("cards => cards.map(card => card.id)")
    ids = [card.removeprefix("match-") for card in cards[:COMPARED]]
    return "/compare/?" + "&".join(f"ids={each}" for each in ids)


def first_link(begin: str, end: str) -> Callable[[Page], str]:
    """Return a function that finds the first link on a page of roles or people that ends so."""

    def find(page: Page) -> str:
        page.goto(begin)
        return str(page.locator(f"main a[href$='{end}']").first.get_attribute("href"))

    return find


def offer(page: Page) -> str:
    """Return the address of the application that waits for an answer to its offer."""
    page.goto("/applications/")
    return str(page.locator("main a[href^='/applications/app_']").first.get_attribute("href"))


PAGES: dict[str | None, dict[str, str | Callable[[Page], str]]] = {
    None: {
        "home": "/",
        "browse": "/opportunities/",
        "method": "/how-matching-works/",
        "rules": "/rules/",
        "sign-in": "/accounts/login/",
        "questions": "/start/skills/",
    },
    "candidate@example.org": {
        "matches": "/matches/",
        "paths": "/paths/",
        "compare": comparison,
        "applications": "/applications/",
        "notices": "/notices/",
        "offer": offer,
        "who-sees-you": "/me/",
    },
    "employer@example.org": {
        "employer": "/employer/",
        "new-role": "/employer/roles/new/",
        "applicants": first_link("/employer/?state=open", "/applicants/"),
    },
    "moderator@example.org": {"moderation": "/moderate/"},
    "admin@example.org": {"site-settings": "/admin/core/site/1/change/"},
}
KEPT = {
    "matches": "matches.png",
    "paths": "paths.png",
    "questions": "questions.webp",
    "offer": "offer.webp",
    "who-sees-you": "who-sees-you.webp",
    "new-role": "new-role.webp",
    "applicants": "applicants.webp",
    "moderation": "moderation.webp",
    "site-settings": "site-settings.webp",
}
"""What is kept of the pictures at the larger width in light, and as which file."""
KEPT_AT = (1280, "light")
QUALITY = 70


@contextmanager
def visit(
    browser: Browser, site: Site, width: int, scheme: str, email: str | None
) -> Iterator[Page]:
    """Open a window, signed in where somebody is named."""
    context = browser.new_context(
        viewport={"width": width, "height": WIDTHS[width]},
        color_scheme=scheme,
        base_url=f"http://localhost:{site.port}",
    )
    page = context.new_page()
    if email:
        page.goto("/accounts/login/")
        page.fill("[name=login]", email)
        page.fill("[name=password]", site.password_of(email))
        page.locator("[name=password]").press("Enter")
        page.wait_for_load_state()
    yield page
    context.close()


def photograph(page: Page, name: str, address: str, *, kept_as: str = "") -> str:
    """Take one picture and return what is wrong with the page."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    answer = page.goto(address)
    page.screenshot(path=FOLDER / f"{name}.png", full_page=True)
    if kept_as:
        keep(page, IMAGES / kept_as)
    overflow = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    if answer is None or answer.status != 200:
        complaints.append(f"status {answer.status if answer else 'none'}")
    if overflow > 0:
        complaints.append(f"{overflow} px too wide")
    return "; ".join(complaints)


def keep(page: Page, path: Path) -> None:
    """Keep what the window shows, as WebP where the name says so."""
    if path.suffix == ".png":
        page.screenshot(path=path)
        return
    taken = FOLDER / path.with_suffix(".png").name
    page.screenshot(path=taken)
    with Image.open(taken) as picture:
        picture.convert("RGB").save(path, quality=QUALITY, method=6)


def main() -> int:
    """Start the market, photograph it, and return 1 when a page is not right."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", action="store_true", help="only what README and guides show")
    arguments = parser.parse_args()
    program = chromium()
    if program is None:
        sys.stderr.write("No Chromium was found; install it or set CHROMIUM.\n")
        return 1
    for folder in (FOLDER, IMAGES):
        folder.mkdir(parents=True, exist_ok=True)
    site = Site(ROOT / "var" / "screenshots-site")
    faults = 0
    try:
        site.read_until("Stop with Ctrl-C")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=program, chromium_sandbox=False, args=FLAGS
            )
            for width, scheme, email in itertools.product(WIDTHS, SCHEMES, PAGES):
                if arguments.keep and (width, scheme) != KEPT_AT:
                    continue
                with visit(browser, site, width, scheme, email) as page:
                    for name, known in PAGES[email].items():
                        if arguments.keep and name not in KEPT:
                            continue
                        address = known(page) if callable(known) else known
                        picture = f"{name}-{width}-{scheme}"
                        kept_as = KEPT[name] if arguments.keep else ""
                        complaint = photograph(page, picture, address, kept_as=kept_as)
                        faults += bool(complaint)
                        sys.stdout.write(f"{picture:32} {complaint or 'ok'}\n")
            browser.close()
    finally:
        site.end()
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
