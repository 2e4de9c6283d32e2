"""Photograph every mail that the site sends: ``.venv/bin/python -m tests.mail_pictures``.

Writes ``var/screenshots/mails-LANGUAGE-WIDTH-SCHEME.png``, one sheet for each language, width and
color scheme, and names every mail that is wider than its window. Needs no database.
"""

import itertools
import os
import sys
from io import BytesIO
from typing import Final

import django
from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tests.chromium import FLAGS, chromium
from tests.screenshots import FOLDER, SCHEMES

LANGUAGES: Final = ("en-gb", "de")
WIDTHS: Final = (390, 640)
COLUMNS: Final = 6
GAP: Final = 12


def photographs(page: Page, pages: dict[str, str]) -> tuple[list[Image.Image], list[str]]:
    """Return a picture of each page as far as it goes, and the names of those that are too wide."""
    taken, wide = [], []
    for name, html in pages.items():
        page.set_content(html)
        with Image.open(BytesIO(page.screenshot(full_page=True))) as picture:
            taken.append(picture.convert("RGB"))
        over = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        wide += [name] if page.evaluate(over) else []
    return taken, wide


def sheet(pictures: list[Image.Image]) -> Image.Image:
    """Return the pictures on one, in rows, each as it is."""
    rows = list(itertools.batched(pictures, COLUMNS))
    heights = [max(each.height for each in row) + GAP for row in rows]
    width = max(each.width for each in pictures) + GAP
    whole = Image.new("RGB", (COLUMNS * width, sum(heights)), "#888")
    for row, top in zip(rows, itertools.accumulate(heights, initial=0), strict=False):
        for column, picture in enumerate(row):
            whole.paste(picture, (column * width, top))
    return whole


def main() -> int:
    """Write the sheets, and return 1 when a mail does not fit its window."""
    from tests.messaging.mail_samples import mails  # noqa: PLC0415  (Django is ready by now)

    pages = {
        language: {name: str(mail.alternatives[0][0]) for name, mail in mails(language)}
        for language in LANGUAGES
    }
    program = chromium()
    if program is None:
        sys.stderr.write("No Chromium was found; install it or set CHROMIUM.\n")
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    faults = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, chromium_sandbox=False, args=FLAGS
        )
        for language in LANGUAGES:
            for width, scheme in itertools.product(WIDTHS, SCHEMES):
                page = browser.new_page(
                    viewport={"width": width, "height": 300}, color_scheme=scheme
                )
                pictures, wide = photographs(page, pages[language])
                page.close()
                name = f"mails-{language}-{width}-{scheme}"
                sheet(pictures).save(FOLDER / f"{name}.png")
                faults += len(wide)
                told = f"too wide: {', '.join(wide)}" if wide else "ok"
                sys.stdout.write(f"{name:26} {len(pictures)} mails, {told}\n")
        browser.close()
    return 1 if faults else 0


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    sys.exit(main())
