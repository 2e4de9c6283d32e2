"""Webhooks: safe addresses, signed bodies, repeats, and the list for pollers."""

import http.client
import json
import os
import socket
import ssl
import subprocess
import sys
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail
from django.db import connection
from django.utils import timezone
from rest_framework.test import APIClient
from standardwebhooks import Webhook, WebhookVerificationError

from opportunities.applications import applying
from opportunities.core import outbound
from opportunities.core.errors import Invalid, LimitReached
from opportunities.desk import operations as moderating
from opportunities.employers.models import Employer, EmployerStatus
from opportunities.messaging.models import Notice
from opportunities.roles.publishing import drafting, living, submitting
from opportunities.webhooks import addresses, endpoints, event_log, sending
from opportunities.webhooks.models import EVENT_TYPES, Event, WebhookDelivery, WebhookEndpoint
from tests.desk import deciding
from tests.factories import (
    CandidateProfileFactory,
    EmployerFactory,
    EventFactory,
    MembershipFactory,
    OpportunityFactory,
    UserFactory,
    WebhookDeliveryFactory,
    WebhookEndpointFactory,
    employer_with_owner,
)
from tests.roles.test_drafts import COMPLETE

ENDPOINTS = "/api/v1/webhook-endpoints"
OPERATIONS = Path(settings.BASE_DIR) / "docs" / "operations.md"
PUBLIC = "93.184.215.14"

INSIDE = [
    "127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254",
    "100.64.0.1", "0.0.0.0", "0.1.2.3", "192.0.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.1",  # noqa: S104
    "203.0.113.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fc00::1",
    "fd12:3456::1", "ff02::1", "fec0::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
    "::ffff:169.254.169.254", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1",
    "2002:7f00:1::1", "2002:a00:1::1", "2001:0:7f00:1::1", "2001:db8::1", "::7f00:1", "100::1",
    "2001::1", "fe80::1%eth0",
]  # fmt: skip
PAUSES = [
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    *(timedelta(hours=hours) for hours in (2, 5, 10, 14, 20, 24)),
]
"""Between attempts, give or take a tenth: nine, within some three days."""
MALFORMED = [
    "http://hooks.example/", "ftp://hooks.example/", "https://", "https:///x", "hooks.example",
    "javascript:alert(1)", "file:///etc/passwd", "https://user:pw@hooks.example/",
    "https://user@hooks.example/", "https://hooks.example:22/", "https://hooks.example:99999/",
    "https://hooks.example/#x", "https://hooks.example/a b", "https://hooks.example\\@evil/",
    "https://hooks.example/\r\nX: y", "https://[::1", "https://hóoks.example/",
    "https://hooks.example/" + "x" * 300,
]  # fmt: skip


def resolving(*found):
    def resolve(host, port, **_):
        return [
            (
                socket.AF_INET6 if ":" in each else socket.AF_INET,
                socket.SOCK_STREAM,
                6,
                "",
                (each, port),
            )
            for each in found
        ]

    return resolve


