"""What is fetched of a source's address: politely, safely, and never too much."""

import pytest

from opportunities.core import outbound
from opportunities.importing import fetching
from tests.importing.feeds import BOARD, PATH


def test_says_who_asks_and_asks_for_plain_bytes(feeds):
    feeds.put(PATH, b"[]")

    fetching.fetch(BOARD)

    headers = feeds.asked[-1][1]
    assert headers["User-Agent"].startswith("Foothold-Sources/1 (+http")
    assert headers["Accept-Encoding"] == "identity"


@pytest.mark.parametrize(
    "rules",
    ["User-agent: *\nDisallow: /acme/", "User-agent: Foothold-Sources\nDisallow: /"],
)
def test_stays_away_where_robots_txt_says_so(feeds, rules):
    feeds.put(PATH, b"[]")
    feeds.put("/robots.txt", rules)

    with pytest.raises(outbound.Unreachable, match=r"robots\.txt"):
        fetching.fetch(BOARD)

    assert PATH not in feeds.paths()


def test_rules_for_others_do_not_matter_and_are_asked_once(feeds):
    feeds.put(PATH, b"[]")
    feeds.put("/robots.txt", "User-agent: Other\nDisallow: /")

    fetching.fetch(BOARD)
    fetching.fetch(BOARD)

    assert feeds.paths() == ["/robots.txt", PATH, PATH]


def test_waits_where_robots_txt_cannot_be_read(feeds):
    feeds.put(PATH, b"[]")
    feeds.put("/robots.txt", "", status=500)

    with pytest.raises(outbound.Unreachable):
        fetching.fetch(BOARD)


def test_follows_a_few_redirects(feeds):
    feeds.put(PATH, "", status=302, Location="/moved.json")
    feeds.put("/moved.json", b"[1]")

    assert fetching.fetch(BOARD).content == b"[1]"


@pytest.mark.parametrize(
    "target",
    ["http://boards.example/x", "https://127.0.0.1/x", "https://[::1]/x",
     "https://169.254.169.254/latest", "https://localhost/x", "file:///etc/passwd",
     "https://boards.example:22/x", BOARD],
)  # fmt: skip
def test_a_redirect_to_anywhere_unsafe_or_in_circles_is_not_followed(feeds, target):
    feeds.put(PATH, "", status=302, Location=target)

    with pytest.raises(outbound.Unreachable):
        fetching.fetch(BOARD)


def test_a_redirect_follows_the_rules_of_where_it_leads(feeds):
    feeds.put(PATH, "", status=302, Location="/private/x")
    feeds.put("/private/x", b"[]")
    feeds.put("/robots.txt", "User-agent: *\nDisallow: /private/")

    with pytest.raises(outbound.Unreachable, match="stay away"):
        fetching.fetch(BOARD)


def test_too_much_or_too_little_is_refused(feeds, monkeypatch):
    monkeypatch.setattr(fetching, "MAX_FETCHED", 10)
    feeds.put(PATH, b"x" * 11)
    with pytest.raises(outbound.Unreachable, match="larger"):
        fetching.fetch(BOARD)
    feeds.put(PATH, b"[1, 2", Content_Length="10")
    with pytest.raises(outbound.Unreachable):
        fetching.fetch(BOARD)


def test_a_packed_answer_is_refused(feeds):
    feeds.put(PATH, b"\x1f\x8b", Content_Encoding="gzip")

    with pytest.raises(outbound.Unreachable, match="packed"):
        fetching.fetch(BOARD)


def test_an_answer_that_takes_too_long_is_cut(feeds, monkeypatch):
    monkeypatch.setattr(fetching, "SECONDS", 0.0)
    feeds.put(PATH, b"[]")

    with pytest.raises(outbound.Unreachable):
        fetching.fetch(BOARD)
