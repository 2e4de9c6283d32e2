"""Every notice reaches its reader once: alone, in a digest, or not at all if they say so."""

import re
from datetime import UTC, datetime, timedelta
from smtplib import (
    SMTPDataError,
    SMTPRecipientsRefused,
    SMTPSenderRefused,
    SMTPServerDisconnected,
)
from threading import Barrier, Thread

import pytest
import time_machine
from django.core import mail
from django.db import connection

from opportunities.core import outbox
from opportunities.messaging import delivery as delivering
from opportunities.messaging import notices
from opportunities.messaging.models import Delivery, Notice, NoticePreference
from opportunities.messaging.notify import notify
from opportunities.messaging.topics import TOPICS, Composed, Topic
from tests.factories import DeliveryFactory, NoticeFactory, NoticePreferenceFactory, UserFactory

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)


def owed(**notice):
    return DeliveryFactory(notice=NoticeFactory(at=AT, **notice), due_at=AT)


@pytest.fixture
def broken_mail(monkeypatch):
    """Let the mail server fail as the test says."""

    def _break(error):
        def send(self):
            raise error

        monkeypatch.setattr(mail.EmailMultiAlternatives, "send", send)

    return _break


@pytest.mark.django_db
class TestDeliver:
    def test_sends_what_is_due_once(self):
        delivery = owed(subject="Your role is open", body="People can apply.", url="/employer/")

        assert delivering.deliver(at=AT) == 1
        assert delivering.deliver(at=AT + timedelta(days=1)) == 0

        (message,) = mail.outbox
        assert message.to == [delivery.notice.recipient.email]
        assert message.subject == "Foothold: Your role is open"
        assert "People can apply." in message.body
        assert "https://testserver/employer/" in message.body
        assert "<p>People can apply.</p>" in message.alternatives[0].content
        delivery.refresh_from_db()
        assert delivery.sent_at == AT

    def test_leaves_what_is_not_due(self):
        DeliveryFactory(due_at=AT + timedelta(seconds=1))

        assert delivering.deliver(at=AT) == 0

    def test_a_page_begins_with_what_it_is_about(self):
        owed(subject="Choose a time to talk: Chart the tides")

        delivering.deliver(at=AT)

        page = mail.outbox[0].alternatives[0].content
        assert '<h1 dir="auto">Choose a time to talk: Chart the tides</h1>' in page

    def test_html_escapes_what_people_wrote(self):
        owed(body="<script>alert(1)</script>")

        delivering.deliver(at=AT)

        assert "<script>" in mail.outbox[0].body
        assert "<script>" not in mail.outbox[0].alternatives[0].content

    def test_sends_no_mail_to_an_account_that_is_gone(self):
        owed(recipient=UserFactory(is_active=False))

        assert delivering.deliver(at=AT) == 0
        assert not Delivery.objects.exists()

    def test_the_message_id_follows_from_the_notice(self):
        delivery = owed()

        delivering.deliver(at=AT)

        message_id = mail.outbox[0].extra_headers["Message-ID"]
        assert message_id == f"<{delivery.notice.public_id}.1@testserver>"

    def test_a_batch_is_bounded(self, monkeypatch):
        monkeypatch.setattr(delivering, "BATCH", 3)
        for _ in range(4):
            owed()

        assert delivering.deliver(at=AT) == 3
        assert delivering.deliver(at=AT) == 1


@pytest.mark.django_db
def test_a_notice_is_cut_to_what_its_columns_hold():
    reader = UserFactory()

    [notice] = notify(
        recipients=[reader, UserFactory(is_active=False)],
        kind="role_opened",
        key="role_opened:1",
        subject="s" * 161,
        body="b" * 4001,
        url="/",
        at=AT,
    )

    assert (notice.recipient, len(notice.subject), len(notice.body)) == (reader, 160, 4000)


