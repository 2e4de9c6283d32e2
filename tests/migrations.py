"""Which migrations are released, and what is wrong with later ones for old code on new tables.

Run: ``.venv/bin/python -m tests.migrations`` when a release is made; it writes down the last
migration of each app. What came later is linted by ``tests.test_migrations``.
"""

import os
from pathlib import Path
from typing import Final

import django
from django.apps import apps
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader
from django_migration_linter import MigrationLinter
from django_migration_linter.sql_analyser import analyse_sql_statements

ROOT: Final = Path(__file__).resolve().parent
RELEASED: Final = ROOT / "released_migrations.txt"
"""One line an app: its label, and the last of its migrations that a release had."""

type Key = tuple[str, str]


def ours() -> set[str]:
    """Return the labels of the apps whose migrations stand in this repository."""
    folders = {app.label: Path(app.path) for app in apps.get_app_configs()}
    return {
        label for label, folder in folders.items()
        if folder.is_relative_to(ROOT.parent) and ".venv" not in folder.parts
    }  # fmt: skip


def released() -> set[Key]:
    """Return the migrations that a release had: the last ones, and all before them."""
    graph = MigrationLoader(None).graph
    last = [tuple(line.split()) for line in RELEASED.read_text().splitlines()]
    return {before for key in last for before in graph.forwards_plan(key)}


def later(than: set[Key]) -> list[Migration]:
    """Return our migrations that are not among those given, in the order of their names."""
    graph, labels = MigrationLoader(None).graph, ours()
    return [graph.nodes[key] for key in sorted(graph.nodes) if key[0] in labels and key not in than]


def findings(migration: Migration) -> set[str]:
    """Return the codes of what would break, or hold up, the release before."""
    linter = MigrationLinter(no_cache=True, no_output=True)
    statements = linter.get_sql(migration.app_label, migration.name)
    errors, _, warnings = analyse_sql_statements(linter.sql_analyser_class, statements)
    of_data, _, said = linter.analyse_data_migration(migration)
    return {issue.code for issue in (*errors, *warnings, *of_data, *said)}


def main() -> None:
    """Write down the last migration of each app of ours."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    labels = ours()
    leaves = sorted(key for key in MigrationLoader(None).graph.leaf_nodes() if key[0] in labels)
    RELEASED.write_text("".join(f"{label} {name}\n" for label, name in leaves))


if __name__ == "__main__":
    main()
