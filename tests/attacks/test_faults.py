"""What happens when the ground gives way: locks, a full disk, a lost database, a step backwards."""

import errno
import os
import subprocess
import sys
import time
from contextlib import contextmanager
from urllib.parse import urlsplit

import psycopg
import pytest
import time_machine
from django.apps import apps
from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import InterfaceError, OperationalError, connection
from django.db.backends.postgresql.base import DatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.test import Client
from django.urls import reverse
from psycopg import sql
from psycopg_pool import PoolTimeout
from rest_framework.test import APIClient

from config import faults, overload
from opportunities import ROOMS
from opportunities.accounts.models import StoredSession, User
from opportunities.applications.models import Application
from opportunities.candidates import uploads
from opportunities.candidates.models import Resume
from opportunities.roles.models import Opportunity
from tests.candidates.hostile_files import PLAIN
from tests.factories import CandidateProfileFactory, OpportunityFactory

OURS = (*ROOMS, "matching")
ONE_WAY = {
    ("core", "0002_extensions_and_append_only"): "the tables of other rooms rest on its extensions",
}
"""Migrations that rows keep from being taken back, and why; a step back ends before them."""


@contextmanager
def locked(table):
    """Hold a table so that nobody else may even read it."""
    known = connection.get_connection_params()
    names = known.keys() & {"host", "port", "user", "password", "dbname"}
    with psycopg.connect(**{name: known[name] for name in names}) as other:
        other.execute(
            sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(sql.Identifier(table))
        )
        yield
        other.rollback()


@pytest.fixture
def _impatient(db):
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = 200")
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET lock_timeout")


def is_told_to_come_again(answer):
    return answer.status_code == 503 and int(answer.headers["Retry-After"]) > 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_impatient")
class TestATableThatSomebodyHolds:
    def test_pages_and_api_answer_503_and_keep_nothing(self):
        profile = CandidateProfileFactory()
        role = OpportunityFactory(open=True)
        pages, api = Client(), APIClient()
        pages.force_login(profile.user)
        api.force_authenticate(profile.user)
        apply = reverse("opportunities:apply", args=[role.slug, role.public_id])
        form = {"name": "Ada"} | {f"answer_{place}": "I can." for place in range(5)}

        with locked(Opportunity._meta.db_table):
            answers = [
                pages.get("/opportunities/"),
                pages.post(apply, form),
                api.get("/api/v1/opportunities"),
                api.get(f"/api/v1/opportunities/{role.public_id}"),
            ]

        assert [answer.status_code for answer in answers] == [503] * 4
        assert all(is_told_to_come_again(answer) for answer in answers)
        assert answers[2].headers["Content-Type"] == "application/problem+json"
        assert answers[2].json()["type"].endswith("/problems/busy")
        assert not Application.objects.exists()
        assert pages.get("/opportunities/").status_code == 200

    def test_a_session_that_cannot_be_read_answers_503_too(self):
        client = Client(raise_request_exception=False)
        client.force_login(CandidateProfileFactory().user)

        with locked(StoredSession._meta.db_table):
            answer = client.get("/saved/")

        assert is_told_to_come_again(answer)

    @pytest.mark.parametrize("table", [StoredSession._meta.db_table, User._meta.db_table])
    def test_liveness_does_not_wait_for_it(self, table):
        client = Client()
        client.force_login(CandidateProfileFactory().user)

        with locked(table):
            began = time.monotonic()
            answer = client.get("/healthz")
            took = time.monotonic() - began

        assert answer.status_code == 200
        assert took < 0.15


@pytest.mark.django_db
class TestADatabaseThatIsAway:
    def test_only_the_first_request_waits_for_a_connection(self, monkeypatch):
        waited = []

        def wait_in_vain(*_, **__):
            waited.append(time.monotonic())
            raise OperationalError("couldn't get a connection") from PoolTimeout()

        monkeypatch.setattr(DatabaseWrapper, "ensure_connection", wait_in_vain)
        client = Client(raise_request_exception=False)

        answers = [client.get(path) for path in ("/opportunities/", "/", "/api/v1/opportunities")]

        assert all(is_told_to_come_again(answer) for answer in answers)
        assert answers[2].headers["Content-Type"] == "application/problem+json"
        assert len(waited) == 1
        assert client.get("/healthz").status_code == 200

    def test_it_is_asked_again_a_moment_later(self):
        overload._note_away(PoolTimeout())
        assert Client().get("/opportunities/").status_code == 503

        with time_machine.travel(time.time() + overload.AWAY):
            assert Client().get("/opportunities/").status_code == 200

    def test_a_lock_is_not_taken_for_it(self):
        overload._note_away(OperationalError("canceling statement due to lock timeout"))

        assert Client().get("/opportunities/").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_a_probe_that_asks_by_address_is_answered(path):
    answer = Client().get(path, headers={"host": "10.1.2.3:8000"})

    assert answer.status_code in {200, 503}
    assert answer.json()["status"] in {"ok", "unavailable"}


