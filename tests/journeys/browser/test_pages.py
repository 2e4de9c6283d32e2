"""Every page in Chromium: accessible, calm, light, within its window, with an empty console."""

import gzip
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve

from tests.factories import PASSWORD
from tests.journeys.browser.looking import WINDOWS, Look

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).parents[3]


@pytest.mark.long
@pytest.mark.parametrize("language", WINDOWS)
@pytest.mark.parametrize("person", ["anybody", "member", "candidate", "secured", "moderator"])
def test_no_page_is_inaccessible_too_wide_or_heavy_or_complains(market, visit, person, language):
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


def test_styles_and_scripts_keep_to_their_weight_and_come_from_here(market, live_server, visit):
    page = visit()
    bodies = {}
    page.on("response", lambda answer: bodies.update({answer.url: answer}))
    page.goto("/matches/")
    page.wait_for_load_state("networkidle")
    styles = [answer.body() for url, answer in bodies.items() if url.endswith(".css")]
    scripts = [answer.body() for url, answer in bodies.items() if url.endswith(".js")]

    assert 0 < sum(map(len, styles)) <= 20_000
    assert 0 < sum(len(gzip.compress(body)) for body in scripts) <= 20_000
    assert all(url.startswith(live_server.url) for url in bodies)
