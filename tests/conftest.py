"""Fixtures that every test may ask for."""

import os
import shutil
from pathlib import Path

import pytest
from django.core.cache import caches

from config import heartbeats, overload

FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--js-flags=--single-threaded",
]
"""How every Chromium is started: it draws without a graphics process and asks nobody anything.

A page lives for a second or two: compiling its scripts ahead on further threads would cost more
than it gives on machines whose processors all run tests.
"""


def chromium() -> str | None:
    """Return the browser to drive, where there is one."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    return os.environ.get("CHROMIUM")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip the browser tests where no Chromium is found, unless REQUIRE_BROWSER forbids it."""
    if chromium() or os.environ.get("REQUIRE_BROWSER"):
        return
    browser = Path(__file__).parent / "journeys" / "browser"
    for item in items:
        if browser in item.path.parents:
            item.add_marker(pytest.mark.skip(reason="no Chromium here; .ci/run installs it"))


@pytest.fixture(autouse=True)
def _empty_cache(request: pytest.FixtureRequest) -> None:
    """Start every test that meets the database with its throttles at zero and no page kept."""
    if "django_db_setup" in request.fixturenames or request.node.get_closest_marker("django_db"):
        for cache in caches.all():
            cache.clear()
        overload.forget()


@pytest.fixture
def nobody_beats() -> None:
    """Let no worker and no task have been seen, whatever ran before."""
    client = heartbeats.broker()
    for key in client.scan_iter("heartbeat:*"):
        client.delete(key)
