"""The drill: a whole backup is called whole, a damaged one is not, and nothing is left behind."""

import os
import secrets
import subprocess
import sys
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection

from config.embedded import postgres_binaries
from tests.factories import CandidateProfileFactory, OpportunityFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]


def dump(path, *more):
    into = connection.settings_dict
    subprocess.run(
        [postgres_binaries() / "pg_dump", "--format=custom", "--file", path, *more, into["NAME"]],
        env=os.environ | {"PGHOST": into["HOST"], "PGUSER": into["USER"]},
        check=True,
    )
    return path


def verify(path, *, beside=None):
    """Run the command beside a database, else that of this test; return its end and its words."""
    here = urlsplit(os.environ["DATABASE_URL"])._replace(
        path=f"/{beside or connection.settings_dict['NAME']}"
    )
    done = subprocess.run(
        [sys.executable, "manage.py", "verify_backup", path],
        env=os.environ
        | {"DATABASE_URL": here.geturl(), "DJANGO_SETTINGS_MODULE": "config.settings"},
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def databases():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_database WHERE datname LIKE 'verify_backup_%'")
        return cursor.fetchone()[0]


def test_a_backup_is_called_whole_only_if_it_is(tmp_path):
    OpportunityFactory(open=True)
    CandidateProfileFactory()
    whole = dump(tmp_path / "whole.dump")

    code, said = verify(whole)

    assert code == 0, said
    assert "The backup is whole." in said
    assert "0 of this release to run" in said
    assert "accounts.User" in said

    cut = tmp_path / "cut.dump"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size * 2 // 3])
    code, said = verify(cut)

    assert code == 1
    assert "This backup is damaged" in said

    code, said = verify(dump(tmp_path / "without.dump", "--exclude-table=roles_deliverable"))

    assert code == 1
    assert "roles.Deliverable cannot be read" in said
    assert databases() == 0


def test_a_backup_of_an_empty_database_is_not_taken_for_one(tmp_path):
    code, said = verify(dump(tmp_path / "empty.dump"))

    assert code == 1
    assert "It holds no account." in said


def test_what_is_no_dump_is_refused(tmp_path):
    (tmp_path / "page.html").write_text("<p>not found")

    code, said = verify(tmp_path / "page.html")

    assert code == 1
    assert "This backup is damaged" in said


def test_a_database_without_tables_is_nothing_to_compare_a_backup_with(tmp_path):
    name = f"verify_backup_{secrets.token_hex(6)}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    try:
        code, said = verify(dump(tmp_path / "whole.dump"), beside=name)
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name}")

    assert code == 1
    assert "Run manage.py migrate first" in said
