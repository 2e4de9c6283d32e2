"""Files of roles over HTTP and on the page: taken in, worked off in turns, told row by row."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from knox.models import AuthToken
from rest_framework.test import APIClient

from config.celery import app
from opportunities.core import nudge, outbox
from opportunities.core.lifecycle import RoleStatus
from opportunities.employers.models import Employer
from opportunities.importing import jobs, tasks, writing
from opportunities.importing.api import NDJSON
from opportunities.importing.models import MAX_BYTES, MAX_FAULTS, MAX_ROWS, ImportJob, ImportState
from opportunities.importing.turns import AT_ONCE
from opportunities.privacy.retention import sweep
from opportunities.roles.models import Opportunity
from tests.factories import (
    ImportJobFactory,
    MembershipFactory,
    OpportunityFactory,
    TokenGrantFactory,
    UserFactory,
    employer_with_owner,
)

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/imports"
ROLE = {
    "id": "r1",
    "title": "Survey analyst",
    "format": "micro_internship",
    "hours_total": 20,
    "weeks": 2,
    "pay_kind": "fixed_fee",
    "pay_amount": 400,
}


def lines(*rows):
    return "".join(json.dumps(row) + "\n" if isinstance(row, dict) else row for row in rows)


def many(count, **values):
    return [{**ROLE, "id": f"r{n}", "title": f"Survey {n}", **values} for n in range(1, count + 1)]


@pytest.fixture
def team():
    return employer_with_owner()


@pytest.fixture
def sent(monkeypatch):
    """Keep the messages that would go to the broker."""
    sent = []
    monkeypatch.setattr(
        nudge, "send", lambda task, **arguments: bool(sent.append((task.name, arguments)))
    )
    return sent


@pytest.fixture(autouse=True)
def _no_broker(sent):
    return sent


def client_of(person):
    api = APIClient()
    api.force_authenticate(person)
    return api


def post(team, content, *, headers=None, **query):
    return client_of(team[1]).post(
        ADDRESS,
        content,
        content_type=NDJSON,
        query_params={"employer": team[0].public_id, **query},
        headers=headers,
    )


def worked(answer):
    """Work an accepted import off and return what its address says."""
    assert answer.status_code == 202, answer.content
    job = ImportJob.objects.get(public_id=answer.json()["id"])
    while jobs.work(job_id=job.pk, clock=timezone.now):
        pass
    return client_of(job.asked_by).get(answer["Location"]).json()


def counts(told):
    return tuple(told[name] for name in ("added", "changed", "unchanged", "left_out"))


class TestAsking:
    def test_is_answered_at_once_with_the_address_of_the_job(self, team, sent):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(transaction, "on_commit", lambda function: function())
            answer = post(team, lines(ROLE, ROLE | {"id": "r2"}), source="our-ats")

        told = answer.json()
        assert answer.status_code == 202
        assert answer["Location"] == f"{ADDRESS}/{told['id']}"
        assert (told["state"], told["total"], told["done"]) == ("waiting", 2, 0)
        assert (told["employer"], told["source"]) == (team[0].public_id, "our-ats")
        assert [name for name, _ in sent] == ["opportunities.importing.tasks.import_roles"]
        assert not Opportunity.objects.exists()

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("roles.json", json.dumps([ROLE])),
            ("roles.json", json.dumps({"opportunities": [ROLE]}, indent=2)),
            ("roles.NDJSON", lines(ROLE)),
            ("roles", lines(ROLE)),
            ("roles.csv", "Job ID,Job title,Duration\nr1,Survey analyst,2 weeks\n"),
        ],
    )
    def test_takes_a_form_with_a_file_of_any_shape_that_is_read(self, team, name, content):
        file = SimpleUploadedFile(name, content.encode())
        answer = client_of(team[1]).post(
            ADDRESS, {"employer": team[0].public_id, "file": file}, format="multipart"
        )

        assert counts(worked(answer)) == (1, 0, 0, 0)
        role = Opportunity.objects.get()
        assert (role.title, role.employer, role.posted_by) == ("Survey analyst", *team)
        assert (role.source, role.external_id) == (team[0].slug, "r1")

    def test_with_the_same_key_is_one_import(self, team):
        key = {"Idempotency-Key": "once"}
        first, second = [post(team, lines(ROLE), headers=key) for _ in range(2)]

        assert second.json() == first.json()
        assert second["Idempotency-Replayed"] == "true"
        assert ImportJob.objects.count() == 1

    @pytest.mark.parametrize(
        ("content", "status", "code"),
        [
            (b"", 422, "empty"),
            (b"\n \n", 422, "empty"),
            (b"{}\n" * (MAX_ROWS + 1), 422, "too_many_rows"),
            (b" " * (MAX_BYTES + 1), 413, None),
        ],
    )
    def test_of_nothing_or_too_much_is_refused(self, team, content, status, code):
        answers = [post(team, content)]
        file = SimpleUploadedFile("roles.ndjson", content)
        form = {"employer": team[0].public_id, "file": file}
        answers.append(client_of(team[1]).post(ADDRESS, form, format="multipart"))

        for answer in answers:
            assert answer.status_code == status
            assert [each["code"] for each in answer.json().get("errors", [])] == [code] * bool(code)
        assert not ImportJob.objects.exists()

    def test_of_a_long_list_of_numbers_is_read_in_a_moment(self, team):
        file = SimpleUploadedFile("roles.json", b"[" + b"1," * 900_000 + b"1]")
        begun = timezone.now()
        answer = client_of(team[1]).post(
            ADDRESS, {"employer": team[0].public_id, "file": file}, format="multipart"
        )

        assert answer.json()["errors"][0]["code"] == "too_many_rows"
        assert timezone.now() - begun < timedelta(seconds=5)

    def test_names_what_it_does_not_know(self, team):
        strange = post(team, lines(ROLE), colour="red")
        nobodys = client_of(team[1]).post(ADDRESS, lines(ROLE), content_type=NDJSON)
        long = post(team, lines(ROLE), source="s" * 61)
        unseen = post(team, lines(ROLE), source="a\u200bb")

        assert [each["pointer"] for each in strange.json()["errors"]] == ["#/colour"]
        assert [each["pointer"] for each in nobodys.json()["errors"]] == ["#/employer"]
        for answer in (long, unseen):
            assert [each["pointer"] for each in answer.json()["errors"]] == ["#/source"]
        assert client_of(team[1]).post(ADDRESS, {}, format="json").status_code == 415

    def test_waits_while_three_are_under_way(self, team):
        ImportJobFactory.create_batch(jobs.MAX_WAITING, employer=team[0])
        ImportJobFactory(employer=team[0], finished=True)

        assert post(team, lines(ROLE)).status_code == 429

    def test_is_for_members_in_good_standing_alone(self, team):
        stranger = employer_with_owner()[1]
        suspended = MembershipFactory(employer=team[0], user=UserFactory(suspended=True)).user
        blocked = MembershipFactory(employer__blocked=True)

        assert post((team[0], stranger), lines(ROLE)).status_code == 404
        assert post((team[0], suspended), lines(ROLE)).status_code == 403
        assert post((blocked.employer, blocked.user), lines(ROLE)).status_code == 403
        assert APIClient().post(ADDRESS, b"", content_type=NDJSON).status_code == 401

    def test_needs_the_scope_for_writing_roles(self, team):
        answers = {}
        for scope in ("opportunities:write", "opportunities:read", "profile:write"):
            token, secret = AuthToken.objects.create(user=team[1])
            TokenGrantFactory(token=token, scopes=[scope])
            answers[scope] = APIClient().post(
                f"{ADDRESS}?employer={team[0].public_id}",
                lines(ROLE),
                content_type=NDJSON,
                headers={"Authorization": f"Bearer {secret}"},
            )

        assert {scope: answer.status_code for scope, answer in answers.items()} == {
            "opportunities:write": 202, "opportunities:read": 403, "profile:write": 403,
        }  # fmt: skip


class TestWorking:
    def test_puts_the_roles_into_moderation_and_forgets_the_file(self, team):
        told = worked(post(team, lines(*many(AT_ONCE + 2))))

        assert counts(told) == (AT_ONCE + 2, 0, 0, 0)
        assert (told["state"], told["done"], told["faults"]) == ("finished", told["total"], [])
        assert {role.status for role in Opportunity.objects.all()} == {RoleStatus.IN_REVIEW}
        assert ImportJob.objects.get().content is None

    def test_a_damaged_file_names_its_bad_rows_and_keeps_the_good(self, team):
        rows = [
            ROLE, "{damaged\n", ROLE | {"id": "r2", "title": ""}, "\n", ROLE | {"id": "r3"},
            ROLE | {"id": "r4", "weeks": 10**9}, ROLE, '{"id": "r5", "title": "a\\u0000\\ud800"}\n',
        ]  # fmt: skip
        told = worked(post(team, lines(*rows)))

        assert counts(told) == (2, 0, 0, 5)
        assert [(each["row"], each["line"], each["field"]) for each in told["faults"]] == [
            (2, 2, "row"), (3, 3, "title"), (5, 6, "weeks"), (6, 7, "external_id"), (7, 8, "title"),
        ]  # fmt: skip
        assert "JSON" in told["faults"][0]["reason"]
        assert set(Opportunity.objects.values_list("external_id", flat=True)) == {"r1", "r3"}

    def test_a_second_import_changes_nothing(self, team):
        content = lines(*many(3), ROLE | {"id": "opp_" + "0" * 26})
        worked(post(team, content))
        before = list(Opportunity.objects.order_by("pk").values())

        told = worked(post(team, content))

        assert counts(told) == (0, 0, 4, 0)
        assert list(Opportunity.objects.order_by("pk").values()) == before

    def test_a_changed_row_returns_its_role_to_review(self, team):
        worked(post(team, lines(ROLE)))
        Opportunity.objects.update(status=RoleStatus.DRAFT)

        told = worked(post(team, lines(ROLE | {"title": "Another title"})))

        assert counts(told) == (0, 1, 0, 0)
        role = Opportunity.objects.get()
        assert (role.title, role.status) == ("Another title", RoleStatus.IN_REVIEW)

    def test_a_row_of_another_employer_is_left_out(self, team):
        other = employer_with_owner()[0]
        OpportunityFactory(source="our-ats", external_id="taken", employer=other)
        theirs = OpportunityFactory(employer=other, open=True)
        rows = [
            ROLE | {"employer": other.public_id}, ROLE | {"id": "r2", "org": other.name},
            ROLE | {"id": "r3", "org": "Nobody knows them"}, ROLE | {"id": "taken"},
            ROLE | {"id": theirs.public_id}, ROLE | {"id": "r6", "employer": team[0].slug},
            ROLE | {"id": "r7", "org": team[0].name.upper()},
        ]  # fmt: skip
        told = worked(post(team, lines(*rows), source="our-ats"))

        # A number that another employer uses is still free for this one.
        assert counts(told) == (3, 0, 0, 4)
        assert [(each["row"], each["field"]) for each in told["faults"]] == [
            (1, "employer"), (2, "org"), (3, "org"), (5, "external_id"),
        ]  # fmt: skip
        assert not Employer.objects.filter(name="Nobody knows them").exists()

    def test_tells_only_the_first_faults(self, team):
        told = worked(post(team, "{\n" * (MAX_FAULTS + 50)))

        assert told["left_out"] == MAX_FAULTS + 50
        assert len(told["faults"]) == MAX_FAULTS

    def test_a_worker_killed_midway_is_followed_by_one_that_goes_on(self, team, monkeypatch):
        rows = [*many(AT_ONCE * 2), ROLE]
        answer = post(team, lines(*rows))
        job = ImportJob.objects.get()
        store, stored = writing.Writer._store, []

        def die(writer, role):
            stored.append(role.external_id)
            if len(stored) > AT_ONCE + 7:
                raise DatabaseError("the connection is gone")
            return store(writer, role)

        with monkeypatch.context() as patch:
            patch.setattr(writing.Writer, "_store", die)
            with pytest.raises(DatabaseError):
                jobs.work(job_id=job.pk, clock=timezone.now)
        job.refresh_from_db()
        half = (job.state, job.done, job.added, Opportunity.objects.count())
        told = worked(answer)

        assert half == (ImportState.RUNNING, *[AT_ONCE] * 3)
        assert counts(told) == (len(rows) - 1, 0, 0, 1)
        assert told["faults"][0]["reason"] == "r1 stands on line 1 as well."
        assert Opportunity.objects.count() == len(rows) - 1

    @pytest.mark.django_db(transaction=True)
    def test_two_workers_at_once_share_one_import(self, team, monkeypatch):
        answer = post(team, lines(*many(AT_ONCE + 1)))
        job = ImportJob.objects.get()
        store, at_work, may_go_on = writing.Writer._store, Event(), Event()

        def wait(writer, role):
            at_work.set()
            assert may_go_on.wait(timeout=20)
            return store(writer, role)

        def first():
            try:
                jobs.work(job_id=job.pk, clock=timezone.now)
            finally:
                connection.close()

        monkeypatch.setattr(writing.Writer, "_store", wait)
        with ThreadPoolExecutor(1) as pool:
            working = pool.submit(first)
            assert at_work.wait(timeout=20)
            second = jobs.work(job_id=job.pk, clock=timezone.now)
            may_go_on.set()
            working.result()

        assert not second
        told = client_of(team[1]).get(answer["Location"]).json()
        assert (told["state"], *counts(told)) == ("finished", AT_ONCE + 1, 0, 0, 0)

    def test_a_turn_ends_and_the_next_message_goes_on(self, team, sent):
        answer = post(team, lines(*many(AT_ONCE + 1)))
        job = ImportJob.objects.get()
        now = timezone.now()
        moments = iter([now, now, now, now, now + jobs.TURN])

        assert jobs.work(job_id=job.pk, clock=lambda: next(moments, now + jobs.TURN))
        job.refresh_from_db()
        assert (job.done, job.state) == (AT_ONCE, ImportState.RUNNING)
        tasks.import_roles(job_id=job.pk)
        assert client_of(team[1]).get(answer["Location"]).json()["state"] == "finished"
        assert not sent

    def test_rows_that_stop_every_worker_end_the_import(self, team, monkeypatch):
        answer = post(team, lines(ROLE))
        job = ImportJob.objects.get()
        with monkeypatch.context() as patch:
            patch.setattr(writing.Writer, "_store", lambda *_: 1 / 0)
            for _ in range(jobs.MAX_ATTEMPTS):
                with pytest.raises(ZeroDivisionError):
                    jobs.work(job_id=job.pk, clock=timezone.now)

        told = worked(answer)

        assert (told["state"], told["done"]) == ("failed", 0)
        assert told["failure"] == "It stopped 5 times after row 0."
        job.refresh_from_db()
        assert (job.dead_at, job.due_at) == (job.finished_at, None)
        assert outbox.revive(jobs.IMPORTS, [job.pk], at=timezone.now()) == 1
        assert counts(worked(answer)) == (1, 0, 0, 0)
        assert ImportJob.objects.get().content is None

    def test_ends_when_whoever_asked_left_the_team_or_the_site(self, team):
        left = post(team, lines(ROLE)).json()["id"]
        gone = ImportJobFactory(asked_by=None)
        team[1].memberships.all().delete()
        for job in ImportJob.objects.all():
            assert not jobs.work(job_id=job.pk, clock=timezone.now)

        assert set(ImportJob.objects.values_list("public_id", "state")) == {
            (left, ImportState.FAILED), (gone.public_id, ImportState.FAILED),
        }  # fmt: skip
        assert not Opportunity.objects.exists()

    def test_is_done_once_however_often_it_is_sent(self, team):
        worked(post(team, lines(ROLE)))
        job = ImportJob.objects.get()

        assert not jobs.work(job_id=job.pk, clock=timezone.now)
        assert not jobs.work(job_id=0, clock=timezone.now)
        job.refresh_from_db()
        assert (job.done, job.attempts) == (1, 0)


class TestSweeping:
    def test_sends_what_was_lost_and_leaves_it_alone_for_a_while(self, sent):
        now = timezone.now()
        lost = ImportJobFactory(at=now - timedelta(minutes=1))
        ImportJobFactory(due_at=now + jobs.GRACE)
        ImportJobFactory(finished=True)

        for _ in range(2):
            tasks.sweep_imports()

        assert sent == [("opportunities.importing.tasks.import_roles", {"job_id": lost.pk})]
        assert jobs.claim_waiting(at=now + 2 * jobs.LEASE)

    def test_is_swept_by_beat_and_worked_on_the_queue_that_may_take_long(self):
        swept = [entry["task"] for entry in app.conf.beat_schedule.values()]

        assert "opportunities.importing.tasks.sweep_imports" in swept
        assert (
            app.amqp.router.route({}, "opportunities.importing.tasks.import_roles")["queue"].name
            == "bulk"
        )

    def test_old_imports_are_deleted(self):
        ImportJobFactory(finished=True, at=timezone.now() - timedelta(days=31))
        kept = ImportJobFactory(finished=True, at=timezone.now() - timedelta(days=29))

        sweep(at=timezone.now())

        assert list(ImportJob.objects.all()) == [kept]


class TestReading:
    def test_lists_ones_own_newest_first(self, team):
        now = timezone.now()
        old = ImportJobFactory(employer=team[0], at=now - timedelta(days=1))
        new = ImportJobFactory(employer=team[0], finished=True, at=now)
        ImportJobFactory()

        told = client_of(team[1]).get(ADDRESS, {"limit": 1}).json()
        rest = client_of(team[1]).get(told["page"]["next"]).json()

        assert [each["id"] for each in told["data"] + rest["data"]] == [
            new.public_id,
            old.public_id,
        ]
        assert "faults" not in told["data"][0]

    def test_the_import_of_another_employer_is_not_there(self, team):
        job = ImportJobFactory()

        assert client_of(team[1]).get(f"{ADDRESS}/{job.public_id}").status_code == 404

    def test_a_job_without_its_file_is_over(self):
        with pytest.raises(IntegrityError), transaction.atomic():
            ImportJobFactory(content=None)
        with pytest.raises(IntegrityError), transaction.atomic():
            ImportJobFactory(finished=True, content=b"{}")
        with pytest.raises(IntegrityError), transaction.atomic():
            ImportJobFactory(done=1)


class TestPages:
    def test_a_file_leads_to_a_page_that_shows_how_far_it_is(self, client, team):
        client.force_login(team[1])
        page = reverse("opportunities:imports")
        assert reverse("opportunities:imports") in client.get("/employer/").text
        assert 'type="file"' in client.get(page).text
        file = SimpleUploadedFile("roles.ndjson", lines(ROLE, "{\n").encode())

        answer = client.post(page, {"employer": team[0].slug, "file": file}, follow=True)
        waiting = answer.text
        there = answer.redirect_chain[-1][0]
        tasks.import_roles(job_id=ImportJob.objects.get().pk)
        part = client.get(there, headers={"HX-Request": "true"}).text
        done = client.get(there).text

        assert f'hx-get="{there}"' in waiting
        assert f'href="{there}"' in waiting
        assert '<progress max="2" value="0"' in waiting
        assert part.lstrip().startswith("<section")
        assert "hx-get" not in part
        assert '<progress max="2" value="2"' in done
        assert "is not JSON" in done
        assert "2 of 2" in client.get(page).text

    def test_a_file_that_cannot_be_taken_in_is_refused_in_words(self, client, team):
        client.force_login(team[1])
        page = reverse("opportunities:imports")

        empty = client.post(page, {"employer": team[0].slug})
        file = SimpleUploadedFile("roles.csv", b"x" * (MAX_BYTES + 1))
        large = client.post(page, {"employer": team[0].slug, "file": file})
        strange = client.post(page, {"employer": "nobody"})

        assert (empty.status_code, strange.status_code) == (422, 404)
        assert "The file has no rows." in empty.text
        assert "at most 2 MB" in large.text
        assert not ImportJob.objects.exists()

    def test_the_page_of_another_employers_import_is_not_there(self, client, team):
        client.force_login(team[1])
        job = ImportJobFactory()

        assert (
            client.get(reverse("opportunities:import-job", args=[job.public_id])).status_code == 404
        )
