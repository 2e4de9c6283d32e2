"""A run freezes its roles range by range, and stores their lists range by range.

The columns of what a run froze in one piece stay for code of the version before, and are no longer
read: the roles of runs that are kept move into one range each.
"""

import django.db.models.deletion
from django.db import migrations, models

MOVE = """
    INSERT INTO matching_runroles
        (run_id, number, count, first_id, last_id, input_digest, fixed, place_at, skill_at)
    SELECT run.id, 0, run.role_count, 0, 9223372036854775807, '', input.fixed, input.place_at,
        input.skill_at
    FROM matching_runinput AS input JOIN matching_run AS run ON run.id = input.run_id
"""


class Migration(migrations.Migration):
    dependencies = [("matching", "0010_plans")]

    operations = [
        migrations.CreateModel(
            name="RunRoles",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("count", models.PositiveIntegerField()),
                ("first_id", models.BigIntegerField()),
                ("last_id", models.BigIntegerField()),
                (
                    "input_digest",
                    models.CharField(blank=True, help_text="Of what was frozen.", max_length=64),
                ),
                ("fixed", models.BinaryField(null=True)),
                ("place_at", models.BinaryField(null=True)),
                ("skill_at", models.BinaryField(null=True)),
                (
                    "listed_at",
                    models.DateTimeField(
                        help_text="When the lists of its roles were stored.", null=True
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="role_ranges",
                        to="matching.run",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("run", "number"), name="run_roles_once")
                ],
            },
        ),
        migrations.AddField(
            model_name="run",
            name="shown_at",
            field=models.DateTimeField(
                help_text="When rankings began to follow it; lists of roles do one by one.",
                null=True,
            ),
        ),
        migrations.RunSQL(MOVE, "DELETE FROM matching_runroles"),
        migrations.AlterField(
            model_name="runinput",
            name="fixed",
            field=models.BinaryField(db_default=b"", default=b""),
        ),
        migrations.AlterField(
            model_name="runinput",
            name="skill_at",
            field=models.BinaryField(db_default=b"", default=b""),
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveField(model_name="runinput", name="fixed"),
                migrations.RemoveField(model_name="runinput", name="place_at"),
                migrations.RemoveField(model_name="runinput", name="skill_at"),
            ]
        ),
    ]