@pytest.fixture(autouse=True)
def _open_internet(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", resolving(PUBLIC))


class TestAddresses:
    @pytest.mark.parametrize("address", INSIDE)
    def test_a_name_that_leads_inside_is_refused(self, monkeypatch, address):
        monkeypatch.setattr(socket, "getaddrinfo", resolving(address))

        with pytest.raises(outbound.Unreachable):
            outbound.resolve("https://hooks.example/")

    def test_one_address_inside_spoils_the_others(self, monkeypatch):
        monkeypatch.setattr(socket, "getaddrinfo", resolving(PUBLIC, "127.0.0.1"))

        with pytest.raises(outbound.Unreachable):
            outbound.resolve("https://hooks.example/")

    @pytest.mark.parametrize("url", MALFORMED)
    def test_what_is_no_safe_address_is_refused(self, url):
        with pytest.raises(outbound.Unreachable):
            outbound.resolve(url)

    @pytest.mark.parametrize(
        "host", ["2130706433", "0x7f000001", "0177.0.0.1", "127.1", "[::1]", "localhost"]
    )
    def test_other_spellings_of_this_machine_are_refused(self, monkeypatch, host):
        monkeypatch.undo()

        with pytest.raises(outbound.Unreachable):
            outbound.resolve(f"https://{host}/")

    @pytest.mark.parametrize("address", [PUBLIC, "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
    def test_the_open_internet_is_allowed(self, monkeypatch, address):
        monkeypatch.setattr(socket, "getaddrinfo", resolving(address))

        assert outbound.resolve("https://hooks.example/") == address

    def test_the_connection_goes_to_the_address_that_was_checked(self, monkeypatch):
        asked, reached = [], []
        answers = iter([PUBLIC, "127.0.0.1"])

        def resolve(host, port, **_):
            asked.append(host)
            return resolving(next(answers))(host, port)

        def connect(address, timeout):
            reached.append(address)
            raise ConnectionRefusedError

        monkeypatch.setattr(socket, "getaddrinfo", resolve)
        monkeypatch.setattr(socket, "create_connection", connect)

        with pytest.raises(outbound.Unreachable):
            addresses.post("https://hooks.example/", "{}", {})

        assert (asked, reached) == (["hooks.example"], [(PUBLIC, 443)])

    @pytest.mark.parametrize(
        ("error", "said"),
        [
            (ssl.SSLCertVerificationError, "Its certificate is not valid for this address."),
            (ssl.SSLEOFError, "No secure connection came about."),
            (ConnectionRefusedError, "It refused the connection."),
            (http.client.RemoteDisconnected, "It broke off the connection."),
            (http.client.BadStatusLine, "Its answer cannot be read."),
            (OSError, "It cannot be reached."),
            (TimeoutError, "It did not answer in time."),
        ],
    )
    def test_what_kept_a_message_back_is_said_in_words(self, monkeypatch, error, said):
        def connect(address, timeout):
            raise error("errno")

        monkeypatch.setattr(socket, "getaddrinfo", resolving(PUBLIC))
        monkeypatch.setattr(socket, "create_connection", connect)

        with pytest.raises(outbound.Unreachable, match=said):
            addresses.post("https://hooks.example/", "{}", {})

    @pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.8.8"])
    def test_developers_may_let_a_webhook_reach_their_own_machine(
        self, settings, monkeypatch, host
    ):
        monkeypatch.undo()
        settings.WEBHOOKS_TO_LOOPBACK = True
        taken = []

        class Taking(BaseHTTPRequestHandler):
            def do_POST(self):
                taken.append(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_):
                pass

        with HTTPServer(("0.0.0.0", 0), Taking) as server:  # noqa: S104
            thread = threading.Thread(target=server.handle_request, daemon=True)
            thread.start()
            status = addresses.post(f"http://{host}:{server.server_port}/hook", "{}", {})
            thread.join()

        assert (status, taken) == (204, [b"{}"])

    def test_nothing_else_inside_is_reached_by_developers(self, settings, monkeypatch):
        settings.WEBHOOKS_TO_LOOPBACK = True
        for address in ("10.0.0.1", "169.254.169.254", PUBLIC):
            monkeypatch.setattr(socket, "getaddrinfo", resolving(address))
            with pytest.raises(Invalid):
                addresses.check("http://hooks.example/")
        monkeypatch.setattr(socket, "getaddrinfo", resolving("127.0.0.1"))
        with pytest.raises(Invalid):
            addresses.check("https://localhost/")

    @pytest.mark.parametrize(("demo", "reaches"), [("false", "False"), ("true", "True")])
    def test_a_site_in_production_never_reaches_itself_and_the_demo_may(self, demo, reaches):
        told = subprocess.run(
            [
                sys.executable,
                "-c",
                "from config import settings as s; print(s.WEBHOOKS_TO_LOOPBACK)",
            ],
            env=os.environ | {"DEBUG": "false", "DEMO": demo, "WEBHOOKS_TO_LOOPBACK": "true"},
            capture_output=True,
            text=True,
            check=True,
        )

        assert told.stdout.strip() == reaches


@pytest.mark.django_db
class TestEndpoints:
    def test_are_made_read_changed_rotated_and_removed(self):
        employer, owner = employer_with_owner()
        api = APIClient(headers={"If-Match": "*"})
        api.force_authenticate(owner)
        body = {
            "employer": employer.public_id,
            "url": "https://hooks.example/a",
            "types": ["opportunity.published"],
        }

        made = api.post(ENDPOINTS, body)
        address = made["Location"]

        assert made.status_code == 201
        assert made.json()["secret"].startswith("whsec_")
        assert "secret" not in api.get(address).json()
        assert len(api.get(ENDPOINTS).json()["data"]) == 1
        assert api.patch(address, {"enabled": False}).json()["disabled_at"]
        assert api.post(f"{address}/test").status_code == 409
        assert api.patch(address, {"enabled": True}).json()["disabled_at"] is None
        assert api.post(f"{address}/rotate").json()["secret"] != made.json()["secret"]
        assert api.post(f"{address}/test").status_code == 202
        deliveries = api.get(f"{address}/deliveries").json()["data"]
        assert json.loads(deliveries[0]["body"])["type"] == "webhook.test"
        retried = api.post(f"{address}/deliveries/{deliveries[0]['id']}/retry")
        assert retried.status_code == 202
        assert api.delete(address).status_code == 204
        assert api.get(address).status_code == 404

    def test_are_the_owners_alone(self):
        endpoint = WebhookEndpointFactory()
        member = MembershipFactory(employer=endpoint.employer).user
        body = {
            "employer": endpoint.employer.public_id,
            "url": "https://hooks.example/a",
            "types": ["opportunity.published"],
        }
        for person, code in ((member, 403), (UserFactory(), 404)):
            api = APIClient()
            api.force_authenticate(person)

            assert api.post(ENDPOINTS, body).status_code == code
            assert api.get(f"{ENDPOINTS}/{endpoint.public_id}").status_code == 404

    def test_an_address_inside_is_no_endpoint(self, monkeypatch):
        monkeypatch.setattr(socket, "getaddrinfo", resolving("169.254.169.254"))
        employer, owner = employer_with_owner()
        api = APIClient()
        api.force_authenticate(owner)

        answer = api.post(
            ENDPOINTS,
            {
                "employer": employer.public_id,
                "url": "https://hooks.example/",
                "types": ["opportunity.published"],
            },
        )

        assert answer.status_code == 422
        assert answer.json()["errors"][0]["pointer"] == "#/url"
        assert not WebhookEndpoint.objects.exists()

    def test_an_event_that_does_not_exist_is_refused_with_those_that_do(self):
        employer, owner = employer_with_owner()
        api = APIClient()
        api.force_authenticate(owner)
        body = {"employer": employer.public_id, "url": "https://hooks.example/a", "types": ["no"]}

        [fault] = api.post(ENDPOINTS, body).json()["errors"]

        assert fault["pointer"] == "#/types/0"
        assert fault["detail"] == f"One of: {', '.join(EVENT_TYPES)}."


@pytest.mark.django_db
class TestSending:
    def test_a_message_is_signed_thin_and_sent_once(self):
        delivery = WebhookDeliveryFactory(body='{"type":"opportunity.published"}')
        sent = []

        for _ in range(2):
            sending.send_due(at=timezone.now(), send=lambda *call: sent.append(call) or 204)

        [(url, body, headers)] = sent
        assert url == delivery.endpoint.url
        assert Webhook(delivery.endpoint.secret).verify(body, headers)
        with pytest.raises(WebhookVerificationError):
            Webhook(delivery.endpoint.secret).verify(body + " ", headers)
        assert headers["webhook-id"] == delivery.event.public_id

    def test_during_a_rotation_both_secrets_sign(self):
        now = timezone.now()
        old, new = "whsec_" + "T0xE" * 8, "whsec_" + "TkVX" * 8
        endpoint = WebhookEndpointFactory(
            secret=new, former_secret=old, former_until=now + timedelta(hours=1)
        )
        delivery = WebhookDeliveryFactory(endpoint=endpoint)

        headers = sending.headers_of(delivery, at=now)

        assert Webhook(old).verify(delivery.body, headers) == {}
        assert Webhook(new).verify(delivery.body, headers) == {}
        later = sending.headers_of(delivery, at=now + timedelta(hours=2))
        assert len(later["webhook-signature"].split()) == 1

    def test_failures_are_repeated_with_growing_pauses_until_it_is_switched_off(self):
        endpoint = WebhookEndpointFactory()
        owner = MembershipFactory(employer=endpoint.employer, owner=True).user
        delivery = WebhookDeliveryFactory(endpoint=endpoint)
        now = timezone.now()
        pauses = []

        while delivery.dead_at is None:
            sending.send_due(at=now, send=lambda *_: 500)
            delivery.refresh_from_db()
            if delivery.due_at:
                pauses.append(delivery.due_at - now)
                now = delivery.due_at

        for pause, meant in zip(pauses, PAUSES, strict=True):
            assert abs(pause / meant - 1) <= 0.1
        endpoint.refresh_from_db()
        assert endpoint.disabled_because == "It answered 500."
        assert Notice.objects.get(recipient=owner).subject == "A webhook was switched off"
        assert mail.outbox == []

    def test_gone_switches_off_at_once(self):
        delivery = WebhookDeliveryFactory()

        sending.send_due(at=timezone.now(), send=lambda *_: 410)

        delivery.endpoint.refresh_from_db()
        assert delivery.endpoint.disabled_at is not None

    @pytest.mark.parametrize("status", [200, 299])
    def test_whatever_says_success_is_taken(self, status):
        delivery = WebhookDeliveryFactory()

        assert sending.send_due(at=timezone.now(), send=lambda *_: status) == 1

        delivery.refresh_from_db()
        assert (delivery.sent_at is not None, delivery.last_status) == (True, status)

    @pytest.mark.parametrize("status", [199, 300, 301, 302, 307, 308])
    def test_a_redirect_is_a_failure(self, status):
        delivery = WebhookDeliveryFactory()

        sending.send_due(at=timezone.now(), send=lambda *_: status)

        delivery.refresh_from_db()
        assert (delivery.sent_at, delivery.last_status) == (None, status)

    def test_a_sweep_that_dies_gives_back_what_it_claimed(self):
        delivery = WebhookDeliveryFactory()
        now = timezone.now()

        def die(*_):
            raise RuntimeError

        with pytest.raises(RuntimeError):
            sending.send_due(at=now, send=die)
        WebhookDeliveryFactory(endpoint=delivery.endpoint, due_at=now)

        assert sending.send_due(at=now, send=lambda *_: 200) == 0
        assert sending.send_due(at=now + timedelta(minutes=5), send=lambda *_: 200) == 2


@pytest.mark.django_db
class TestMeanwhile:
    """What its owner does to a webhook while a sweep sends to it."""

    def test_one_that_is_removed_leaves_the_others_settled(self):
        at = timezone.now()
        removed = WebhookDeliveryFactory(due_at=at - timedelta(seconds=1))
        others = [WebhookDeliveryFactory(due_at=at) for _ in range(3)]
        settle = sending._settle

        def settle_after_removal(turn, outcomes, *, at):
            WebhookEndpoint.objects.filter(pk=removed.endpoint_id).delete()
            return settle(turn, outcomes, at=at)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sending, "_settle", settle_after_removal)
            assert sending.send_due(at=at, send=lambda *_: 200) == 4

        for delivery in others:
            delivery.refresh_from_db()
            assert (delivery.sent_at, delivery.endpoint.leased_until) == (at, None)

    @pytest.mark.parametrize("said", [outbound.TimedOut("slow"), 410])
    def test_what_the_former_address_says_is_not_held_against_the_new_one(self, said):
        at = timezone.now()
        delivery = WebhookDeliveryFactory(due_at=at)
        settle = sending._settle

        def settle_after_change(turn, outcomes, *, at):
            new = {"url": "https://new.example/", "timeouts": 0, "paused_until": None}
            WebhookEndpoint.objects.filter(pk=delivery.endpoint_id).update(**new)
            return settle(turn, outcomes, at=at)

        def send(*_):
            if isinstance(said, Exception):
                raise said
            return said

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sending, "_settle", settle_after_change)
            sending.send_due(at=at, send=send)

        endpoint = WebhookEndpoint.objects.get(pk=delivery.endpoint_id)
        assert (endpoint.url, endpoint.timeouts) == ("https://new.example/", 0)
        assert (endpoint.paused_until, endpoint.disabled_at) == (None, None)
        delivery.refresh_from_db()
        assert (delivery.due_at, delivery.attempts) == (at, 0)


def test_two_that_are_added_at_once_do_not_pass_the_limit(transactional_db, monkeypatch):
    employer, owner = employer_with_owner()
    monkeypatch.setattr(endpoints, "check", lambda _: None)
    for _ in range(endpoints.MAX_ENDPOINTS - 1):
        WebhookEndpointFactory(employer=employer)
    barrier = threading.Barrier(4, timeout=60)
    refused = []

    def add():
        barrier.wait()
        try:
            endpoints.create(
                employer_id=employer.pk,
                actor=owner,
                url="https://hooks.example/",
                types=["opportunity.published"],
                at=timezone.now(),
            )
        except LimitReached as error:
            refused.append(error)
        connection.close()

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert WebhookEndpoint.objects.count() == endpoints.MAX_ENDPOINTS
    assert len(refused) == 3


@pytest.mark.django_db
class TestEvents:
    def test_the_life_of_a_role_is_told_to_its_employer(self):
        employer, owner = employer_with_owner()
        WebhookEndpointFactory(employer=employer, types=["opportunity.published"])
        now = timezone.now()

        role = drafting.create_draft(employer_id=employer.pk, actor=owner, values=COMPLETE, at=now)
        submitting.submit(opportunity_id=role.pk, actor=owner, at=now)
        moderator = UserFactory(moderator=True)
        moderating.claim(opportunity_id=role.pk, moderator=moderator, at=now)
        deciding.approve(opportunity_id=role.pk, moderator=moderator, at=now)
        living.close(opportunity_id=role.pk, actor=owner, outcome="filled_here", at=now)

        told = list(Event.objects.order_by("id").values_list("type", flat=True))
        assert told == ["opportunity.submitted", "opportunity.published", "opportunity.closed"]
        body = json.loads(WebhookDelivery.objects.get().body)
        assert body["type"] == "opportunity.published"
        assert set(body["data"]) == {"id", "url", "version"}

    def test_a_role_that_opened_long_ago_is_not_said_to_open_again(self):
        employer, owner = employer_with_owner()
        role = OpportunityFactory(open=True, employer=employer, hidden_at=timezone.now())

        living.confirm(opportunity_id=role.pk, actor=owner, at=timezone.now())

        assert not Event.objects.exists()

    def test_a_role_that_was_paused_is_not_said_to_be_published_again(self):
        employer, owner = employer_with_owner()
        opened_long_ago = OpportunityFactory(open=True, employer=employer)
        asked = {"opportunity_id": opened_long_ago.pk, "actor": owner, "at": timezone.now()}

        living.pause(**asked)
        living.resume(**asked)

        assert not Event.objects.exists()

    def test_an_application_is_told_without_a_word_about_the_person(self):
        role = OpportunityFactory(open=True, start_earliest=None)
        WebhookEndpointFactory(employer=role.employer, types=["application.created"])
        profile = CandidateProfileFactory(headline="Secret headline")

        applying.apply(
            opportunity_id=role.pk,
            candidate=profile.user,
            papers=applying.Papers(name="Ada Secret"),
            at=timezone.now(),
        )

        assert Event.objects.get().type == "application.created"
        body = WebhookDelivery.objects.get().body
        assert profile.user.email not in body
        assert "Secret" not in body

    def test_are_forgotten_after_thirty_days(self):
        now = timezone.now()
        EventFactory(at=now - timedelta(days=31))
        kept = EventFactory(at=now - timedelta(days=29))

        WebhookDeliveryFactory(event=kept, created_at=now - timedelta(days=31))
        late = WebhookDeliveryFactory(event=kept)

        event_log.forget(at=now)

        assert Event.objects.get() == kept
        assert WebhookDelivery.objects.get() == late

    def test_an_employer_is_verified_and_blocked_once_each(self):
        employer = EmployerFactory()
        now = timezone.now()

        def told():
            event_log.employer_changed(employer_id=employer.pk, at=now)
            return list(Event.objects.order_by("id").values_list("type", flat=True))

        assert told() == []
        Employer.objects.update(verified_at=now, verified_by="moderator")
        assert told() == told() == ["employer.verified"]
        Employer.objects.update(status=EmployerStatus.BLOCKED)
        assert told() == told() == ["employer.verified", "employer.blocked"]


@pytest.mark.django_db(transaction=True)
def test_a_poller_reads_on_from_where_it_stopped():
    employer, owner = employer_with_owner()
    # Numbers of transactions long past: a neighbour's running one must not hide them.
    events = [EventFactory(employer=employer, transaction=number) for number in (1, 2, 3)]
    EventFactory()
    api = APIClient()
    api.force_authenticate(owner)

    first = api.get("/api/v1/events").json()
    rest = api.get("/api/v1/events", {"after": events[0].public_id}).json()
    none = api.get("/api/v1/events", {"after": first["after"]}).json()

    assert [each["id"] for each in first["events"]] == [each.public_id for each in events]
    assert [each["id"] for each in rest["events"]] == [each.public_id for each in events[1:]]
    assert none == {"events": [], "after": events[2].public_id}
    assert api.get("/api/v1/events", {"after": "evt_x"}).status_code == 422


@pytest.mark.django_db(transaction=True)
def test_a_poller_reads_events_in_the_order_in_which_they_could_be_seen():
    # The number is drawn when an event is written, the transaction says when others saw it.
    employer, owner = employer_with_owner()
    third, first, second, also_third = (
        EventFactory(employer=employer, transaction=number) for number in (3, 1, 2, 3)
    )
    api = APIClient()
    api.force_authenticate(owner)

    read = api.get("/api/v1/events").json()["events"]
    rest = api.get("/api/v1/events", {"after": second.public_id}).json()["events"]

    order = [first, second, third, also_third]
    assert [each["id"] for each in read] == [each.public_id for each in order]
    assert [each["id"] for each in rest] == [each.public_id for each in order[2:]]


@pytest.mark.django_db
def test_events_of_another_server_are_read_first_once_their_numbers_are_zero():
    employer, owner = employer_with_owner()
    restored = [EventFactory(employer=employer, transaction=2**40) for _ in range(2)]
    Event.objects.update(transaction=0)  # as docs/operations.md says after a restore
    new = EventFactory(employer=employer, transaction=1)
    api = APIClient()
    api.force_authenticate(owner)

    read = api.get("/api/v1/events", {"after": restored[0].public_id}).json()["events"]

    assert "UPDATE webhooks_event SET transaction = 0" in OPERATIONS.read_text()
    assert [each["id"] for each in read] == [restored[1].public_id, new.public_id]
