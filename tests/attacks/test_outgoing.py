"""Holding the site up with webhooks and mail that the other side is slow to take."""

import datetime as dt
import socket
import ssl
import threading
import time
from datetime import timedelta
from smtplib import SMTPDataError, SMTPServerDisconnected

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from config.celery import app
from config.processes import PROCESSES
from opportunities.core import heartbeats, outbound
from opportunities.messaging import delivery as delivering
from opportunities.messaging import letters
from opportunities.messaging.models import Delivery, Letter
from opportunities.webhooks import addresses, endpoints, sending
from opportunities.webhooks.models import WebhookDelivery
from tests.factories import (
    DeliveryFactory,
    LetterFactory,
    MembershipFactory,
    NoticeFactory,
    WebhookDeliveryFactory,
    WebhookEndpointFactory,
)

OUTGOING = {
    "messaging.tasks.deliver_notices",
    "messaging.tasks.send_letters",
    "webhooks.tasks.send_webhooks",
}
HOST = "hooks.example"


def queues_of(name):
    command = PROCESSES[name].command
    return set(command[command.index("--queues") + 1].split(","))


def queue_of(task):
    return app.amqp.router.route({}, task)["queue"].name


class TestWhatGoesOutHasAWayOfItsOwn:
    @pytest.mark.parametrize("name", sorted(OUTGOING))
    def test_no_mail_and_no_webhook_stands_before_a_refresh(self, name):
        queue = queue_of(f"opportunities.{name}")

        assert queue != queue_of("matching.tasks.refresh")
        assert queue != queue_of("matching.tasks.sweep")
        assert [each for each in ("worker", "quick") if queue in queues_of(each)] == []
        assert queues_of("outgoing") == {queue}

    def test_each_kind_finds_a_place_while_the_others_wait(self):
        command = PROCESSES["outgoing"].command

        assert int(command[command.index("--concurrency") + 1]) >= len(OUTGOING)

    @pytest.mark.django_db
    def test_a_worker_that_only_sends_does_not_make_the_site_ready(self, nobody_beats):
        heartbeats.record("worker:outgoing@here")

        answer = Client().get("/readyz").json()

        assert answer["checks"]["worker"]["ok"] is False

    @pytest.mark.django_db(transaction=True)
    @pytest.mark.parametrize(
        ("run", "owe"),
        [
            (sending.send_due, WebhookDeliveryFactory),
            (delivering.deliver, DeliveryFactory),
            (letters.send_letters, LetterFactory),
        ],
        ids=["webhooks", "notices", "letters"],
    )
    def test_one_kind_never_takes_two_places(self, run, owe):
        """While one turn waits for the other side, the next ones of its kind do not begin."""
        at = timezone.now()
        owe(due_at=at)
        name = {sending.send_due: "webhooks", delivering.deliver: "notices"}.get(run, "letters")
        holds, ends = threading.Event(), threading.Event()

        def hold():
            with sending.alone(name) as is_ours:
                assert is_ours
                holds.set()
                ends.wait(10)
            connection.close()

        thread = threading.Thread(target=hold)
        thread.start()
        holds.wait(10)
        taken = run(at=at)
        ends.set()
        thread.join(10)

        assert taken == 0
        assert owe._meta.model.objects.get().attempts == 0


def hang(*_):
    raise outbound.TimedOut("It did not answer in time.")


