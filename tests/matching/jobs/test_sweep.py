"""Messages only nudge: the same end state with all of them and with none."""

import contextlib
import time
from datetime import timedelta

import pytest
from celery.contrib.testing.worker import start_worker
from django.utils import timezone

from config.celery import app
from matching import tasks
from matching.jobs import owed_work, refresh, sweep
from matching.jobs.owed_work import OWED
from matching.models import OwedWork, RoleList, Subject
from matching.store import live
from opportunities.candidates.models import CandidateProfile
from opportunities.core import nudge
from opportunities.desk import operations as moderating
from opportunities.roles.models import Opportunity
from tests.desk import deciding
from tests.factories import CandidateProfileFactory, OpportunityFactory, UserFactory
from tests.matching.markets import (
    build_market,
    fresh_lists,
    live_rankings,
    publish,
    random_edit,
    seen,
)


@pytest.fixture(autouse=True)
def _no_memory():
    live.forget()
    nudge.reset()


def storm(edits: int, *, seed: int, monkeypatch: pytest.MonkeyPatch, messages_arrive: bool):
    """Edit the same market in the same way; return when."""
    at = timezone.now().replace(microsecond=0)
    draw = build_market(seed, roles=70, candidates=80, at=at)
    publish()
    sent = []
    monkeypatch.setattr(
        nudge, "send", lambda task, **arguments: bool(sent.append((task, arguments)))
    )
    for _ in range(edits):
        random_edit(draw, at=at)
        if messages_arrive:
            while sent:
                task, arguments = sent.pop()
                task(**arguments)
    return at


@pytest.mark.django_db(transaction=True)
class TestMessages:
    def test_without_a_sweep_all_messages_suffice(self, monkeypatch):
        at = storm(12, seed=21, monkeypatch=monkeypatch, messages_arrive=True)

        assert not OwedWork.objects.outstanding().exists()
        assert seen(at=at) == fresh_lists(at=at)

    def test_without_any_message_the_sweep_suffices(self, monkeypatch):
        at = storm(12, seed=21, monkeypatch=monkeypatch, messages_arrive=False)
        assert live_rankings(at=at) != fresh_lists(at=at)[0]

        while claimed := sweep.claim(at=timezone.now()):
            for kind, subject_ids in claimed:
                refresh.refresh_owed(kind, subject_ids, clock=timezone.now)

        assert not OwedWork.objects.outstanding().exists()
        assert seen(at=at) == fresh_lists(at=at)

    def test_the_sweep_task_sends_what_is_owed(self, monkeypatch):
        at = timezone.now()
        owed_work.owe(Subject.ROLE, [3, 1], at=at)
        owed_work.owe(Subject.CANDIDATE, [2], at=at)
        OwedWork.objects.filter(subject_id=3).update(attempts=1)
        sent = []
        monkeypatch.setattr(nudge, "send", lambda _, **arguments: bool(sent.append(arguments)))

        tasks.sweep()
        tasks.sweep()

        assert sent == [
            {"kind": "role", "subject_ids": [1]},
            {"kind": "candidate", "subject_ids": [2]},
            {"kind": "role", "subject_ids": [3]},
        ]

    def test_a_message_that_nobody_answers_is_sent_again(self):
        at = timezone.now()
        owed_work.owe(Subject.ROLE, [1], at=at)

        assert len(sweep.claim(at=at)) == 1
        assert sweep.claim(at=at + timedelta(seconds=5)) == []
        assert len(sweep.claim(at=at + timedelta(seconds=11))) == 1


@pytest.mark.django_db
class TestPoison:
    def test_takes_no_others_with_it_and_is_parked(self, monkeypatch):
        began = timezone.now()
        build_market(23, roles=2, candidates=6, at=began)
        publish()
        people = list(CandidateProfile.objects.order_by("pk").values_list("pk", flat=True))
        poison = people[2]
        owed_work.owe(Subject.CANDIDATE, people, at=began)
        plain = refresh.refresh_subjects

        def fail_for_poison(kind, subject_ids, *, at):
            if poison in subject_ids:
                raise ValueError("bad facts")
            return plain(kind, subject_ids, at=at)

        monkeypatch.setattr(refresh, "refresh_subjects", fail_for_poison)
        others_done_after = parked_after = None
        for second in range(0, 200, 5):
            at = began + timedelta(seconds=second)
            for kind, subject_ids in sweep.claim(at=at):
                with contextlib.suppress(ValueError):
                    refresh.refresh_owed(kind, subject_ids, clock=lambda at=at: at)
            owed = set(OWED.rows().values_list("subject_id", flat=True))
            if others_done_after is None and owed <= {poison}:
                others_done_after = second
            if parked_after is None and OWED.buried_rows().exists():
                parked_after = second

        parked = OWED.buried_rows().get()
        assert (parked.subject_id, parked.attempts) == (poison, owed_work.OWED.most_attempts)
        assert others_done_after <= 10
        assert parked_after is not None


@pytest.mark.django_db
class TestReconcile:
    def test_finds_what_changed_without_being_announced(self):
        at = timezone.now()
        build_market(22, roles=6, candidates=6, at=at)
        publish()
        roles = list(Opportunity.objects.order_by("pk"))
        people = list(CandidateProfile.objects.order_by("pk"))
        assert sweep.reconcile(at=at) == 0

        Opportunity.objects.filter(pk=roles[0].pk).update(closes_at=at)
        Opportunity.objects.filter(pk=roles[1].pk).update(version=9)
        CandidateProfile.objects.filter(pk=people[0].pk).update(erased_at=at)
        new = CandidateProfileFactory()

        assert sweep.reconcile(at=at) == 4
        assert set(OwedWork.objects.outstanding().values_list("kind", "subject_id")) == {
            ("role", roles[0].pk),
            ("role", roles[1].pk),
            ("candidate", people[0].pk),
            ("candidate", new.pk),
        }


@pytest.mark.django_db(transaction=True)
class TestWorker:
    def test_an_approved_role_is_ranked_for_the_right_people_by_the_worker(self):
        at = timezone.now()
        remote = CandidateProfileFactory(modes=["remote"], pseudonym=True)
        onsite = CandidateProfileFactory(modes=["onsite"], regions=["Leeds"])
        publish()
        role = OpportunityFactory(in_review=True, mode="remote", start_latest=None)
        moderator = UserFactory(moderator=True)
        app.loader.import_task_module("celery.contrib.testing.tasks")

        with start_worker(app, pool="solo", perform_ping_check=False, queues=["interactive"]):
            moderating.claim(opportunity_id=role.pk, moderator=moderator, at=at)
            deciding.approve(opportunity_id=role.pk, moderator=moderator, at=at)
            wait_until_nothing_is_owed()

        shown = {profile: ids for profile, (ids, _) in live_rankings(at=timezone.now()).items()}
        assert shown == {remote.pk: [role.pk], onsite.pk: []}
        assert RoleList.objects.get(pk=role.pk).ids == [remote.pk]


def wait_until_nothing_is_owed(seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while OwedWork.objects.outstanding().exists():
        assert time.monotonic() < deadline, "the worker did not come to it"
        time.sleep(0.05)
