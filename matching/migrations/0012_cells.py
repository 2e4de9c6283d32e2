"""A part of a run is ranked among some ranges of the roles after the others.

Its lists of roles move from the part into cells. The column that held them stays for code of the
version before, and is no longer read: a run that is being ranked or published ends here.
"""

import django.db.models.deletion
from django.db import migrations, models

END = """
    UPDATE matching_run SET state = 'failed', finished_at = now(),
        last_error = 'begun by the version before'
    WHERE state IN ('ranking', 'publishing')
"""
EMPTY = "UPDATE matching_runpart SET role_lists = NULL WHERE role_lists IS NOT NULL"


class Migration(migrations.Migration):
    dependencies = [("matching", "0011_roles_frozen_in_ranges")]

    operations = [
        migrations.CreateModel(
            name="RunCell",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("begin", models.PositiveIntegerField()),
                ("count", models.PositiveIntegerField()),
                ("role_lists", models.BinaryField(help_text="Keys of the lists, int64.")),
                (
                    "part",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="cells",
                        to="matching.runpart",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("part", "number"), name="run_cell_once")
                ],
            },
        ),
        # A range of the lists is read without unpacking all of them.
        migrations.RunSQL(
            "ALTER TABLE matching_runcell ALTER COLUMN role_lists SET STORAGE EXTERNAL",
            migrations.RunSQL.noop,
        ),
        migrations.AddField(
            model_name="runpart",
            name="ranked",
            field=models.PositiveIntegerField(
                db_default=0, default=0, help_text="Ranges of roles that are in ``best``."
            ),
        ),
        migrations.AddField(
            model_name="runpart",
            name="best",
            field=models.BinaryField(
                help_text="Keys of the candidates' lists over these ranges, int64.", null=True
            ),
        ),
        migrations.RunSQL([END, EMPTY], migrations.RunSQL.noop),
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveField(model_name="runpart", name="role_lists")]
        ),
    ]
