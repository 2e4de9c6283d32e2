"""Every page that somebody may see is reached by links from the page they come home to."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any, Final
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
import time_machine
from django.urls import Resolver404, resolve

from tests import factories as make
from tests.journeys.test_forms_that_remember import ELSEWHERE, Site, whole_site
from tests.permissions.routes import ROUTES
from tests.permissions.world import NOW

MOST_OF_A_KIND: Final = 15
"""Pages of one address that are read: more say the same of other rows."""
BY_OTHER_WAYS: Final = {
    "k/": "the page after a secret link",
    "k/<str:secret>/": "a secret link, which its owner has",
    "employer/verify/<str:secret>/": "a link in an email",
    "employer/join/<str:secret>/": "a link in an email",
    "notices/stop/<str:token>/": "a link in an email",
    "outbox/": "named by the pages that ask for a code in a demo",
    ".well-known/did.json": "for machines",
    "healthz": "for machines",
    "readyz": "for machines",
    "metrics": "for machines",
    "robots.txt": "for machines",
    "llms.txt": "for machines",
    "me/drafts/here/": "for the script",
    "places/": "for the script",
    "api/schema/": "for machines",
}

OF_SOMEBODY_ELSE: Final = {
    "employer/imports/": {"candidate", "moderator"},
    "employer/sources/": {"candidate", "moderator"},
    "people/<str:public_id>/": {"anonymous", "owner", "moderator"},
    "credentials/<str:public_id>/": {"anonymous", "moderator"},
    "start/check/": {"candidate", "owner", "moderator"},
}
"""Pages that others may see who have no use for them, or the address from their owner."""


class Links(HTMLParser):
    """Collects the addresses that a page leads to."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in {"a", "link"} and given.get("href"):
            self.found.append(given["href"] or "")
        elif tag == "form" and given.get("method", "get") == "get" and given.get("action"):
            self.found.append(given["action"] or "")
        elif given.get("src"):
            self.found.append(given["src"] or "")


@pytest.fixture(scope="module")
def site(django_db_setup: None, django_db_blocker: Any) -> Iterator[Site]:
    with whole_site(django_db_blocker) as found:
        application = found.world.applications["submitted"]
        make.MessageFactory(application=application, from_employer=True)
        yield found


@pytest.fixture(autouse=True)
def _still(site: Site, db: None) -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def route_of(path: str) -> str:
    try:
        return resolve(path).route
    except Resolver404:
        return ""


def walk(site: Site, who: str) -> set[str]:
    """Return the routes that links lead somebody to, from the home page on.

    No link leads to an address that only takes a form.
    """
    client = site.client()
    if who == "anonymous":  # a guest: somebody who has begun
        client.post("/start/field/", {"answer": "data"}, headers={"X-Who": who})
    read: Counter[str] = Counter()
    seen, waiting, reached = {"/"}, ["/"], set()
    while waiting:
        page = waiting.pop(0)
        route = route_of(urlsplit(page).path)
        if not route and page != "/":
            continue
        reached.add(route)
        if route.startswith(ELSEWHERE) or read[route] >= MOST_OF_A_KIND:
            continue
        read[route] += 1
        response = client.get(page, headers={"X-Who": who})
        assert response.status_code != 405, f"a link leads to {page}, which only takes a form"
        if response.status_code in {301, 302}:
            found = [response["Location"]]
        elif response.headers.get("Content-Type", "").startswith("text/html"):
            links = Links()
            links.feed(response.text)
            found = links.found
        else:
            continue
        for link in found:
            there = urldefrag(urljoin(page, link.replace("http://testserver", "")))[0]
            if there.startswith("/") and there not in seen:
                seen.add(there)
                waiting.append(there)
    return reached


@pytest.mark.parametrize("who", ["anonymous", "candidate", "owner", "moderator"])
def test_every_page_that_somebody_may_see_is_reached_by_links(site, who):
    reached = walk(site, who)
    unreached: dict[str, list[str]] = defaultdict(list)
    for route in ROUTES:
        if route.method != "GET" or route.path.startswith(ELSEWHERE):
            continue
        for state in route.states:
            address = site.world.address(route, state)
            pattern = route_of(address)
            is_others = who in OF_SOMEBODY_ELSE.get(pattern, ())
            if pattern in reached or pattern in BY_OTHER_WAYS or is_others:
                continue
            response = site.client().get(address, headers={"X-Who": who})
            if response.status_code == 405:  # in whatever state
                break
            if response.streaming:
                list(response.streaming_content)
            if response.status_code == 200:
                unreached[pattern].append(address)

    assert sorted(unreached) == []
    assert len(reached) > 15
