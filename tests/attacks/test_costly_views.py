"""Taking the site down by asking, without an account, for what costs it most."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from http.client import HTTPConnection

import pytest
from django.conf import settings
from django.core.cache import caches
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse
from drf_spectacular.generators import SchemaGenerator
from rest_framework.test import APIClient

from config import documentation, overload, serving
from config.processes import PROCESSES
from matching.recommending import paths
from matching.store import live
from opportunities.candidates import uploads
from opportunities.roles.models import Opportunity
from tests.factories import CandidateProfileFactory, EmployerFactory, OpportunityFactory
from tests.matching.markets import publish
from tests.running_site import free_port

DOCUMENTS = (
    "/api/docs/", "/api/schema/", "/sitemap.xml", "/sitemap-roles.xml",
    "/feeds/opportunities.atom", "/feeds/opportunities.json", "/feeds/deadlines.ics",
)  # fmt: skip
COSTLY = ("/paths/", "/matches/", *DOCUMENTS)
CHEAP = ("/", "/opportunities/", "/healthz", "/rules/", "/api/v1/opportunities")


@pytest.fixture(autouse=True)
def _fresh():
    live.forget()
    yield
    live.forget()


@pytest.fixture
def market():
    """Open some roles, among them an internship and what stacks up against it."""
    roles = [
        OpportunityFactory(
            open=True, employer=EmployerFactory(), hours_per_week=10, hours_total=20, weeks=2
        )
        for _ in range(4)
    ]
    internship = OpportunityFactory(
        open=True, internship=True, employer=EmployerFactory(), hours_per_week=20, weeks=12,
        hours_total=240,
    )  # fmt: skip
    return [*roles, internship]


@pytest.fixture
def candidate(client, market):
    profile = CandidateProfileFactory(hours_per_week=30)
    publish()
    client.force_login(profile.user)
    return profile


def was_kept(response):
    return response.context is None


@pytest.mark.django_db
class TestABudgetOfProcessorTime:
    @pytest.fixture(autouse=True)
    def _small(self, monkeypatch):
        monkeypatch.setattr(overload, "BUDGET", 0.08)

    def test_who_has_used_it_up_is_told_when_to_come_again_and_computes_nothing(self, market):
        client = Client(REMOTE_ADDR="10.1.1.1")

        answers = []
        for number in range(200):
            answers.append(
                client.get(f"/feeds/deadlines.ics?starts_from=20{26 + number % 70}-01-01")
            )
            if answers[-1].status_code != 200:
                break
        with CaptureQueriesContext(connection) as asked:
            refused = [client.get(path) for path in COSTLY]

        assert answers[-1].status_code == 429
        assert len(answers) > 1
        assert {answer.status_code for answer in refused} == {429}
        assert all(0 < int(answer.headers["Retry-After"]) <= 60 for answer in refused)
        assert len(asked) == 0

    def test_keeps_neither_others_nor_other_pages_waiting(self, market):
        spent, other = Client(REMOTE_ADDR="10.1.1.1"), Client(REMOTE_ADDR="10.1.1.2")
        while spent.get("/feeds/opportunities.atom?kind=micro").status_code == 200:
            caches["pages"].clear()

        assert [spent.get(path).status_code for path in CHEAP] == [200] * len(CHEAP)
        assert other.get("/feeds/opportunities.atom").status_code == 200

    def test_is_shared_by_all_processes_and_outlives_a_silent_cache(self, settings, market):
        first = Client(REMOTE_ADDR="10.1.1.1")
        while first.get("/feeds/opportunities.atom").status_code == 200:
            caches["pages"].clear()

        caches["limits"].clear()  # as in another process
        elsewhere = first.get("/feeds/opportunities.atom")
        settings.CACHES = settings.CACHES | {
            "default": settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1/0"}
        }
        silent = Client(REMOTE_ADDR="10.1.1.3")
        for _ in range(200):
            caches["pages"].clear()
            if silent.get("/feeds/opportunities.atom").status_code == 429:
                break

        assert elsewhere.status_code == 429
        assert silent.get("/feeds/opportunities.atom").status_code == 429

    def test_comes_back_little_by_little(self, monkeypatch):
        monkeypatch.setattr(overload, "BUDGET", 3.0)
        begins = 60 * 30_000_000

        overload._charge("a", begins + 10, 3.0)
        in_the_same_minute = overload._room_at("a", begins + 20)
        in_the_next = overload._room_at("a", begins + 90)
        overload._charge("a", begins + 90, 2.0)  # with half of the minute before: 3.5
        after_more = overload._room_at("a", begins + 90)

        assert in_the_same_minute == begins + 60
        assert in_the_next == begins + 90
        assert after_more == pytest.approx(begins + 100)
        assert overload._room_at("a", begins + 101) == begins + 101

    def test_an_upload_is_refused_before_it_is_looked_into(self, monkeypatch, market):
        person = CandidateProfileFactory().user
        api = APIClient(REMOTE_ADDR="10.1.1.1")
        api.force_authenticate(person)
        monkeypatch.setattr(uploads, "inspect", lambda _: pytest.fail("it was looked into"))
        client = Client(REMOTE_ADDR="10.1.1.1")
        while client.get("/feeds/opportunities.atom").status_code == 200:
            caches["pages"].clear()

        file = SimpleUploadedFile("a.pdf", b"%PDF-" + bytes(500_000))
        answer = api.post("/api/v1/profile/resumes", {"file": file}, format="multipart")

        assert answer.status_code == 429
        assert int(answer.headers["Retry-After"]) > 0

    def test_an_upload_is_charged_with_what_looking_into_it_takes(self, monkeypatch, tmp_path):
        monkeypatch.setattr(overload, "BUDGET", 3.0)
        charged = []
        monkeypatch.setattr(overload, "_charge", lambda *call: charged.append(call[2]))
        api = APIClient()
        api.force_authenticate(CandidateProfileFactory().user)

        file = SimpleUploadedFile("a.pdf", b"%PDF-1.7 nothing %%EOF")
        api.post("/api/v1/profile/resumes", {"file": file}, format="multipart")

        assert len(charged) == 1
        assert charged[0] > 0.05  # a Python that starts takes that much

    def test_an_api_is_answered_in_its_own_form(self, market):
        client = Client(REMOTE_ADDR="10.1.1.1")
        while client.get("/feeds/opportunities.atom").status_code == 200:
            caches["pages"].clear()

        answer = client.post("/api/v1/match-runs", {}, content_type="application/json")

        assert answer.status_code == 429
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json()["type"].endswith("/problems/quota-exceeded")


@pytest.mark.django_db
class TestFewAtATime:
    def test_further_ones_are_refused_at_once_and_everything_else_goes_on(self, market):
        client = Client()
        held = [overload._slots.acquire(blocking=False) for _ in range(8)]
        try:
            began = time.monotonic()
            costly = [client.get(path) for path in COSTLY]
            took = time.monotonic() - began
            cheap = [client.get(path).status_code for path in CHEAP]
        finally:
            for is_held in held:
                if is_held:
                    overload._slots.release()

        threads = PROCESSES["web"].command
        assert 0 < sum(held) <= int(threads[threads.index("--threads") + 1]) / 2
        assert {answer.status_code for answer in costly} == {503}
        assert all(int(answer.headers["Retry-After"]) > 0 for answer in costly)
        assert took < 1
        assert cheap == [200] * len(CHEAP)
        assert client.get("/feeds/opportunities.atom").status_code == 200

    def test_a_view_that_breaks_gives_its_place_back(self, monkeypatch):
        client = Client(raise_request_exception=False)

        def broken(*_, **__):
            raise RuntimeError

        with monkeypatch.context() as patched:
            patched.setattr("opportunities.roles.search.search", broken)
            statuses = {client.get("/feeds/opportunities.atom").status_code for _ in range(9)}

        assert statuses == {500}
        assert client.get("/feeds/opportunities.atom").status_code == 200

    def test_every_costly_view_exists(self):
        names = set()

        def collect(resolver, prefix=""):
            for pattern in resolver.url_patterns:
                if hasattr(pattern, "url_patterns"):
                    inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
                    collect(pattern, inner)
                elif pattern.name:
                    names.add(prefix + pattern.name)

        collect(get_resolver())

        assert overload.KINDS["costly"].keys() - names == set()


@pytest.mark.django_db
class TestMadeOnce:
    def test_schema_and_documentation_are_written_once(self, client, monkeypatch):
        written = []
        real = SchemaGenerator.get_schema

        def count(self, *args, **kwargs):
            written.append(1)
            return real(self, *args, **kwargs)

        monkeypatch.setattr(SchemaGenerator, "get_schema", count)
        for made in (documentation._schema, documentation._written, documentation._listed):
            made.cache_clear()

        for query in ("", "?x=1", "?version=2", "?lang=de"):
            assert client.get(f"/api/docs/{query}").status_code == 200
            assert client.get(f"/api/schema/{query}").status_code == 200
        as_json = client.get("/api/schema/", headers={"Accept": "application/json"})

        assert written == [1]
        assert json.loads(as_json.content)["openapi"].startswith("3.1")
        assert b"openapi: 3.1" in client.get("/api/schema/").content

    @pytest.mark.parametrize("path", [path for path in DOCUMENTS if "schema" not in path])
    def test_a_second_view_asks_the_database_at_most_once(self, client, market, path):
        first = client.get(path)

        with CaptureQueriesContext(connection) as asked:
            second = client.get(path)

        assert first.status_code == second.status_code == 200
        assert len(asked) <= 1
        assert second.content == first.content
        assert second.headers["Content-Type"] == first.headers["Content-Type"]

    @pytest.mark.parametrize(
        "path",
        ["/feeds/opportunities.atom", "/feeds/opportunities.json", "/feeds/deadlines.ics"],
    )
    def test_what_is_removed_is_in_no_feed_any_more(self, client, market, path):
        role = market[0]
        Opportunity.objects.filter(pk=role.pk).update(title="Cheat old people")
        assert "Cheat old people" in client.get(path).text.replace("\r\n ", "")

        Opportunity.objects.filter(pk=role.pk).update(hidden_at=role.opened_at)

        assert "Cheat old people" not in client.get(path).text.replace("\r\n ", "")

    @pytest.mark.parametrize("path", ["/", "role", "/matches/", "/sitemap.xml", "/api/docs/"])
    def test_invented_names_in_a_query_make_no_page_anew(self, client, candidate, market, path):
        if path == "role":
            path = reverse("opportunities:role", args=[market[0].slug, market[0].public_id])
        client.get(path)

        answers = [client.get(f"{path}?evil{number}=<x>&n={number}") for number in range(5)]

        assert {answer.status_code for answer in answers} == {200}
        assert all(was_kept(answer) for answer in answers)

    def test_an_invented_name_does_not_stand_in_a_page_that_is_kept(self, client, candidate):
        first = client.get("/matches/?poison=1&sort=fit")
        second = client.get("/matches/?sort=fit")

        assert "poison" not in first.text
        assert was_kept(second)

    def test_names_that_are_read_still_matter(self, client, candidate):
        client.get("/matches/?sort=fit")

        assert not was_kept(client.get("/matches/?sort=fit&kind=micro"))
        assert client.get("/matches/?sort=nonsense").status_code == 404


@pytest.mark.django_db
class TestPlans:
    @pytest.fixture
    def searches(self, monkeypatch):
        made = []
        real = paths.planning.best_paths

        def count(*args, **kwargs):
            made.append(1)
            return real(*args, **kwargs)

        monkeypatch.setattr(paths.planning, "best_paths", count)
        return made

    def test_are_searched_once_for_the_same_answers(self, client, candidate, searches):
        addresses = ("", "?aspect=depth", "?aspect=pay&weight=40", "?x=1", "stack.ics", "one.ics")

        statuses = [client.get(f"/paths/{address}").status_code for address in addresses]

        assert statuses == [200] * len(addresses)
        assert searches == [1]

    def test_say_the_same_from_memory(self, client, candidate, searches):
        first = client.get("/paths/?aspect=depth").context["found"]
        second = client.get("/paths/?aspect=depth").context["found"]

        assert first == second
        assert first.one.legs or first.stack.legs

    def test_are_searched_anew_when_one_of_their_roles_has_closed(
        self, client, candidate, searches
    ):
        found = client.get("/paths/").context["found"]
        used = [leg.role for path in (found.one, found.stack, found.mix) for leg in path.legs]
        Opportunity.objects.filter(pk=used[0].pk).update(hidden_at=used[0].opened_at)

        again = client.get("/paths/").context["found"]

        left = [leg.role.pk for path in (again.one, again.stack, again.mix) for leg in path.legs]
        assert used[0].pk not in left
        assert len(searches) == 2

    def test_are_ones_own(self, client, candidate, searches):
        other = Client()
        other.force_login(CandidateProfileFactory(hours_per_week=12).user)

        client.get("/paths/")
        other.get("/paths/")

        assert len(searches) == 2


@pytest.mark.django_db
def test_liveness_asks_nobody_whoever_asks(client, candidate):
    with CaptureQueriesContext(connection) as asked:
        answer = client.get("/healthz")

    assert answer.json() == {"status": "ok"}
    assert len(asked) == 0


@pytest.mark.parametrize(
    ("head", "lane"),
    [
        (b"GET /healthz HTTP/1.1\r\n", "/healthz"),
        (b"HEAD /readyz?x=1 HTTP/1.1\r\n", "/readyz"),
        (b"GET /paths/ HTTP/1.1\r\n", "costly"),
        (b"GET /paths/?aspect=depth&x=%00 HTTP/1.1\r\n", "costly"),
        (b"GET /p%61ths/ HTTP/1.1\r\n", "costly"),
        (b"get /paths/ HTTP/1.1\r\n", "costly"),
        (b"post /api/v1/profile/resumes HTTP/1.1\r\n", "metered"),
        (b"POST /api/v1/match-runs HTTP/1.1\r\n", "costly"),
        (b"POST /api/v1/profile/resumes HTTP/1.1\r\n", "metered"),
        (b"GET /api/v1/profile/resumes HTTP/1.1\r\n", ""),
        (b"GET / HTTP/1.1\r\n", ""),
        (b"GET /opportunities/ HTTP/1.1\r\n", ""),
        (b"GET /paths/", ""),
        (b"", ""),
        (b"\x16\x03\x01\x02\x00", ""),
        (b"GET http://a.example/paths/ HTTP/1.1\r\n", ""),
        (b"GET /\xff\xfe HTTP/1.1\r\n", ""),
        (b"GETGETGETGET /paths/ HTTP/1.1\r\n", ""),
    ],
)
def test_the_first_line_of_a_request_says_which_lane_it_takes(head, lane):
    assert serving.lane_of(head) == lane


# --- The real server: whoever holds its threads does not hold its liveness ---


@pytest.fixture(scope="module")
def server():
    """Run one web process with the command of every deployment; return its port."""
    port = free_port()
    env = {
        "PATH": os.environ["PATH"],
        "DEBUG": "false",
        "SECRET_KEY": "a-key-of-more-than-fifty-letters-and-of-many-different-ones-0123456789",
        "SITE_URL": "https://foothold.example",
        "ALLOWED_HOSTS": "127.0.0.1",
        "TRUSTED_PROXIES": "0",
        "DATABASE_URL": os.environ["DATABASE_URL"],
        "REDIS_URL": os.environ["REDIS_URL"],
        "MAIL_HOST": "mail.example",
        "SSL_REDIRECT": "false",
        "API_QUOTA_FACTOR": "0",
        "GUNICORN_CMD_ARGS": f"--bind=127.0.0.1:{port} --workers=1",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", *PROCESSES["web"].command],
        env=env,
        cwd=settings.BASE_DIR,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(400):
            if asked(port) == 200:
                break
            assert process.poll() is None
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(20)


@pytest.mark.xdist_group("costly views")
def test_a_refusal_comes_whole_and_late_and_holds_no_thread(server):
    """The server allows no processor time at all for costly views: each is refused."""
    refused = [HTTPConnection("127.0.0.1", server, timeout=10) for _ in range(30)]
    try:
        began = time.monotonic()
        for number, each in enumerate(refused):
            each.request("GET", "/paths/" if number % 2 else "/p%61ths/")
        status, quick = asked(server, "/robots.txt"), time.monotonic() - began
        answers = [each.getresponse() for each in refused]
        took = time.monotonic() - began
        bodies = [answer.read() for answer in answers]
    finally:
        for each in refused:
            each.close()

    assert status == 200
    assert quick < 0.9 < took < 5
    assert {answer.status for answer in answers} == {429}
    assert all(int(answer.headers["Retry-After"]) > 0 for answer in answers)
    assert all(answer.headers["X-Request-ID"] for answer in answers)
    assert all(b"Too many requests" in body for body in bodies)


def asked(port, path="/healthz", seconds=3):
    """Return the status of an answer, or None where none comes in time."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=seconds) as answer:
            return answer.status
    except OSError:
        return None


@pytest.mark.xdist_group("costly views")
@pytest.mark.parametrize(
    ("count", "said"),
    [
        (12, b""),
        (12, b"GET /opportunities/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"),
        (80, b"GET /paths/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"),
    ],
    ids=["by saying nothing", "by half a request", "by half a costly request"],
)
def test_who_holds_every_thread_does_not_hold_liveness(server, count, said):
    holders = [socket.create_connection(("127.0.0.1", server)) for _ in range(count)]
    try:
        for holder in holders:
            holder.sendall(said)
        time.sleep(0.3)
        began = time.monotonic()
        status = asked(server)
        took = time.monotonic() - began
    finally:
        for holder in holders:
            holder.close()

    assert status == 200
    assert took < 1
