"""On a phone: nothing is wider than the screen whatever people wrote, cards are short, thumbs hit.

The pages of the whole market, read as everybody who may see them, with words in every text of every
table that no line can hold.
"""

import re
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from mimetypes import guess_type
from pathlib import Path
from threading import Thread
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.contrib.staticfiles import finders
from django.db import DatabaseError, models, transaction
from django.db.models import Value
from django.db.models.functions import Cast, Concat, Left

from opportunities import ROOMS
from opportunities.accounts.models import User
from tests.factories import CandidateProfileFactory, OpportunityFactory
from tests.journeys.browser.looking import OVERFLOW
from tests.journeys.test_forms_that_remember import whole_site

# The pages are read once, for all of these tests.
pytestmark = pytest.mark.xdist_group("narrow screens")

PAGES_AT_LEAST: Final = 150
TEXTS: Final = frozenset(
    {
        "name", "title", "text", "subject", "body", "last_error", "detail", "reason",
        "overrule_reason", "answer", "about", "place", "summary", "description", "learning",
        "mentor_name", "done_means", "question", "headline", "school", "cover_letter",
        "offer_message", "rejection_message", "where", "message", "region", "group",
        "disabled_because",
    }
)  # fmt: skip
"""Columns that hold what people wrote."""
ADDRESSES: Final = frozenset({"website", "url", "apply_url", "work_sample_url", "domain"})
LONGEST: Final = 400
TOKEN: Final = re.compile(r'(?<=name="csrfmiddlewaretoken" value=")\w+')
ATTRIBUTE: Final = re.compile(r'="[^"]*"')
EMPTY: Final = b'<svg xmlns="http://www.w3.org/2000/svg"/>'
LOOK: Final = """async () => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const small = all('a, button, input:not([type=hidden]), select, textarea, summary').filter(
    (e) => {
      const box = e.getBoundingClientRect();
      if (!box.width || !box.height || box.right < 0 || !e.checkVisibility()) return false;
      if (e.closest('.vh, .skip, .where')) return false;
      if (e.tagName === 'A' && getComputedStyle(e).display === 'inline') return false;
      const is_main = e.matches('button, .btn, .menu summary');
      const label = e.closest('label');
      const area = label ? label.getBoundingClientRect() : box;
      return Math.min(area.width, area.height) < (is_main ? 44 : 24);
    }).map((e) => e.outerHTML.slice(0, 90));
  for (const each of all('details')) each.open = true;
  await new Promise((done) => setTimeout(done));  // scripts are told that it opened
  const over = OVERFLOW;
  const widest = over > 0 ? all('body *').filter(
    (e) => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest('.scroll'))
    .slice(-1).map((e) => e.outerHTML.slice(0, 120)) : [];
  return {small, over, widest};
}""".replace("OVERFLOW", OVERFLOW)
"""What is too small to press; then, with all that folds unfolded, what is wider than the screen."""
HEIGHTS: Final = """() => [...document.querySelectorAll('[data-card]')]
  .map((card) => card.getBoundingClientRect()).map((box) => [box.top, box.bottom])"""


def widen() -> int:
    """Write words without an end into every text that people write; return how many columns."""
    written = 0
    for model in (model for room in (*ROOMS, "matching") for model in _models(room)):
        for field in model._meta.concrete_fields:
            is_text = isinstance(field, models.CharField | models.TextField)
            if not is_text or field.choices or field.unique:
                continue
            if field.name in TEXTS:
                start, letters = "", "W"
            elif field.name in ADDRESSES:
                start, letters = "https://example.org/", "w"
            else:
                continue
            most = min(field.max_length or LONGEST, LONGEST)
            words = Concat(
                Value(start), Left(Cast("pk", models.TextField()), 30), Value(letters * LONGEST)
            )
            with transaction.atomic():
                try:
                    with transaction.atomic():
                        written += bool(model.objects.update(**{field.name: Left(words, most)}))
                except DatabaseError:  # a record to which rows are only added
                    continue
    pk = Cast("pk", models.TextField())
    User.objects.update(email=Concat(pk, Value("w" * 200 + "@example.org")))
    return written


def _models(room: str) -> list[Any]:
    return list(apps.get_app_config(room).get_models())


def read_all(site: Any) -> dict[tuple[str, str], str]:
    """Return every page as everybody who may see it, each that looks the same once."""
    found: dict[tuple[str, str], str] = {}
    said: set[object] = set()
    for page, who, response in site.answers():
        kind = response.headers.get("Content-Type", "")
        if response.streaming or not kind.startswith("text/html") or not response.content:
            continue
        known = {(page, len(response.content)), looks(response.text, page)}
        if not known & said:
            found[who, page] = response.text
        said |= known
    return found


def looks(text: str, page: str) -> str:
    """Return a page without what nobody sees: its tokens, and its own address in attributes."""
    path = page.partition("?")[0]
    return ATTRIBUTE.sub(lambda kept: kept[0].replace(path, ""), TOKEN.sub("", text))


