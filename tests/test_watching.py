"""What other services are told of faults, requests and tasks, and that no person is in it."""

import gzip
import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from config import environment, tracing
from config.environment import redis_database
from tests.watched import SECRETS

# The process that is watched reads the database of the tests, which only marked tests have made.
pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("watching")]
PRODUCTION = {
    "SECRET_KEY": "x" * 60,
    "SITE_URL": "https://foothold.example",
    "TRUSTED_PROXIES": "1",
    "BEHIND_TLS_PROXY": "true",
}


@pytest.fixture(scope="module")
def receiver():
    """Return the port of a server that takes whatever is sent, and the bodies that it took."""
    taken = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            taken.append((self.path, body))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port, taken
    server.shutdown()
    server.server_close()


def run(*command, **env):
    given = {name: os.environ[name] for name in ("PATH", "DATABASE_URL", "REDIS_URL")}
    return subprocess.run(
        [sys.executable, *command], env=given | PRODUCTION | env, cwd=settings.BASE_DIR,
        capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def told(receiver, django_db_setup, django_db_blocker, tmp_path_factory):
    """Return what one run of ``tests.watched`` told: all bodies, by where they were sent."""
    port, taken = receiver
    var = tmp_path_factory.mktemp("watched")
    there = urlsplit(os.environ["DATABASE_URL"])
    with django_db_blocker.unblock():
        name = connection.settings_dict["NAME"]
    done = run(
        "-m", "tests.watched",
        DATABASE_URL=there._replace(path=f"/{name}").geturl(),
        REDIS_URL=redis_database(os.environ["REDIS_URL"], 15),
        VAR=str(var), STATIC_ROOT=str(var / "static"),
        SENTRY_DSN=f"http://key@127.0.0.1:{port}/1", SENTRY_ENVIRONMENT="trial",
        OTEL_EXPORTER_OTLP_ENDPOINT=f"http://127.0.0.1:{port}",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["500", "404", "200"], done.stderr
    return taken


@pytest.fixture(scope="module")
def faults(told):
    """Return the events that stand in the envelopes."""
    found = []
    for path, body in told:
        if path == "/api/1/envelope/":
            lines = [json.loads(line) for line in body.splitlines()]
            found += [lines[at + 1] for at, line in enumerate(lines) if line.get("type") == "event"]
    return found


@pytest.fixture(scope="module")
def spans(told):
    """Return the spans that were exported, with their attributes as a dictionary."""
    found = []
    for path, body in told:
        if path == "/v1/traces":
            sent = ExportTraceServiceRequest.FromString(body)
            for resource in sent.resource_spans:
                found += [span for scope in resource.scope_spans for span in scope.spans]
    return [
        (span, {each.key: getattr(each.value, each.value.WhichOneof("value"))
                for each in span.attributes})
        for span in found
    ]  # fmt: skip


def test_nothing_that_leaves_speaks_of_a_person(told):
    assert {path for path, _ in told} == {"/api/1/envelope/", "/v1/traces"}
    for _, body in told:
        assert [secret for secret in SECRETS if secret.encode() in body] == []


def test_a_fault_of_a_request_says_where_it_is(faults):
    (fault,) = [each for each in faults if each["tags"].get("request_id")]

    assert fault["transaction"] == "/broken/{secret}/"
    assert fault["tags"] == {"request_id": "id-of-the-request"}
    assert fault["environment"] == "trial"
    raised = fault["exception"]["values"][-1]
    assert raised["type"] == "ValueError"
    assert "value" not in raised
    assert raised["stacktrace"]["frames"][-1]["function"] == "page"
    assert not any("vars" in frame for frame in raised["stacktrace"]["frames"])


def test_a_fault_of_a_task_says_which(faults):
    of_tasks = [each for each in faults if "request_id" not in each["tags"]]

    assert [each["transaction"] for each in of_tasks] == ["tests.fail"] * 2
    assert {each["tags"]["task"] for each in of_tasks} == {"tests.fail"}


def test_a_page_that_is_missing_is_no_fault(faults):
    assert len(faults) == 3


def test_a_request_is_traced_by_its_route_with_its_statements(spans):
    (page, said) = next(each for each in spans if each[0].name == "POST broken/<str:secret>/")

    assert said == {
        "http.method": "POST", "http.route": "broken/<str:secret>/", "http.status_code": 500
    }  # fmt: skip
    inside = [found for span, found in spans if span.parent_span_id == page.span_id]
    statements = [found["db.statement"] for found in inside if "db.statement" in found]
    assert "SELECT ?, ?, 1" in statements
    assert any('"accounts_user"' in statement for statement in statements)


def test_a_task_is_traced_from_who_sent_it(spans):
    ran = [span for span, told in spans if span.name == "run/tests.fail"]
    sent = {span.span_id: span for span, _ in spans if span.name == "apply_async/tests.fail"}

    assert len(ran) == 2
    assert all(span.parent_span_id in sent for span in ran)
    assert all(span.status.message == "" for span in ran)
    events = [event for span in ran for event in span.events]
    kinds = {each.value.string_value for event in events for each in event.attributes}
    assert kinds == {"ValueError"}


def test_commands_to_valkey_are_traced_without_their_keys(spans):
    of_valkey = [told for _, told in spans if told.get("db.system") == "redis"]

    assert of_valkey
    assert not any("db.statement" in told for told in of_valkey)


@pytest.mark.parametrize(
    ("attributes", "left"),
    [
        ({"db.system": "postgresql", "db.statement": "SELECT 'it''s me', $a$b$a$, 2"},
         {"db.system": "postgresql", "db.statement": "SELECT ?, ?, 2"}),
        ({"db.system": "redis", "db.statement": "GET login:ada@example.org"},
         {"db.system": "redis"}),
        ({"http.route": "a/<str:key>/", "http.target": "/a/secret/", "url.query": "q=ada"},
         {"http.route": "a/<str:key>/"}),
    ],
)  # fmt: skip
def test_only_named_attributes_leave(attributes, left):
    provider, memory = TracerProvider(), InMemorySpanExporter()
    provider.add_span_processor(SimpleSpanProcessor(tracing.Scrubbing(memory)))
    with provider.get_tracer("tests").start_as_current_span("span", attributes=attributes):
        pass

    (span,) = memory.get_finished_spans()
    assert dict(span.attributes) == left
    provider.shutdown()


@pytest.mark.parametrize(
    ("name", "extra", "library"),
    [
        ("SENTRY_DSN", "sentry", "sentry_sdk"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "otel", "opentelemetry.sdk"),
        ("S3_BUCKET", "storage", "storages"),
    ],
)
def test_a_setting_without_its_extra_is_refused(name, extra, library, monkeypatch):
    monkeypatch.setenv(name, "https://somewhere.example")
    assert environment.with_extra(name, extra=extra, library=library)

    with pytest.raises(environment.ImproperlyConfigured, match=f"--extra {extra}"):
        environment.with_extra(name, extra=extra, library=f"not_there.{library}")


def test_a_process_that_forks_others_has_one_thread(tmp_path):
    done = run(
        "manage.py", "shell", "--no-imports", "-c",
        "import os, threading as t;"
        "os.register_at_fork(after_in_child=lambda: os._exit(t.active_count()));"
        "print(os.waitstatus_to_exitcode(os.waitpid(os.fork(), 0)[1]))",
        VAR=str(tmp_path), SENTRY_DSN="http://key@127.0.0.1:9/1",
        OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:9",
    )  # fmt: skip

    assert done.stdout.strip() == "1", done.stderr


def test_nothing_is_loaded_that_is_not_set(tmp_path):
    done = run(
        "-c",
        "import sys, config.wsgi;"
        "print({'sentry_sdk', 'opentelemetry.instrumentation', 'boto3'} & sys.modules.keys())",
        VAR=str(tmp_path),
    )

    assert done.stdout.strip() == "set()", done.stderr
