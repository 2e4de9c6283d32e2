"""New tables serve the old code, which runs beside the new one while a release is rolled out."""

from typing import Final

import pytest
from django.db.migrations.loader import MigrationLoader

from tests import migrations

EXCUSED: Final[dict[tuple[str, str], dict[str, str]]] = {
    ("webhooks", "0002_secrets_are_encrypted"): {
        "ALTER_COLUMN": "Both columns of text grow, so that nothing is rewritten or refused.",
    },
}
"""Findings that stand, by migration and code, each with the reason why the old code bears it."""


# In a transaction an index could not be made beside others' writing.
@pytest.mark.django_db(transaction=True)
def test_what_came_after_the_last_release_serves_its_code():
    found = {
        (each.app_label, each.name): migrations.findings(each)
        for each in migrations.later(migrations.released())
    }

    left = {key: codes - EXCUSED.get(key, {}).keys() for key, codes in found.items()}
    assert {key: codes for key, codes in left.items() if codes} == {}


def test_nothing_is_excused_that_is_released():
    assert not EXCUSED.keys() & migrations.released()


def test_released_migrations_are_there():
    assert migrations.released() <= MigrationLoader(None).graph.nodes.keys()
    assert {line.split()[0] for line in migrations.RELEASED.read_text().splitlines()} == {
        each.app_label for each in migrations.later(set())
    }


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("key", "codes"),
    [
        # A row that the old code writes lacks the new column.
        (("messaging", "0002_quiet_hours"), {"NOT_NULL"}),
        # Nobody can write while the index is made.
        (("roles", "0006_count_by_index"), {"CREATE_INDEX"}),
        # A column leaves the code and stays in the table, with a default.
        (("messaging", "0003_zone_moves_to_account"), set()),
        (("matching", "0010_plans"), set()),
    ],
)
def test_the_linter_finds_what_old_code_does_not_bear(key, codes):
    assert migrations.findings(MigrationLoader(None).graph.nodes[key]) == codes
