"""Language models ask through the protocol's own client, and the site answers over HTTP."""

import asyncio
import json
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from django.conf import settings
from mcp import Client

from config.mcp_server import Site, server_of
from tests.api.test_tokens import secret_of
from tests.factories import (
    ApplicationFactory,
    CandidateProfileFactory,
    OpportunityFactory,
)

PROGRAM = Path(settings.BASE_DIR) / "config" / "mcp_server.py"


def run(coroutine):
    """Run to the end in a thread of its own: a browser of other tests may have a loop in this."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(asyncio.run, coroutine).result()


def ask(site, tool, **arguments):
    """Return what a tool answers, and whether that is an error."""

    async def asked():
        async with Client(server_of(site)) as client:
            return await client.call_tool(tool, arguments)

    result = run(asked())
    if result.is_error:
        return result.content[0].text, True
    return json.loads(result.content[0].text), False


@pytest.fixture
def person(transactional_db):
    return CandidateProfileFactory(user__confirmed=True).user


def site_of(live_server, person=None, *scopes):
    return Site(live_server.url, secret_of(person, *scopes) if person else "")


class TestTools:
    def test_there_are_four_and_each_only_reads(self):
        async def listed():
            async with Client(server_of(Site("https://site.example"))) as client:
                return (await client.list_tools()).tools

        tools = {tool.name: tool.annotations for tool in run(listed())}

        assert set(tools) == {"search_roles", "read_role", "explain_match", "application_status"}
        assert all(each.read_only_hint and not each.destructive_hint for each in tools.values())

    def test_anybody_searches_open_roles(self, live_server, transactional_db):
        OpportunityFactory(open=True, title="Hydroponics analyst", kind="micro")
        OpportunityFactory(open=True, title="Gardener", kind="micro")
        OpportunityFactory(title="A draft of hydroponics")

        told, is_error = ask(site_of(live_server), "search_roles", q="hydroponics", kind="micro")

        assert not is_error
        assert [role["title"] for role in told["roles"]] == ["Hydroponics analyst"]
        assert not told["are_more"]
        assert "description" not in told["roles"][0]

    def test_a_list_says_that_there_are_more(self, live_server, transactional_db):
        OpportunityFactory.create_batch(3, open=True)

        told, _ = ask(site_of(live_server), "search_roles", limit=2)

        assert (len(told["roles"]), told["are_more"]) == (2, True)

    def test_a_role_is_read_whole(self, live_server, transactional_db):
        role = OpportunityFactory(open=True)

        told, _ = ask(site_of(live_server), "read_role", role=role.public_id)

        assert told["description"] == role.description

    def test_a_match_is_explained_to_whom_it_is_about(self, live_server, person):
        role = OpportunityFactory(open=True)
        site = site_of(live_server, person, "matches:read")

        told, is_error = ask(site, "explain_match", role=role.public_id)

        assert not is_error
        assert {"match", "band", "musts", "reasons"} <= set(told)
        assert all(reason["text"] for reason in told["reasons"])

    def test_an_application_tells_how_it_stands_and_not_what_was_written(self, live_server, person):
        mine = ApplicationFactory(profile=person.profile, cover_letter="Dear all")
        ApplicationFactory()
        site = site_of(live_server, person, "applications:read")

        listed, _ = ask(site, "application_status")
        told, _ = ask(site, "application_status", application=mine.public_id)

        assert [row["id"] for row in listed["applications"]] == [mine.public_id]
        assert (told["id"], told["status"]) == (mine.public_id, "submitted")
        assert "Dear all" not in json.dumps(told)


class TestRefusals:
    def test_what_is_ones_own_needs_a_token(self, live_server, transactional_db):
        told, is_error = ask(site_of(live_server), "application_status")

        assert is_error
        assert "credentials" in told or "Sign in" in told

    def test_a_token_reaches_what_its_scopes_name(self, live_server, person):
        site = site_of(live_server, person, "matches:read")

        told, is_error = ask(site, "application_status")

        assert is_error
        assert told.endswith("This token lacks the scope applications:read.")

    def test_an_application_of_somebody_else_is_not_found(self, live_server, person):
        theirs = ApplicationFactory()
        site = site_of(live_server, person, "applications:read")

        _, is_error = ask(site, "application_status", application=theirs.public_id)

        assert is_error

    @pytest.mark.parametrize(
        ("role", "asked"),
        [
            ("../applications", "..%2Fapplications"),
            ("?x=1", "%3Fx%3D1"),
            ("opp_\u2028", "opp_%E2%80%A8"),
        ],
    )
    def test_an_id_stays_one_part_of_the_address(self, role, asked):
        with answering(404) as (url, seen):
            _, is_error = ask(Site(url), "read_role", role=role)

        assert is_error
        assert [path for path, _ in seen] == [f"/api/v1/opportunities/{asked}"]

    def test_filters_are_checked_before_the_site_is_asked(self, live_server):
        _, is_error = ask(Site("http://127.0.0.1:1"), "search_roles", limit=500)

        assert is_error

    def test_a_site_that_is_away_is_said_to_be(self):
        told, is_error = ask(Site("http://127.0.0.1:1"), "search_roles")

        assert is_error
        assert told.endswith("The site does not answer. Try again later.")


class TestToken:
    @pytest.mark.parametrize(
        "address", ["http://site.example", "ftp://a.example", "", "//a", "https://a:b@c.example"]
    )
    def test_it_never_travels_readable(self, address):
        with pytest.raises(ValueError, match="https://"):
            Site(address, "secret")

    def test_no_redirect_takes_it_elsewhere(self):
        with answering(302, Location="/elsewhere") as (url, seen):
            told, is_error = ask(Site(url, "secret"), "search_roles")

        assert is_error
        assert "302" in told
        assert [(path.partition("?")[0], token) for path, token in seen] == [
            ("/api/v1/opportunities", "Bearer secret")
        ]


@contextmanager
def answering(status, **headers):
    """Serve one answer on this machine; give the address and the list of what was asked."""
    seen = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            seen.append((self.path, self.headers.get("Authorization")))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", seen
        server.shutdown()
        thread.join()


def test_the_program_refuses_to_start_without_an_address():
    done = subprocess.run(
        [sys.executable, str(PROGRAM)], capture_output=True, text=True, env={}, check=False
    )

    assert done.returncode == 1
    assert "https://" in done.stderr


def test_the_program_needs_nothing_of_the_site():
    read = "import sys, runpy; runpy.run_path(sys.argv[1]); print('django' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", read, str(PROGRAM)],
        capture_output=True, text=True, env={}, check=True, cwd="/",
    )  # fmt: skip

    assert done.stdout.strip() == "False"
