"""Browsers report what the policy kept a page from doing; the site counts it and learns no more."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from opportunities.privacy import retention
from opportunities.site import policy_reports
from opportunities.site.models import PolicyReport
from tests.factories import PolicyReportFactory, UserFactory

pytestmark = pytest.mark.django_db

CANARY = "canary5c1e9"
HERE = "https://testserver"
OLD, NEW = "application/csp-report", "application/reports+json"


@pytest.fixture(autouse=True)
def _still():
    with time_machine.travel("2026-11-23T09:00:00Z", tick=False):
        yield


def violation(**said):
    """Return a body as ``report-to`` sends it, with a canary wherever a person could stand."""
    body = {
        "documentURL": f"{HERE}/k/{CANARY}/?q={CANARY}#{CANARY}",
        "referrer": f"{HERE}/{CANARY}",
        "blockedURL": f"https://evil.example/{CANARY}?{CANARY}",
        "effectiveDirective": "script-src-elem",
        "sourceFile": f"https://evil.example/{CANARY}.js",
        "sample": CANARY,
    } | said
    return {"type": "csp-violation", "age": 1, "url": CANARY, "user_agent": CANARY, "body": body}


def send(content, kind=NEW, address="198.51.100.7", **more):
    content = content if isinstance(content, bytes) else json.dumps(content).encode()
    client = Client(enforce_csrf_checks=True, REMOTE_ADDR=address)
    return client.post("/csp-reports/", content, content_type=kind, **more).status_code


def rows():
    found = PolicyReport.objects.order_by("pk")
    return list(found.values_list("directive", "blocked", "route", "times"))


def test_every_page_says_where_to_report_to(client):
    answer = client.get("/")

    policy = answer["Content-Security-Policy"]
    assert policy.endswith("report-uri /csp-reports/; report-to csp")
    assert answer["Reporting-Endpoints"] == 'csp="/csp-reports/"'


def test_both_kinds_of_report_are_counted():
    old = {
        "csp-report": {
            "document-uri": f"{HERE}/opportunities/?q={CANARY}",
            "blocked-uri": "inline",
            "violated-directive": "style-src 'self'",
        }
    }

    assert send([violation(), violation()]) == 204
    assert send(old, OLD) == 204

    assert rows() == [
        ("script-src-elem", "evil.example", "k/<str:secret>/", 2),
        ("style-src", "inline", "opportunities/", 1),
    ]


def test_nothing_of_a_person_is_kept_or_logged(caplog):
    send([violation()])

    [row] = PolicyReport.objects.values()
    assert CANARY not in str(row)
    assert "evil.example" in caplog.text
    assert CANARY not in caplog.text
    assert "198.51.100" not in str(row) + caplog.text


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ({"blockedURL": "data"}, "data"),
        ({"blockedURL": "data:text/html,x"}, "data"),
        ({"blockedURL": "chrome-extension://abcdef/x.js"}, "extension"),
        ({"blockedURL": "https://B\u00fccher.Example/x"}, "xn--bcher-kva.example"),
        ({"blockedURL": "https://user:secret@evil.example:8443/"}, "evil.example"),
        ({"blockedURL": "https://a\x00b.example/"}, "other"),
        ({"blockedURL": "https://[::1/"}, "other"),
        ({"blockedURL": "x" * 5000}, "other"),
        ({"blockedURL": 7}, "other"),
    ],
    ids=repr,
)
def test_of_what_was_blocked_a_kind_or_a_host_is_kept(said, kept):
    assert send([violation(**said)]) == 204

    assert PolicyReport.objects.get().blocked == kept


def test_a_page_of_another_site_and_an_unknown_directive_are_not_named():
    send([violation(documentURL=f"https://{CANARY}.example/k/", effectiveDirective=CANARY)])

    assert rows() == [("other", "evil.example", "", 1)]


@pytest.mark.parametrize(
    "content", [b"no", b"7", b"[7]", b"\xff", b"[" * 5000, b'[{"type": "csp-violation"}]x']
)
def test_what_is_no_report_is_refused(content):
    assert send(content) == 400
    assert not PolicyReport.objects.exists()


def test_other_reports_of_browsers_are_passed_over():
    assert send([{"type": "deprecation", "body": {"id": "x"}}]) == 204
    assert not PolicyReport.objects.exists()


class TestLimits:
    def test_a_body_of_more_than_16_kilobytes_is_not_read(self):
        assert send([violation(sample="x" * 17_000)]) == 413
        assert not PolicyReport.objects.exists()

    def test_only_reports_are_taken(self):
        assert send([violation()], "application/json") == 415
        assert Client().get("/csp-reports/").status_code == 405

    def test_ten_of_one_request_are_read(self):
        send([violation()] * 30)

        assert PolicyReport.objects.get().times == 10

    def test_an_address_sends_twenty_a_minute(self):
        sent = [send([violation()], address="203.0.113.9") for _ in range(22)]

        assert sent == [204] * 20 + [429] * 2
        assert send([violation()], address="203.0.113.10") == 204

    def test_all_together_send_three_hundred_a_minute(self, monkeypatch):
        few = policy_reports.Limit("few-in-all", 3, 60, "")
        monkeypatch.setattr(policy_reports, "IN_ALL", few)

        sent = [send([violation()], address=f"203.0.113.{number}") for number in range(20, 25)]

        assert sent == [204] * 3 + [429] * 2

    def test_the_table_does_not_grow_with_what_is_made_up(self, monkeypatch):
        monkeypatch.setattr(policy_reports, "MOST_A_DAY", 3)
        hosts = [violation(blockedURL=f"https://h{number}.example/") for number in range(8)]

        send(hosts)
        send(hosts[:1])

        assert rows()[0][3] == 2
        assert rows()[3:] == [("other", "other", "", 5)]

    def test_a_month_later_it_is_gone(self):
        PolicyReportFactory()
        now = timezone.now()

        assert retention.sweep(at=now + timedelta(days=30))["policy_reports"] == 0
        assert retention.sweep(at=now + timedelta(days=31))["policy_reports"] == 1


def test_administrators_see_them():
    PolicyReportFactory(blocked="evil.example", times=41)
    client = Client()
    client.force_login(UserFactory(admin=True))

    shown = client.get("/admin/site/policyreport/").text

    assert "evil.example" in shown
    assert "41" in shown