@pytest.fixture(scope="module")
def wide_pages(django_db_setup: None, django_db_blocker: Any) -> dict[tuple[str, str], str]:
    with whole_site(django_db_blocker) as site:
        assert widen() > 40
        return read_all(site)


class Seen(NamedTuple):
    """What a page looked like: what is too small to press, and what is wider than the screen."""

    where: str
    small: list[str]
    over: int
    widest: list[str]


class Shown(BaseHTTPRequestHandler):
    """Answers with the page of the moment, the site's own styles and scripts, and nothing else.

    Chromium keeps the files as it does for a visitor, which it would not if requests were routed.
    """

    now = ""
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path, asked_for = urlsplit(self.path).path, self.headers["Sec-Fetch-Dest"]
        if asked_for == "document":
            self.answer(self.now.encode(), "text/html; charset=utf-8", "no-store")
        elif path.startswith("/static/") and (file := finders.find(path.removeprefix("/static/"))):
            self.answer(Path(file).read_bytes(), guess_type(path)[0] or "", "max-age=600")
        elif asked_for == "image":
            self.answer(EMPTY, "image/svg+xml", "max-age=600")
        else:
            self.send_response(204)
            self.end_headers()

    def answer(self, body: bytes, kind: str, kept: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", kept)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *said: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def seen(wide_pages, browser):
    """Show every page once."""
    context = browser.new_context(viewport={"width": 320, "height": 700}, reduced_motion="reduce")
    page = context.new_page()
    found = []
    with ThreadingHTTPServer(("127.0.0.1", 0), Shown) as server:
        Thread(target=server.serve_forever).start()
        for (who, path), Shown.now in wide_pages.items():
            page.goto(f"http://localhost:{server.server_port}{path}")
            found.append(Seen(f"{path} of {who}", **page.evaluate(LOOK)))
        context.close()
        server.shutdown()
    return found


@pytest.mark.long
@pytest.mark.django_db
def test_no_page_of_anybody_is_wider_than_320_pixels_whatever_people_wrote(seen):
    wrong = [f"{page.where}: {page.over} px, {page.widest}" for page in seen if page.over > 0]

    assert wrong == []
    assert len(seen) >= PAGES_AT_LEAST


@pytest.mark.long
@pytest.mark.django_db
def test_whatever_is_pressed_is_large_enough_for_a_thumb(seen):
    wrong = {f"{small} on {page.where}" for page in seen for small in page.small}

    assert sorted(wrong) == []


TITLES: Final = (
    "Chart a donor survey", "Edit a harbour podcast", "Sort museum letters by hand",
    "Connect our rota tool to calendars", "Build a surplus food dashboard", "Health data intern",
    "Loom maintenance micro-apprentice", "Translate a game about whales",
)  # fmt: skip


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", ["/matches/", "/opportunities/"])
def test_two_cards_and_a_half_stand_on_the_screen_of_a_phone(market, visit, path):
    for title in TITLES:
        OpportunityFactory(
            open=True, employer=market.employer, title=title, summary=f"{title}, week by week.",
            min_age=18,
        )  # fmt: skip
    page = visit(width=390, user=CandidateProfileFactory(hours_per_week=40).user)
    page.set_viewport_size({"width": 390, "height": 844})

    page.goto(path)
    cards = page.evaluate(HEIGHTS)

    assert len(cards) >= 8
    pitch = (cards[-1][1] - cards[0][0]) / len(cards)
    assert 844 / pitch >= 2.5, [round(bottom - top) for top, bottom in cards]


@pytest.mark.django_db(transaction=True)
def test_a_card_cuts_no_format_and_in_german_keeps_its_buttons_on_a_line(market, visit):
    OpportunityFactory(open=True, employer=market.employer, format="project_micro_internship")
    page = visit(width=280, user=CandidateProfileFactory(hours_per_week=40).user)
    page.goto("/matches/")
    tags = page.locator("[data-card] .head a.tag")
    cut = [tag.evaluate("e => e.scrollWidth > e.clientWidth") for tag in tags.all()]
    page.context.add_cookies([{"name": "language", "value": "de", "url": page.url}])
    page.set_viewport_size({"width": 390, "height": 844})

    page.goto("/matches/")
    lines = [
        round(footer.bounding_box()["height"])
        for footer in page.locator("[data-card] footer").all()
    ]

    assert len(cut) > 3
    assert not any(cut)
    assert set(lines) == {44}
    assert page.locator("html").get_attribute("lang") == "de"
    assert page.locator("h1").evaluate("e => getComputedStyle(e).hyphens") == "auto"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("script", [True, False])
def test_the_menu_of_a_phone_shows_every_entry(market, visit, script):
    page = visit(width=390, user=market.moderator, script=script)
    page.goto("/")
    links = page.locator(".bar a, .bar button")
    assert not links.first.is_visible()

    page.locator(".menu summary").click()

    assert [each.inner_text() for each in links.all() if each.is_visible()] == [
        "Matches", "Browse", "Paths", "Saved", "Applications", "Employer", "Moderate", "Notices",
        "Mona", "Sign out",
    ]  # fmt: skip
