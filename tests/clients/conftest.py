"""The API as it is served, people with tokens, and what npm has installed."""

import os
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.conf import settings
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, connections

from matching.store import live
from opportunities.accounts.models import SCOPES
from tests.api.test_tokens import secret_of
from tests.factories import CandidateProfileFactory, UserFactory, employer_with_owner

HERE = Path(__file__).parent
SCHEMA = Path(settings.BASE_DIR) / "docs" / "openapi.yaml"
MODULES = Path(settings.BASE_DIR) / ".ci" / "node_modules"


class Quiet(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Say nothing."""


class Served(NamedTuple):
    """Where the API is, and the tokens of three people."""

    url: str
    employer: str
    candidate: str
    moderator: str


@pytest.fixture
def served(db: None) -> Iterator[Served]:
    """Serve the API from the transaction of the test, one request after the other."""
    shared = connections["default"]
    shared.inc_thread_sharing()
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)

    def serve() -> None:
        connections["default"] = shared
        server.serve_forever(poll_interval=0.05)
        del connections["default"]

    with make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=Quiet) as server:
        thread = threading.Thread(target=serve)
        thread.start()
        live.forget()
        yield Served(
            f"http://localhost:{server.server_port}",
            employer=secret_of(employer_with_owner(name="Harbour Studio")[1], *SCOPES),
            candidate=secret_of(CandidateProfileFactory(user__confirmed=True).user, *SCOPES),
            moderator=secret_of(UserFactory(moderator=True), *SCOPES),
        )
        live.forget()
        server.shutdown()
        thread.join()
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)
    shared.dec_thread_sharing()


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., str]:
    """Return what runs a program of ``node_modules`` beside copies of what it reads."""
    if not MODULES.is_dir() and not os.environ.get("REQUIRE_NODE"):
        pytest.skip("no node_modules here: npm ci --prefix .ci, as .ci/run does")
    (tmp_path / "node_modules").symlink_to(MODULES)

    def run(program: str, *arguments: str, **environment: str) -> str:
        start = [program] if program == "node" else [str(MODULES / ".bin" / program)]
        done = subprocess.run(
            [*start, *arguments],
            cwd=tmp_path,
            env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), **environment},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run
