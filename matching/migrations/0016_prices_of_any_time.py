"""Nobody asks when a role was priced: the column goes from the code, and old code still writes it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("matching", "0015_runs_without_asker")]

    operations = [
        migrations.AlterField(
            model_name="price",
            name="by_run",
            field=models.BooleanField(
                db_default=False, help_text="Priced by the run, not when it opened later."
            ),
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveField(model_name="price", name="by_run")]
        ),
    ]