class TestADiskThatIsFull:
    @pytest.mark.django_db
    @pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
    def test_a_resume_that_finds_no_room_is_answered_503_and_not_kept(self, monkeypatch, number):
        profile = CandidateProfileFactory()
        api = APIClient()
        api.force_authenticate(profile.user)
        monkeypatch.setattr(uploads, "inspect", lambda _: "ok")

        def full(*_, **__):
            raise OSError(number, os.strerror(number))

        monkeypatch.setattr(FileSystemStorage, "_save", full)
        file = SimpleUploadedFile("a.pdf", PLAIN)
        answer = api.post("/api/v1/profile/resumes", {"file": file}, format="multipart")

        assert is_told_to_come_again(answer)
        assert not Resume.objects.exists()

    @pytest.mark.parametrize(
        "name", ["DiskFull", "OutOfMemory", "TooManyConnections", "LockNotAvailable",
                 "QueryCanceled", "DeadlockDetected", "AdminShutdown", "SerializationFailure"]
    )  # fmt: skip
    def test_what_the_database_cannot_do_now_is_no_fault_of_ours(self, name):
        kind = getattr(psycopg.errors, name)

        assert issubclass(kind, psycopg.OperationalError)  # which Django turns into its own
        assert faults.is_transient(OperationalError())
        assert faults.is_transient(InterfaceError())

    @pytest.mark.parametrize(
        "error", [ValueError(), OSError(errno.EACCES, "no"), RuntimeError(), None]
    )
    def test_what_is_our_fault_stays_so(self, error):
        assert not faults.is_transient(error)

    @pytest.mark.django_db
    def test_a_fault_of_ours_is_still_answered_500(self, monkeypatch):
        def broken(*_, **__):
            raise RuntimeError

        monkeypatch.setattr("opportunities.roles.search.search", broken)
        client = Client(raise_request_exception=False)

        assert client.get("/opportunities/").status_code == 500
        assert client.get("/api/v1/opportunities").status_code == 500


# --- A step backwards ---


@pytest.mark.parametrize("app", [app for app in OURS if any(apps.get_app_config(app).get_models())])
def test_every_migration_can_be_taken_back_or_says_why_not(app):
    loader = MigrationLoader(None)
    ours = {key: each for key, each in loader.disk_migrations.items() if key[0] == app}
    one_way = {
        key
        for key, each in ours.items()
        if not all(operation.reversible for operation in each.operations)
    }

    assert ours
    assert one_way <= ONE_WAY.keys()
    assert ONE_WAY.keys() <= loader.disk_migrations.keys()


@pytest.fixture
def own_database(django_db_setup):
    """Make a database for a test alone; return its URL.

    Beside other workers it is a copy of the one that theirs were copied from, which nobody uses.
    """
    name = f"backwards_{os.getpid()}"
    url = os.environ["DATABASE_URL"]
    migrated = connection.settings_dict["NAME"].rpartition("_gw")[0] or "template1"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
        server.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(migrated)
            )
        )
    try:
        yield urlsplit(url)._replace(path=f"/{name}").geturl()
    finally:
        with psycopg.connect(url, autocommit=True) as server:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


BEGINNING = """
from django.core.management import call_command as run
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from opportunities.demo.seeding import seed

def tell_rows(*tables):
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT count(*) FROM {table}")
            print(cursor.fetchone()[0])
"""


def one_after_the_other(url, *steps):
    """Take steps in one process, and return the lines that they tell.

    To start Django for each would cost more than most of them.
    """
    code = "\n".join([BEGINNING, *steps])
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", code],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tests.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout.splitlines()


@pytest.mark.long
def test_a_filled_database_goes_back_step_by_step_and_forward_again(own_database):
    """Steps are taken back under rows to the first of an app, or the last one-way one."""
    loader = MigrationLoader(None)
    targets = []
    for app in reversed(OURS):
        names = sorted(name for label, name in loader.disk_migrations if label == app)
        if not names:
            continue
        last = max((name for name in names if (app, name) in ONE_WAY), default=names[0])
        if last != names[-1]:
            targets.append((app, last))
    assert len(targets) > 5
    # All but the last in one plan: the command itself computes the state of the project anew.
    app, last = targets.pop()
    kept = [model._meta.db_table for model in (User, Opportunity, Application)]

    _skills, *told = one_after_the_other(
        own_database,
        "run('migrate', verbosity=0)",
        "run('load_skills', verbosity=0)",
        "seed(at=timezone.now())",
        f"tell_rows(*{kept!r})",
        f"MigrationExecutor(connection).migrate({targets!r})",
        f"run('migrate', {app!r}, {last!r}, verbosity=0)",
        f"tell_rows(*{kept!r})",
        "run('migrate', verbosity=0)",
        f"tell_rows(*{kept!r})",
        "run('migrate', check_unapplied=True, verbosity=0)",
    )

    assert len(told) == 3 * len(kept)  # the last step has nothing to say
    before, back, again = (list(map(int, told[place : place + 3])) for place in (0, 3, 6))
    assert min(before) > 5
    assert back == before
    assert again == before
