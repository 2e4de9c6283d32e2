"""Words that were typed and not sent: kept for their writer alone, bounded, gone when sent."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client

from opportunities.accounts import drafts
from opportunities.accounts.models import Draft
from opportunities.applications.models import Message
from opportunities.core.errors import Invalid, LimitReached
from opportunities.privacy import retention
from tests.factories import ApplicationFactory, DraftFactory, UserFactory

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
pytestmark = pytest.mark.django_db
KEEP = "/me/drafts/keep/"
LETTER = "First line.\nSecond line, which took an hour."


def box(**more):
    return {
        "page": "/applications/app_1/", "form": "/applications/app_1/message/", "name": "text",
        "box": "message", "text": LETTER, "title": "Message",
    } | more  # fmt: skip


@pytest.fixture
def writer():
    return UserFactory()


@pytest.fixture
def device(writer):
    client = Client()
    client.force_login(writer)
    return client


def found(client, page="/applications/app_1/"):
    return client.get("/me/drafts/here/", {"page": page}).json()["drafts"]


def test_what_was_typed_on_one_device_is_found_on_another(device, writer):
    assert device.post(KEEP, box()).status_code == 204
    other = Client()
    other.force_login(writer)

    [draft] = found(other)

    assert (draft["box"], draft["name"], draft["text"]) == ("message", "text", LETTER)
    assert LETTER.splitlines()[1] in other.get("/me/drafts/").text


def test_each_box_has_one_draft_and_the_last_word_counts(device):
    device.post(KEEP, box())
    device.post(KEEP, box(text="Changed my mind."))

    assert [draft["text"] for draft in found(device)] == ["Changed my mind."]


def test_an_empty_box_is_forgotten(device):
    device.post(KEEP, box())
    device.post(KEEP, box(text="  \n"))

    assert not Draft.objects.exists()


def test_nobody_else_sees_or_discards_it(device):
    device.post(KEEP, box())
    other = Client()
    other.force_login(UserFactory())

    assert found(other) == []
    assert "took an hour" not in other.get("/me/drafts/").text
    other.post(f"/me/drafts/{Draft.objects.get().pk}/discard/")
    assert Draft.objects.exists()


def test_who_is_not_signed_in_keeps_none():
    assert Client().post(KEEP, box()).status_code == 401
    assert Client().get("/me/drafts/here/").status_code == 302
    assert not Draft.objects.exists()


def test_discarding_removes_it(device):
    device.post(KEEP, box())

    device.post(f"/me/drafts/{Draft.objects.get().pk}/discard/")

    assert not Draft.objects.exists()


def test_a_form_that_is_taken_forgets_its_draft_and_no_other(device):
    application = ApplicationFactory()
    client = Client()
    client.force_login(application.profile.user)
    page = f"/applications/{application.public_id}/"
    client.post(KEEP, box(page=page, form=f"{page}message/"))
    client.post(KEEP, box(page="/me/profile/", form="/me/profile/", name="about", box="id_about"))

    client.post(f"{page}message/", {"text": LETTER, "box": "message"})

    assert Message.objects.get().text == LETTER
    assert Draft.objects.get().name == "about"


def test_a_form_that_is_refused_keeps_its_draft(device):
    application = ApplicationFactory()
    client = Client()
    client.force_login(application.profile.user)
    page = f"/applications/{application.public_id}/"
    client.post(KEEP, box(page=page, form=f"{page}message/"))

    client.post(f"{page}message/", {"text": "x" * 5000, "box": "message"})

    assert Draft.objects.get().text == LETTER


def test_a_draft_that_arrives_after_its_form_was_taken_does_not_come_back(writer):
    with time_machine.travel(NOW):
        drafts.keep(writer=writer, at=NOW, **box())
        drafts.forget_sent(
            writer=writer, page="", form=box()["form"], names=["text"], box="message"
        )

        drafts.keep(writer=writer, at=NOW, **box())

        assert not Draft.objects.exists()


def test_of_several_alike_only_the_one_that_was_sent_is_forgotten(writer):
    for key in ("answer-1", "answer-2"):
        drafts.keep(writer=writer, at=NOW, **box(box=key))

    drafts.forget_sent(writer=writer, page="", form=box()["form"], names=["text"], box="answer-1")

    assert Draft.objects.get().box == "answer-2"


def test_of_too_many_the_oldest_goes(writer):
    for number in range(drafts.MOST + 3):
        DraftFactory(writer=writer, box=f"b{number}", at=NOW + timedelta(seconds=number))

    drafts.keep(writer=writer, at=NOW + timedelta(hours=1), **box(box="newest"))

    kept = set(writer.drafts.values_list("box", flat=True))
    assert len(kept) == drafts.MOST
    assert "newest" in kept
    assert "b0" not in kept


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"text": "x" * (drafts.LONGEST + 1)}, "text"),
        ({"page": "https://elsewhere.example/"}, "page"),
        ({"page": "//elsewhere.example/"}, "page"),
        ({"form": "/accounts/login/"}, "form"),
        ({"page": "/" + "x" * 200}, "page"),
        ({"name": ""}, "name"),
        ({"name": "password"}, "name"),
        ({"name": "n" * 81}, "name"),
        ({"box": "a\nb"}, "box"),
        ({"box": "secret"}, "box"),
    ],
)
def test_what_names_no_box_or_is_too_long_is_refused_by_name(device, wrong, field):
    answer = device.post(KEEP, box(**wrong))

    assert answer.status_code == 422
    assert field in [fault["field"] for fault in answer.json()["faults"]]
    assert not Draft.objects.exists()


def test_controls_and_half_characters_are_left_out(writer):
    drafts.keep(writer=writer, at=NOW, **box(text="a\x00b\u202ec\r\nd", title="x\ny"))

    assert (writer.drafts.get().text, writer.drafts.get().title) == ("abc\nd", "x y")


def test_more_than_one_a_second_is_refused_for_a_while(device, writer):
    for _ in range(60):
        drafts.keep(writer=writer, at=NOW, **box())

    with pytest.raises(LimitReached):
        drafts.keep(writer=writer, at=NOW, **box())
    drafts.keep(writer=writer, at=NOW + timedelta(minutes=1), **box())
    drafts.keep(writer=UserFactory(), at=NOW, **box())


def test_the_page_says_so_with_429(device, monkeypatch):
    def stopped(**_):
        raise LimitReached("Too fast.", wait=30)

    monkeypatch.setattr(drafts, "keep", stopped)

    answer = device.post(KEEP, box())

    assert (answer.status_code, answer["Retry-After"]) == (429, "30")


def test_it_is_deleted_after_fourteen_days(writer):
    DraftFactory(writer=writer, at=NOW)

    assert retention.sweep(at=NOW + timedelta(days=14))["drafts"] == 0
    assert retention.sweep(at=NOW + timedelta(days=14, seconds=1))["drafts"] == 1


def test_a_page_of_somebody_else_keeps_none(writer):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(writer)

    assert strict.post(KEEP, box()).status_code == 403
    assert not Draft.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_devices_at_once_keep_one():
    writer = UserFactory()
    barrier = threading.Barrier(2)

    def type_(text):
        barrier.wait()
        try:
            drafts.keep(writer=writer, at=NOW, **box(text=text))
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(type_, ("one", "two")))

    assert writer.drafts.count() == 1


def test_a_fault_names_its_field():
    with pytest.raises(Invalid) as broken:
        drafts.keep(writer=UserFactory(), at=NOW, **box(page="x"))

    assert broken.value.faults[0].field == "page"