@pytest.mark.django_db
class TestUnsubscribing:
    def test_what_is_no_decision_carries_the_headers_of_rfc_8058(self):
        delivery = owed(is_decision=False)

        # The address is signed with the second in which it was made.
        with time_machine.travel(AT, tick=False):
            delivering.deliver(at=AT)
            path = delivering.unsubscribe_path(delivery.notice.recipient)

        headers = mail.outbox[0].extra_headers
        assert headers["List-Unsubscribe"] == f"<https://testserver{path}>"
        assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert path in mail.outbox[0].body
        assert path in mail.outbox[0].alternatives[0].content

    def test_a_decision_cannot_be_unsubscribed_from(self):
        reader = NoticePreferenceFactory(rhythm="off").user
        owed(recipient=reader, is_decision=True)

        assert delivering.deliver(at=AT) == 1
        assert "List-Unsubscribe" not in mail.outbox[0].extra_headers

    def test_who_wants_no_mail_keeps_the_notice(self):
        reader = NoticePreferenceFactory(rhythm="off").user
        owed(recipient=reader)

        assert delivering.deliver(at=AT) == 0
        assert reader.notices.count() == 1
        assert not Delivery.objects.exists()

    def test_the_link_names_its_reader_and_cannot_be_made_up(self):
        reader = UserFactory()
        token = delivering.unsubscribe_path(reader).split("/")[-2]

        assert delivering.read_unsubscribe(token) == (reader, None)
        assert delivering.read_unsubscribe(token[:-1] + "x") is None
        assert delivering.read_unsubscribe("1") is None

    def test_a_mail_program_stops_the_mail_without_cookies_or_token(self, client):
        client.handler.enforce_csrf_checks = True
        reader = UserFactory()
        path = delivering.unsubscribe_path(reader)

        shown = client.get(path)
        assert shown.status_code == 200
        assert not NoticePreference.objects.exists()
        assert "sessionid" not in shown.cookies

        done = client.post(path, "List-Unsubscribe=One-Click", "application/x-www-form-urlencoded")
        assert done.status_code == 200
        assert NoticePreference.objects.get(user=reader).rhythm == "off"


@pytest.mark.django_db
class TestDigest:
    def test_gathers_a_day_into_one_mail(self):
        reader = NoticePreferenceFactory(rhythm="daily").user
        owed(recipient=reader, subject="First")
        owed(recipient=reader, subject="Second")

        assert delivering.deliver(at=AT) == 0
        assert delivering.deliver(at=AT.replace(day=24, hour=6)) == 0
        assert delivering.deliver(at=AT.replace(day=24, hour=7)) == 1
        assert delivering.deliver(at=AT.replace(day=24, hour=8)) == 0

        (message,) = mail.outbox
        assert message.subject == "Foothold: 2 notices for you"
        assert message.body.index("First") < message.body.index("Second")
        assert "List-Unsubscribe" in message.extra_headers

    def test_one_mail_has_at_most_fifty(self):
        reader = NoticePreferenceFactory(rhythm="daily").user
        for _ in range(51):
            DeliveryFactory(notice=NoticeFactory(at=AT, recipient=reader), due_at=AT, digested=True)

        assert delivering.deliver(at=AT) == 1
        assert delivering.deliver(at=AT) == 1

        assert [message.subject for message in mail.outbox] == [
            "Foothold: 50 notices for you",
            f"Foothold: {reader.notices.order_by('-pk')[0].subject}",
        ]

    def test_is_not_sent_to_who_wants_only_decisions_since(self):
        reader = NoticePreferenceFactory(rhythm="daily").user
        owed(recipient=reader)
        delivering.deliver(at=AT)
        notices.choose_rhythm(reader=reader, rhythm="off")

        assert delivering.deliver(at=AT + timedelta(days=1)) == 0
        assert not Delivery.objects.exists()
        assert reader.notices.count() == 1

    def test_does_not_hold_up_a_decision(self):
        reader = NoticePreferenceFactory(rhythm="daily").user
        owed(recipient=reader, is_decision=True)

        assert delivering.deliver(at=AT) == 1


