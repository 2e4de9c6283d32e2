"""Keep frozen bytes as they are: packing them smaller took longer than writing them."""

from django.db import migrations

COLUMNS = {
    "matching_runinput": ("vocabulary", "fixed", "skill_at"),
    "matching_runpart": (
        "shown",
        "fixed",
        "skill_at",
        "target_at",
        "interest_at",
        "done_at",
        "region_at",
        "right_at",
        "week_at",
        "role_lists",
    ),
}


def stored(how: str) -> list[str]:
    return [
        f"ALTER TABLE {table} "
        + ", ".join(f"ALTER COLUMN {column} SET STORAGE {how}" for column in columns)
        for table, columns in COLUMNS.items()
    ]


class Migration(migrations.Migration):
    dependencies = [("matching", "0004_lists_that_are_cut")]

    operations = [
        migrations.RunSQL(sql=stored("EXTERNAL"), reverse_sql=stored("EXTENDED")),
    ]