@pytest.mark.django_db
class TestASlowTarget:
    def test_is_never_asked_twice_at_a_time(self):
        endpoint = WebhookEndpointFactory()
        at = timezone.now()
        for _ in range(12):
            WebhookDeliveryFactory(endpoint=endpoint, due_at=at)
        now, most = [0], [0]
        lock = threading.Lock()

        def send(*_):
            with lock:
                now[0] += 1
                most[0] = max(most[0], now[0])
            time.sleep(0.02)
            with lock:
                now[0] -= 1
            return 200

        assert sending.send_due(at=at, send=send) == 12
        assert most == [1]

    def test_is_left_alone_for_twice_as_long_each_time(self):
        endpoint = WebhookEndpointFactory()
        at = timezone.now()
        for _ in range(40):
            WebhookDeliveryFactory(endpoint=endpoint, due_at=at)
        pauses, calls = [], []

        for _ in range(8):
            before = len(calls)
            sending.send_due(at=at, send=lambda *call: calls.append(call) or hang())
            assert len(calls) == before + 1  # one message finds out, the others wait
            sending.send_due(at=at + timedelta(seconds=50), send=calls.append)
            assert len(calls) == before + 1
            endpoint.refresh_from_db()
            pauses.append(endpoint.paused_until - at)
            at = endpoint.paused_until

        minutes = [pause / timedelta(minutes=1) for pause in pauses]
        assert minutes == [1, 2, 4, 8, 16, 32, 60, 60]

    def test_that_answers_again_gets_everything(self):
        endpoint = WebhookEndpointFactory()
        at = timezone.now()
        for _ in range(5):
            WebhookDeliveryFactory(endpoint=endpoint, due_at=at)
        sending.send_due(at=at, send=hang)

        for _ in range(3):
            at += timedelta(minutes=10)
            sending.send_due(at=at, send=lambda *_: 200)

        endpoint.refresh_from_db()
        assert not WebhookDelivery.objects.filter(sent_at=None).exists()
        assert (endpoint.timeouts, endpoint.paused_until, endpoint.leased_until) == (0, None, None)

    def test_loses_no_attempt_of_messages_that_were_not_tried(self):
        endpoint = WebhookEndpointFactory()
        at = timezone.now()
        first, *others = [
            WebhookDeliveryFactory(endpoint=endpoint, due_at=at - timedelta(minutes=9 - n))
            for n in range(4)
        ]

        sending.send_due(at=at, send=hang)

        first.refresh_from_db()
        assert first.attempts == 1
        for other in others:
            other.refresh_from_db()
            assert (other.attempts, other.due_at) == (0, at)

    def test_is_asked_with_one_message_whether_it_answers_again(self):
        endpoint = WebhookEndpointFactory(timeouts=1)
        at = timezone.now()
        for _ in range(3):
            WebhookDeliveryFactory(endpoint=endpoint, due_at=at)

        assert sending.send_due(at=at, send=lambda *_: 200) == 1
        assert sending.send_due(at=at, send=lambda *_: 200) == 2

    def test_keeps_nobody_else_waiting(self):
        slow, quick = WebhookEndpointFactory(url="https://slow.example/"), WebhookEndpointFactory()
        at = timezone.now()
        for endpoint in (slow, quick):
            for _ in range(4):
                WebhookDeliveryFactory(endpoint=endpoint, due_at=at)

        taken = sending.send_due(at=at, send=lambda url, *_: hang() if "slow" in url else 200)

        assert taken == 4

    def test_that_holds_the_name_server_is_not_waited_for(self, monkeypatch):
        monkeypatch.setattr(sending, "SECONDS", 0.2)
        monkeypatch.setattr(sending, "DEADLINE", 0.2)
        delivery = WebhookDeliveryFactory()
        silent = threading.Event()
        at, started = timezone.now(), time.monotonic()

        taken = sending.send_due(at=at, send=lambda *_: silent.wait(20) and 200)
        took = time.monotonic() - started
        silent.set()

        delivery.endpoint.refresh_from_db()
        assert taken == 0
        assert took < 5
        assert delivery.endpoint.paused_until > at

    def test_is_asked_at_once_after_its_owner_changed_it(self):
        endpoint = WebhookEndpointFactory(
            timeouts=5, paused_until=timezone.now() + timedelta(hours=1)
        )
        owner = MembershipFactory(employer=endpoint.employer, owner=True).user

        endpoints.change(endpoint_id=endpoint.pk, actor=owner, enabled=True, at=timezone.now())

        endpoint.refresh_from_db()
        assert (endpoint.timeouts, endpoint.paused_until) == (0, None)


@pytest.mark.django_db
def test_a_sixth_test_that_waits_is_refused():
    endpoint = WebhookEndpointFactory()
    owner = MembershipFactory(employer=endpoint.employer, owner=True).user
    api = APIClient()
    api.force_authenticate(owner)
    address = f"/api/v1/webhook-endpoints/{endpoint.public_id}/test"

    statuses = [api.post(address).status_code for _ in range(8)]
    sending.send_due(at=timezone.now() + timedelta(seconds=1), send=lambda *_: 200)
    cache.clear()

    assert statuses == [202] * 5 + [429] * 3
    assert api.post(address).status_code == 202


