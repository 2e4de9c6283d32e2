"""Restore a dump into a database of its own, look whether it is whole, and drop that again."""

import os
import secrets
import shutil
import subprocess
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection, connections
from django.db.backends.utils import CursorWrapper
from django.db.migrations.loader import MigrationLoader

from config.embedded import ServiceFailed, postgres_binaries

SCRATCH: Final = "scratch"
MUST_HOLD: Final = "accounts.User"
"""A dump without any of these was made of the wrong database, or of an empty one."""

SHAPE: Final = {
    "constraints": "SELECT conrelid::regclass || ' ' || conname FROM pg_constraint"
    " WHERE connamespace = 'public'::regnamespace",
    "indexes": "SELECT indexname FROM pg_indexes WHERE schemaname = 'public'",
    "triggers": "SELECT tgrelid::regclass || ' ' || tgname FROM pg_trigger WHERE NOT tgisinternal",
}
BEHIND: Final = """
    SELECT s.relname, t.relname, a.attname
    FROM pg_depend d
    JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S'
    JOIN pg_class t ON t.oid = d.refobjid
    JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
    WHERE d.deptype IN ('a', 'i') AND t.relnamespace = 'public'::regnamespace
"""


class Command(BaseCommand):
    """For the drill: a backup that nobody has restored is a hope."""

    help = (
        "Restore DUMP (pg_dump --format=custom) into a scratch database and check that it is whole."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file."""
        parser.add_argument("dump", type=Path, metavar="DUMP")

    def handle(self, *, dump: Path, **_: Any) -> None:
        """Say what was verified; end with 1 where anything is missing or damaged."""
        if not dump.is_file():
            raise CommandError(f"There is no file {dump}.")
        refuse_without_tables()
        with scratch_database() as name:
            restore(dump, name)
            self.stdout.write(f"Restored {dump} ({dump.stat().st_size:,} bytes).")
            faults = [*self._migrations(), *self._rows(), *self._shape(), *self._sequences()]
        if faults:
            raise CommandError("This backup is damaged:\n" + "\n".join(faults))
        self.stdout.write(self.style.SUCCESS("The backup is whole."))

    def _migrations(self) -> Iterator[str]:
        """Compare the migrations that the dump had with those of this release."""
        loader = MigrationLoader(connections[SCRATCH])
        had, known = set(loader.applied_migrations or {}), set(loader.disk_migrations or {})
        ours = {(app, name) for app, name in had if app in loader.migrated_apps}
        self.is_same_release = not known - had
        self.stdout.write(
            f"Migrations: {len(ours)} applied, {len(known - had)} of this release to run."
        )
        if unknown := sorted(ours - known):
            yield f"It was made by a newer release: {len(unknown)} migrations are unknown here."

    def _rows(self) -> Iterator[str]:
        """Read every table as the product does, all columns of a row, and count."""
        counts = {}
        for model in apps.get_models():
            if not model._meta.managed or model._meta.proxy:
                continue
            rows = model._meta.base_manager.using(SCRATCH)
            try:
                rows.order_by("pk").last()
                counts[model._meta.label] = rows.count()
            except DatabaseError as error:
                if self.is_same_release:
                    yield f"{model._meta.label} cannot be read: {str(error).splitlines()[0]}"
        largest = sorted(counts.items(), key=lambda each: -each[1])[:8]
        said = ", ".join(f"{label} {count:,}" for label, count in largest if count)
        self.stdout.write(f"Tables: {len(counts)} read, {sum(counts.values()):,} rows ({said}).")
        if not counts.get(MUST_HOLD):
            yield "It holds no account."

    def _shape(self) -> Iterator[str]:
        """Compare constraints, indexes and triggers with those of the present database."""
        for kind, query in SHAPE.items():
            with connections[SCRATCH].cursor() as there, connection.cursor() as here:
                found, wanted = names(there, query), names(here, query)
            self.stdout.write(f"{kind.capitalize()}: {len(found)}.")
            if self.is_same_release and (missing := sorted(wanted - found)):
                yield f"{len(missing)} {kind} are missing: {', '.join(missing[:5])}"

    def _sequences(self) -> Iterator[str]:
        """Find numbers that would be given a second time."""
        with connections[SCRATCH].cursor() as cursor:
            cursor.execute(BEHIND)
            owned = cursor.fetchall()
            for sequence, table, column in owned:
                quoted = [connection.ops.quote_name(name) for name in (sequence, table, column)]
                cursor.execute(
                    f"SELECT last_value < (SELECT coalesce(max({quoted[2]}), 0) FROM {quoted[1]})"  # noqa: S608
                    f" FROM {quoted[0]}"
                )
                if cursor.fetchone()[0]:
                    yield f"The sequence {sequence} would give numbers of {table} again."
        self.stdout.write(f"Sequences: {len(owned)}.")


def refuse_without_tables() -> None:
    """Refuse a database that has not all tables of this release: its shape is compared with."""
    loader = MigrationLoader(connection)
    if set(loader.disk_migrations or {}) - set(loader.applied_migrations or {}):
        raise CommandError(
            "Run manage.py migrate first: the backup is compared with the tables of this database."
        )


def names(cursor: CursorWrapper, query: str) -> set[str]:
    """Return the names that a query of the catalogue finds."""
    cursor.execute(query)
    return {row[0] for row in cursor.fetchall()}


@contextmanager
def scratch_database() -> Iterator[str]:
    """Make a database beside the product's own, under an alias, and drop it in the end."""
    name = f"verify_backup_{secrets.token_hex(6)}"
    quoted = connection.ops.quote_name(name)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {quoted} TEMPLATE template0")
    connections.databases[SCRATCH] = {**connection.settings_dict, "NAME": name}
    try:
        yield name
    finally:
        connections[SCRATCH].close()
        del connections[SCRATCH]
        del connections.databases[SCRATCH]
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {quoted} WITH (FORCE)")


def restore(dump: Path, name: str) -> None:
    """Restore a dump; the constraints of every row are checked when they are made."""
    into = connection.settings_dict
    where = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
    told = {key: str(into[setting]) for key, setting in where.items() if into[setting]}
    command = [pg_restore(), "--exit-on-error", "--no-owner", "--no-privileges"]
    done = subprocess.run(
        [*command, "--dbname", name, str(dump)],
        env={**os.environ, **told},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise CommandError(f"This backup is damaged: pg_restore says\n{done.stderr.strip()[:2000]}")


def pg_restore() -> str:
    """Return PostgreSQL's own program: the installed one, or the one beside our servers."""
    try:
        beside = postgres_binaries() / "pg_restore"
    except ServiceFailed:
        beside = Path("pg_restore")
    found = str(beside) if beside.is_file() else shutil.which("pg_restore")
    if found is None:
        raise CommandError(
            "There is no pg_restore here: install PostgreSQL's client, or set PG_BIN."
        )
    return found
