"""What surrounds every request: health, logs, headers, refusals."""

import json
import logging
import time

import pytest
import redis
from django.core.cache import cache
from rest_framework import exceptions
from rest_framework.test import APIRequestFactory

from config import api, logs
from config.cache import ForgivingRedisCache
from config.celery import app
from opportunities.core import errors, heartbeats


class TestHealth:
    def test_a_process_is_healthy_without_asking_anyone(self, client):
        answer = client.get("/healthz")

        assert (answer.status_code, answer.json()) == (200, {"status": "ok"})

    @pytest.mark.django_db
    def test_a_site_with_all_its_parts_is_ready(self, client, nobody_beats):
        heartbeats.record("worker:worker@here")
        for entry in app.conf.beat_schedule.values():
            heartbeats.record(f"task:{entry['task']}:last")

        answer = client.get("/readyz")

        assert answer.status_code == 200, answer.json()
        assert set(answer.json()["checks"]) == {"database", "broker", "worker", "sweep"}

    @pytest.mark.django_db
    def test_a_site_without_a_worker_is_not_ready(self, client, nobody_beats):
        answer = client.get("/readyz")

        assert answer.status_code == 503
        assert answer.json()["checks"]["worker"] == {"ok": False, "detail": "none seen"}

    @pytest.mark.django_db
    def test_a_silent_worker_is_not_ready(self, client, nobody_beats):
        heartbeats.broker().set("heartbeat:worker:worker@here", repr(time.time() - 31))

        answer = client.get("/readyz")

        assert answer.json()["checks"]["worker"]["ok"] is False

    @pytest.mark.django_db
    def test_a_site_without_a_broker_is_not_ready_and_says_so(self, client, settings):
        settings.REDIS_URL = "unix:///nowhere/valkey.sock"

        answer = client.get("/readyz")

        assert answer.status_code == 503
        assert answer.json()["checks"]["database"] == {"ok": True}
        assert answer.json()["checks"]["broker"] == {"ok": False, "detail": "does not answer"}


class TestHeaders:
    def test_the_policy_forbids_everything_that_is_not_our_own(self, client):
        policy = client.get("/healthz").headers["Content-Security-Policy"]

        assert policy == (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
            "connect-src 'self'; font-src 'self'; object-src 'none'; form-action 'self'; "
            "base-uri 'none'; frame-ancestors 'none'; report-uri /csp-reports/; report-to csp"
        )

    def test_cookies_belong_to_this_host_alone(self, settings):
        assert settings.SESSION_COOKIE_NAME == "__Host-sessionid"
        assert settings.CSRF_COOKIE_NAME == "__Host-csrftoken"
        assert settings.SESSION_COOKIE_SECURE
        assert settings.CSRF_COOKIE_SECURE

    def test_a_request_keeps_its_id(self, client):
        answer = client.get("/healthz", headers={"X-Request-ID": "0123456789abcdef"})

        assert answer.headers["X-Request-ID"] == "0123456789abcdef"

    @pytest.mark.parametrize("given", ["short", "with space and more", "x" * 65, "a\tb" * 8])
    def test_a_strange_id_is_replaced(self, client, given):
        answer = client.get("/healthz", headers={"X-Request-ID": given})

        assert answer.headers["X-Request-ID"] != given
        assert len(answer.headers["X-Request-ID"]) == 32


class TestLogs:
    def test_the_line_of_a_request_names_the_route_and_no_address(self, client, db, caplog):
        caplog.set_level(logging.INFO, logger="request")

        client.get("/accounts/login/?next=/secret-place", headers={"X-Request-ID": "id-of-request"})

        (record,) = [r for r in caplog.records if r.name == "request"]
        event = record.msg
        assert event["route"] == "accounts/login/"
        assert event["request_id"] == "id-of-request"
        assert "secret-place" not in str(event)

    def test_production_logs_are_lines_of_json(self):
        chosen = logs.configuration(level="INFO", as_json=True)
        formatter = dict(chosen["formatters"]["events"])
        line = formatter.pop("()")(**formatter).format(
            logging.makeLogRecord(
                {"name": "test", "levelname": "INFO", "levelno": 20, "msg": "something happened"}
            )
        )

        event = json.loads(line)
        assert event["event"] == "something happened"
        assert {"timestamp", "level", "logger"} <= set(event)