# --- A server that spends the time of whoever asks it, one byte after another ---


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = dt.datetime.now(dt.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + signed.public_bytes(serialization.Encoding.PEM)
    )
    return path


class Dripping:
    """A server on this machine that takes its time: in the handshake or in the answer."""

    def __init__(self, certificate, *, handshake):
        self.handshake = handshake
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificate)
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self):
        try:
            peer, _ = self.listening.accept()
            with peer:
                if self.handshake:
                    self._drip(peer, b"\x16\x03\x03\x40\x00")
                else:
                    with self.context.wrap_socket(peer, server_side=True) as safe:
                        self._drip(safe, b"HTTP/1.1 200 OK\r\nX: ")
        except OSError:
            return

    def _drip(self, to, beginning):
        to.sendall(beginning)
        for _ in range(100):
            if self.over.wait(0.1):
                return
            to.sendall(b"a")

    def close(self):
        self.over.set()
        self.listening.close()
        self.thread.join(5)


@pytest.mark.parametrize("handshake", [True, False], ids=["in the handshake", "in the answer"])
def test_a_target_that_drips_is_cut_at_the_deadline(monkeypatch, certificate, handshake):
    trusting = ssl.create_default_context(cafile=certificate)
    monkeypatch.setattr(ssl, "create_default_context", lambda: trusting)
    monkeypatch.setattr(addresses, "DEADLINE", 0.7)
    server = Dripping(certificate, handshake=handshake)
    monkeypatch.setattr(outbound, "split_address", lambda _, **__: (HOST, server.port, "/"))
    monkeypatch.setattr(outbound, "resolve", lambda _, **__: "127.0.0.1")
    started = time.monotonic()

    try:
        with pytest.raises(outbound.TimedOut):
            addresses.post(f"https://{HOST}/", "{}", {})
        took = time.monotonic() - started
    finally:
        server.close()

    assert 0.5 < took < 3


# --- Mail ---


@pytest.mark.django_db
class TestAMailServerThatTakesItsTime:
    def test_a_turn_ends_and_the_rest_of_the_batch_is_not_lost(self, monkeypatch):
        now = [0.0]
        for each in (delivering, letters):
            monkeypatch.setattr(each, "monotonic", lambda: now[0])
        at = timezone.now()
        for _ in range(6):
            DeliveryFactory(notice=NoticeFactory(at=at), due_at=at)
            LetterFactory(due_at=at)

        def send(self):
            now[0] += 15  # seconds

        monkeypatch.setattr(mail.EmailMessage, "send", send)
        sent = delivering.deliver(at=at), letters.send_letters(at=at)

        assert sent == (3, 3)
        for rows in (Delivery.objects, Letter.objects):
            left = rows.filter(sent_at=None)
            assert set(left.values_list("attempts", "due_at", "dead_at")) == {(0, at, None)}

    def test_a_server_that_is_away_costs_a_turn_one_wait(self, monkeypatch):
        at = timezone.now()
        for _ in range(6):
            LetterFactory(due_at=at)
        calls = []

        def send(self):
            calls.append(self)
            raise SMTPServerDisconnected

        monkeypatch.setattr(mail.EmailMessage, "send", send)

        assert letters.send_letters(at=at) == 0
        assert len(calls) == 1
        assert not Letter.objects.filter(due_at__lte=at).exists()

    def test_one_letter_that_is_refused_does_not_hold_up_the_others(self, monkeypatch):
        at = timezone.now()
        bad = LetterFactory(address="bad@example.org", due_at=at - timedelta(minutes=1))
        good = LetterFactory(due_at=at)

        def send(self):
            if self.to == [bad.address]:
                raise SMTPDataError(550, b"No")

        monkeypatch.setattr(mail.EmailMessage, "send", send)

        assert letters.send_letters(at=at) == 1
        good.refresh_from_db()
        assert good.sent_at == at