@pytest.mark.django_db
class TestFailures:
    def test_tries_again_with_growing_pauses_and_then_keeps_a_dead_letter(self, broken_mail):
        broken_mail(SMTPServerDisconnected("away"))
        delivery = owed()
        now, pauses = AT, []

        while delivery.dead_at is None:
            assert delivering.deliver(at=now) == 0
            delivery.refresh_from_db()
            if delivery.dead_at is None:
                pauses.append((delivery.due_at - now).total_seconds())
                now = delivery.due_at

        assert delivery.attempts == delivering.NOTICES.most_attempts
        assert pauses[:3] == [30, 60, 120]
        assert max(pauses) == timedelta(hours=6).total_seconds()
        assert now - AT > timedelta(days=2.5)
        assert delivery.last_error == "SMTPServerDisconnected"
        assert delivery.sent_at is None

    def test_a_mail_that_is_tried_again_is_the_same_mail_to_its_reader(self, monkeypatch):
        seen = []

        def send(message):
            seen.append(message.extra_headers["Message-ID"])
            raise SMTPServerDisconnected("away")

        monkeypatch.setattr(mail.EmailMultiAlternatives, "send", send)
        delivery = owed()

        for _ in range(3):
            delivering.deliver(at=delivery.due_at)
            delivery.refresh_from_db()

        assert seen == [f"<{delivery.notice.public_id}.1@testserver>"] * 3

    def test_an_address_that_is_refused_is_not_tried_again(self, broken_mail):
        broken_mail(SMTPRecipientsRefused({"x@example.org": (550, b"no such user")}))
        delivery = owed()

        delivering.deliver(at=AT)

        delivery.refresh_from_db()
        assert delivery.dead_at == AT

    @pytest.mark.parametrize("code", [421, 450, 451, 452])
    def test_an_address_that_is_refused_for_now_is_tried_again(self, broken_mail, code):
        broken_mail(SMTPRecipientsRefused({"x@example.org": (code, b"4.2.0 try again later")}))
        delivery = owed(is_decision=True)

        delivering.deliver(at=AT)

        delivery.refresh_from_db()
        assert (delivery.dead_at, delivery.due_at) == (None, AT + timedelta(seconds=30))

    @pytest.mark.parametrize(
        "refusal",
        [
            SMTPDataError(554, b"5.7.1 content rejected"),
            SMTPSenderRefused(550, b"not you", "us@example.org"),
            SMTPRecipientsRefused({"x@example.org": (450, b"later")}),
        ],
        ids=lambda error: type(error).__name__,
    )
    def test_one_mail_that_is_refused_does_not_hold_up_the_others(self, monkeypatch, refusal):
        bad, *good = [owed(is_decision=True) for _ in range(3)]

        def send(self):
            if self.to == [bad.notice.recipient.email]:
                raise refusal

        monkeypatch.setattr(mail.EmailMultiAlternatives, "send", send)

        assert delivering.deliver(at=AT) == 2
        for delivery in good:
            delivery.refresh_from_db()
            assert delivery.sent_at == AT
        bad.refresh_from_db()
        assert (bad.sent_at, bad.due_at) == (None, AT + timedelta(seconds=30))

    def test_news_without_words_does_not_hold_up_the_others(self, monkeypatch):
        monkeypatch.setitem(TOPICS, "broken", Topic("broken", compose=lambda *_: 1 / 0))
        bad, *good = owed(kind="broken"), owed(), owed(is_decision=True)

        assert delivering.deliver(at=AT) == 2

        for delivery in good:
            delivery.refresh_from_db()
            assert delivery.sent_at == AT
        bad.refresh_from_db()
        assert (bad.sent_at, bad.last_error) == (None, "ZeroDivisionError")

    def test_a_digest_leaves_out_news_without_words(self, monkeypatch):
        monkeypatch.setitem(TOPICS, "broken", Topic("broken", compose=lambda *_: 1 / 0))
        reader = UserFactory()
        bad, good = (owed(recipient=reader, kind=kind) for kind in ("broken", "news"))
        Delivery.objects.update(digested=True)

        assert delivering.deliver(at=AT) == 1

        good.refresh_from_db()
        bad.refresh_from_db()
        assert (good.sent_at, bad.sent_at) == (AT, None)

    def test_news_erased_while_it_is_sent_does_not_hold_up_the_others(self, monkeypatch):
        def compose(notice, at):
            Notice.objects.filter(pk=notice.pk).delete()  # another process erased the account
            return Composed("a", "b", "c")

        monkeypatch.setitem(TOPICS, "erased", Topic("erased", compose=compose))
        owed(kind="erased")
        other = owed()

        assert delivering.deliver(at=AT) == 1

        other.refresh_from_db()
        assert other.sent_at == AT
        assert [message.to for message in mail.outbox] == [[other.notice.recipient.email]]

    def test_a_server_that_is_away_is_asked_once_for_a_whole_batch(self, broken_mail, monkeypatch):
        calls = []

        def send(self):
            calls.append(self)
            raise SMTPServerDisconnected

        monkeypatch.setattr(mail.EmailMultiAlternatives, "send", send)
        first, second = owed(), owed()

        delivering.deliver(at=AT)

        assert len(calls) == 1
        for delivery in (first, second):
            delivery.refresh_from_db()
            assert delivery.due_at == AT + timedelta(seconds=30)

    def test_a_worker_that_dies_leaves_the_mail_to_the_next(self, monkeypatch):
        delivery = owed()
        monkeypatch.setattr(delivering, "message_for", lambda _: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            delivering.deliver(at=AT)
        monkeypatch.undo()

        assert delivering.deliver(at=AT + timedelta(minutes=1)) == 0
        assert delivering.deliver(at=AT + delivering.LEASE) == 1
        delivery.refresh_from_db()
        assert delivery.attempts == 2

    def test_a_mail_that_kills_workers_is_given_up(self):
        delivery = owed()
        Delivery.objects.update(attempts=delivering.NOTICES.most_attempts)

        assert delivering.deliver(at=AT) == 0

        delivery.refresh_from_db()
        assert delivery.dead_at == AT

    def test_staff_can_revive_a_dead_letter(self):
        delivery = owed()
        Delivery.objects.update(attempts=12, dead_at=AT, due_at=None)

        assert outbox.revive(delivering.NOTICES, [delivery.pk], at=AT) == 1
        assert delivering.deliver(at=AT) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("rhythm", ["each", "daily"])
def test_four_workers_at_once_deliver_each_mail_once(rhythm, monkeypatch):
    readers = [NoticePreferenceFactory(rhythm=rhythm).user for _ in range(10)]
    for reader in readers:
        owed(recipient=reader)
        owed(recipient=reader)
    if rhythm == "daily":
        delivering.deliver(at=AT)
    monkeypatch.setattr(delivering, "BATCH", 7)
    later = AT + timedelta(days=1)
    barrier = Barrier(4, timeout=60)

    def work():
        barrier.wait()
        for _ in range(3):
            delivering.deliver(at=later)
        connection.close()

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(mail.outbox) == (20 if rhythm == "each" else 10)
    assert not Delivery.objects.filter(sent_at__isnull=True).exists()


@pytest.mark.django_db
class TestNoticesPage:
    def test_lists_reads_and_chooses(self, client):
        notice = NoticeFactory(url="/rules/")
        NoticeFactory(subject="Somebody else's")
        client.force_login(notice.recipient)

        page = client.get("/notices/").content.decode()
        assert notice.subject in page
        assert f'Open<span class="vh"> {notice.subject}</span>' in page
        assert "Somebody else" not in page

        assert client.post(f"/notices/{notice.public_id}/read/").url == "/rules/"
        notice.refresh_from_db()
        assert notice.read_at is not None

        client.post("/notices/rhythm/", {"rhythm": "daily"})
        assert NoticePreference.objects.get().rhythm == "daily"
        client.post("/notices/rhythm/", {"rhythm": "hourly"})
        assert NoticePreference.objects.get().rhythm == "daily"

    def test_somebody_elses_notice_does_not_exist(self, client):
        notice = NoticeFactory()
        client.force_login(UserFactory())

        assert client.post(f"/notices/{notice.public_id}/read/").status_code == 404

    def test_all_are_read_at_once(self, client):
        reader = UserFactory()
        NoticeFactory(recipient=reader)
        NoticeFactory(recipient=reader)
        client.force_login(reader)

        client.post("/notices/read/")

        assert not reader.notices.filter(read_at__isnull=True).exists()

    def test_the_demos_post_box_is_closed_in_production(self, client):
        assert client.get("/outbox/").status_code == 404

    def test_the_demos_post_box_shows_what_was_sent(self, client, settings, tmp_path):
        settings.LOCAL = True
        settings.VAR_DIR = tmp_path
        settings.MAILERS = {
            "default": {
                "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
                "OPTIONS": {"file_path": str(tmp_path / "outbox")},
            }
        }
        owed(subject="Your role is open", body="People can apply, “now”.")
        delivering.deliver(at=AT)

        page = client.get("/outbox/").content.decode()

        assert "Your role is open" in page
        assert "People can apply, “now”." in page
        assert re.search(r"\d\d:\d\d UTC", page)