class TestCache:
    @pytest.fixture
    def away(self):
        return ForgivingRedisCache("unix:///nowhere/valkey.sock", {})

    def test_this_process_keeps_what_it_is_given_while_redis_is_away(self, away):
        assert away.get("key", "otherwise") == "otherwise"
        assert away.add("key", 1, timeout=9) is True
        assert away.add("key", 1, timeout=9) is False
        assert away.incr("key", 3) == 4
        assert away.decr("key") == 3
        assert away.incr("begun-elsewhere") == 1
        away.set_many({"one": 1, "two": 2})
        assert away.get_many(["one", "two"]) == {"one": 1, "two": 2}
        assert away.touch("one", 9) is True
        away.delete_many(["one"])
        assert away.has_key("one") is False
        away.set("two", 3)
        assert away.get("two") == 3
        assert away.delete("two") is True
        away.clear()
        assert away.get("key") is None

    def test_does_not_ask_again_for_a_while(self, away):
        away.get("key")
        started = time.perf_counter()
        for _ in range(1000):
            away.get("key")

        assert time.perf_counter() - started < 1

    def test_keeps_what_it_is_given_while_redis_is_there(self):
        cache.set("key", {"a": 1})

        assert cache.get("key") == {"a": 1}
        assert cache.get("another") is None


@pytest.mark.parametrize(
    ("refusal", "status", "slug"),
    [
        (errors.NotFound("No such role."), 404, "not-found"),
        (errors.NotAllowed("Not yours."), 403, "forbidden"),
        (errors.WrongState("It is closed.", allowed=["copy"]), 409, "state"),
        (errors.NoPlaceLeft("All places are taken."), 409, "conflict"),
        (errors.LimitReached("Ten a day."), 429, "quota-exceeded"),
        (errors.Invalid(errors.Fault("pay.amount", "below-floor", "Too low.")), 422, "validation"),
        (exceptions.ParseError(), 400, "malformed"),
        (exceptions.NotAuthenticated(), 401, "unauthenticated"),
        (exceptions.UnsupportedMediaType("text/xml"), 415, "unsupported"),
        (exceptions.Throttled(wait=12.3), 429, "quota-exceeded"),
        (exceptions.ValidationError({"a": [{"b": ["No."]}]}), 422, "validation"),
    ],
)
def test_every_refusal_becomes_a_problem(refusal, status, slug, settings):
    answer = api.problem_details(refusal, {"request": APIRequestFactory().get("/")})

    assert answer.status_code == answer.data["status"] == status
    assert answer.data["type"] == f"{settings.SITE_URL}/problems/{slug}"
    assert answer.content_type == "application/problem+json"
    assert answer.data["detail"]
    assert answer.data["instance"].startswith("urn:request:")


def test_a_problem_points_to_the_fields_that_did_not_pass():
    detail = {"pay": {"amount": ["Too low."]}, "skills": [{}, {"level": ["No such level."]}]}
    answer = api.problem_details(exceptions.ValidationError(detail), {})

    assert [(e["pointer"], e["detail"]) for e in answer.data["errors"]] == [
        ("#/pay/amount", "Too low."),
        ("#/skills/1/level", "No such level."),
    ]


def test_a_throttled_client_learns_when_to_come_back():
    answer = api.problem_details(exceptions.Throttled(wait=12.3), {})

    assert answer.headers["Retry-After"] == "13"


def test_what_nobody_foresaw_stays_an_error():
    assert api.problem_details(RuntimeError("broken"), {}) is None


def test_signs_of_life_outlast_a_connection_that_the_broker_closes(settings, nobody_beats):
    heartbeats.record("worker:here")
    other = redis.Redis.from_url(settings.REDIS_URL)
    closed = other.execute_command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")

    heartbeats.record("worker:there")

    assert closed
    assert set(heartbeats.ages("worker")) == {"here", "there"}


def test_signs_of_life_need_the_broker(settings):
    settings.REDIS_URL = "unix:///nowhere/valkey.sock"

    with pytest.raises(redis.exceptions.RedisError):
        heartbeats.record("worker:here")
