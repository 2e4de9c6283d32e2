"""Owed work waits in the one queue, under its names; the columns keep theirs for old code.

A message that was sent moves when the work is due, so that the code no longer notes the sending.
"""

from django.db import migrations, models

NOT_BEFORE = """
    ALTER TABLE matching_owedwork ALTER COLUMN next_at DROP NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [("matching", "0017_feedback_without_version")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(NOT_BEFORE, migrations.RunSQL.noop)],
            state_operations=[
                migrations.RemoveField(model_name="owedwork", name="sent_at"),
                migrations.RenameField("owedwork", "next_at", "due_at"),
                migrations.RenameField("owedwork", "parked_at", "dead_at"),
                migrations.AlterField(
                    model_name="owedwork",
                    name="due_at",
                    field=models.DateTimeField(
                        blank=True, db_column="next_at", editable=False, null=True
                    ),
                ),
                migrations.AlterField(
                    model_name="owedwork",
                    name="dead_at",
                    field=models.DateTimeField(
                        blank=True, db_column="parked_at", editable=False, null=True
                    ),
                ),
                migrations.AlterField(
                    model_name="owedwork",
                    name="attempts",
                    field=models.PositiveSmallIntegerField(default=0, editable=False),
                ),
                migrations.AlterField(
                    model_name="owedwork",
                    name="last_error",
                    field=models.CharField(blank=True, editable=False, max_length=300),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="owedwork",
            constraint=models.CheckConstraint(
                condition=models.Q(("attempts__gte", 0), ("attempts__lte", 20)),
                name="owedwork_attempts_in_range",
                violation_error_message="attempts lies between 0 and 20.",
            ),
        ),
    ]
