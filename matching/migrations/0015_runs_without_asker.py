"""Runs are asked for by the clock and by commands: the column goes from the code now."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("matching", "0014_plans_keep_their_range")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveField(model_name="run", name="requested_by")]
        ),
    ]
