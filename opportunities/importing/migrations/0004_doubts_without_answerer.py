"""Nobody reads who answered a question of a source: the column goes from the code now."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("importing", "0003_names_of_files")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveField(model_name="doubt", name="answered_by")]
        ),
    ]
