"""The one queue, tried with every kind of work that is in it."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from django.contrib import admin
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from matching.jobs.owed_work import OWED
from matching.models import OwedWork, Subject
from opportunities.core import outbox
from opportunities.importing.jobs import IMPORTS
from opportunities.importing.readings import READINGS
from opportunities.messaging.admin import Queue
from opportunities.messaging.delivery import NOTICES
from opportunities.messaging.letters import LETTERS
from opportunities.webhooks.sending import WEBHOOKS
from tests.applications.together import at_once
from tests.factories import (
    DeliveryFactory,
    ImportJobFactory,
    LetterFactory,
    SourceReadingFactory,
    UserFactory,
    WebhookDeliveryFactory,
)

pytestmark = pytest.mark.django_db
AT = datetime(2027, 1, 4, 9, tzinfo=UTC)

numbers = count(1)
MAKERS: dict[Any, Any] = {
    NOTICES: lambda at: DeliveryFactory(due_at=at),
    LETTERS: lambda at: LetterFactory(at=at),
    WEBHOOKS: lambda at: WebhookDeliveryFactory(due_at=at),
    IMPORTS: lambda at: ImportJobFactory(at=at, due_at=at),
    READINGS: lambda at: SourceReadingFactory(at=at, due_at=at),
    OWED: lambda at: OwedWork.objects.create(
        kind=Subject.ROLE, subject_id=next(numbers), raised_at=at, due_at=at
    ),
}
KINDS = list(MAKERS)
OUTGOING = [NOTICES, LETTERS, WEBHOOKS]
every_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
settled_here = pytest.mark.parametrize(
    "kind", [kind for kind in KINDS if kind.done], ids=lambda kind: kind.name
)


def make(kind: Any, count: int = 1) -> list[Any]:
    return [MAKERS[kind](at=AT) for _ in range(count)]


def dead(kind: Any, row: Any) -> Any:
    return kind.all().get(pk=row.pk).dead_at


def give_up(kind: Any) -> Any:
    """Return a row that was tried too often."""
    make(kind)
    [row] = outbox.claim(kind, limit=9, at=AT)
    assert outbox.fail(kind, [row], "It does not go.", at=AT, is_final=True)
    return row


@every_kind
class TestClaiming:
    def test_takes_what_is_due_and_keeps_others_away_until_the_lease_lapses(self, kind):
        rows = make(kind, 3)

        assert not outbox.claim(kind, limit=9, at=AT - timedelta(seconds=1))
        claimed = outbox.claim(kind, limit=9, at=AT)

        assert {row.pk for row in claimed} == {row.pk for row in rows}
        assert {row.attempts for row in claimed} == {1}
        lapse = AT + kind.lease(1)
        assert not outbox.claim(kind, limit=9, at=lapse - timedelta(seconds=1))
        assert len(outbox.claim(kind, limit=9, at=lapse)) == 3

    def test_takes_no_more_than_it_was_asked_for_and_the_longest_due_first(self, kind):
        late, early = make(kind, 2)
        kind.all().filter(pk=early.pk).update(due_at=AT - timedelta(hours=1))

        assert outbox.claim(kind, limit=1, at=AT) == [early]
        assert outbox.claim(kind, limit=1, at=AT) == [late]

    def test_work_that_kills_its_worker_is_begun_so_often_and_given_up(self, kind):
        [row] = make(kind)
        at, begun = AT, 0

        while outbox.claim(kind, limit=1, at=at):
            begun += 1
            at += timedelta(days=2)

        assert begun == kind.most_attempts
        assert dead(kind, row) == at
        assert not outbox.claim(kind, limit=1, at=at + timedelta(days=99))

    def test_messages_are_handed_out_once_and_count_no_attempt(self, kind):
        rows = make(kind, 2)

        assert outbox.hand_out(kind, limit=9, at=AT) == [row.pk for row in rows]
        assert outbox.hand_out(kind, limit=9, at=AT) == []
        assert outbox.hand_out(kind, limit=9, at=AT + kind.lease(1)) == [row.pk for row in rows]
        assert set(kind.all().values_list("attempts", flat=True)) == {0}


@every_kind
class TestFailing:
    def test_is_followed_by_a_pause_and_at_last_given_up(self, kind):
        [row] = make(kind)
        at, tried = AT, 0

        while claimed := outbox.claim(kind, limit=1, at=at):
            tried += 1
            over = outbox.fail(kind, claimed, "The other side is away.", at=at)
            now = kind.all().get(pk=row.pk)
            if over:
                break
            assert now.last_error == "The other side is away."
            assert not outbox.claim(kind, limit=1, at=at)
            at = now.due_at
            assert at > AT

        assert tried == kind.most_attempts
        assert dead(kind, row) == at
        assert not kind.rows().exists()

    def test_for_good_is_not_tried_again(self, kind):
        row = give_up(kind)

        assert dead(kind, row) == AT
        assert not outbox.claim(kind, limit=1, at=AT + timedelta(days=99))

    def test_of_a_worker_whose_lease_has_lapsed_changes_nothing(self, kind):
        make(kind)
        [late] = outbox.claim(kind, limit=1, at=AT)
        [quick] = outbox.claim(kind, limit=1, at=AT + kind.lease(1))
        before = kind.all().values().get()

        assert not outbox.fail(kind, [late], "I am late.", at=AT, is_final=True)
        outbox.fail(kind, [late], "I am late.", at=AT)

        assert kind.all().values().get() == before
        assert outbox.fail(kind, [quick], "I am not.", at=AT, is_final=True)


@settled_here
class TestSettling:
    def test_ends_the_work(self, kind):
        beside = {"state": "finished", "content": None} if kind is IMPORTS else {}
        make(kind)
        claimed = outbox.claim(kind, limit=1, at=AT)

        assert outbox.settle(kind, claimed, at=AT, **beside) == 1

        row = kind.all().get()
        assert (getattr(row, kind.done), row.due_at) == (AT, None)
        assert not outbox.claim(kind, limit=1, at=AT + timedelta(days=99))

    def test_of_a_worker_whose_lease_has_lapsed_changes_nothing(self, kind):
        make(kind)
        late = outbox.claim(kind, limit=1, at=AT)
        outbox.claim(kind, limit=1, at=AT + kind.lease(1))

        assert outbox.settle(kind, late, at=AT) == 0
        assert getattr(kind.all().get(), kind.done) is None


@every_kind
class TestRevived:
    def test_what_was_given_up_has_all_its_attempts_again(self, kind):
        row = give_up(kind)
        later = AT + timedelta(days=1)

        assert outbox.revive(kind, [row.pk], at=later) == 1

        [again] = outbox.claim(kind, limit=1, at=later)
        assert (again.pk, again.attempts, again.last_error) == (row.pk, 1, "")

    def test_is_nothing_that_waits(self, kind):
        [row] = make(kind)
        outbox.claim(kind, limit=1, at=AT)

        assert outbox.revive(kind, [row.pk], at=AT) == 0
        assert not outbox.claim(kind, limit=1, at=AT)


@pytest.mark.django_db(transaction=True)
@every_kind
def test_four_workers_at_once_claim_each_row_once(kind):
    rows = make(kind, 12)
    claimed: list[int] = []

    def work() -> None:
        for _ in range(4):
            claimed.extend(row.pk for row in outbox.claim(kind, limit=2, at=AT))
        connection.close()

    at_once([work] * 4)

    # Who finds all rows locked goes away with nothing; the next sweep takes what is left.
    while left := outbox.claim(kind, limit=2, at=AT):
        claimed += [row.pk for row in left]
    assert sorted(claimed) == [row.pk for row in rows]


@pytest.mark.parametrize(
    "desk", [desk for desk in admin.site._registry.values() if isinstance(desk, Queue)],
    ids=lambda desk: desk.kind.name,
)  # fmt: skip
def test_staff_see_what_was_given_up_and_try_it_again(client, settings, desk):
    settings.DEMO = True  # the second factor has tests of its own
    client.force_login(UserFactory(admin=True))
    row = give_up(desk.kind)
    page = reverse(f"admin:{row._meta.app_label}_{desk.kind.model._meta.model_name}_changelist")

    shown = client.get(page, {"dead_at__isempty": "0"})
    client.post(page, {"action": "try_again", "_selected_action": [row.pk]})

    assert "1 " in shown.text
    assert len(shown.context["cl"].result_list) == 1
    assert [each.pk for each in desk.kind.rows()] == [row.pk]


def test_every_kind_has_a_desk():
    desks = {desk.kind.name for desk in admin.site._registry.values() if isinstance(desk, Queue)}

    assert desks == {kind.name for kind in KINDS}


@pytest.mark.parametrize("kind", OUTGOING, ids=lambda kind: kind.name)
@pytest.mark.parametrize(
    "state",
    [
        {"due_at": AT, "sent_at": AT},
        {"due_at": AT, "dead_at": AT},
        {"due_at": None, "sent_at": AT, "dead_at": AT},
        {"due_at": None},
        {"attempts": 21},
    ],
)
def test_the_database_knows_no_row_in_two_states_at_once(kind, state):
    make(kind)

    with pytest.raises(IntegrityError), transaction.atomic():
        kind.all().update(**state)
