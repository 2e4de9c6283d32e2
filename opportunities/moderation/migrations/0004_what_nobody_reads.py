"""When a check found something, and who answered a report beside the record of decisions.

Nobody reads either; the columns stay for code of the version before.
"""

from django.db import migrations, models
from django.db.models.functions import Now


class Migration(migrations.Migration):
    dependencies = [("moderation", "0003_decisions_in_their_minute")]

    operations = [
        migrations.AlterField(
            model_name="finding",
            name="found_at",
            field=models.DateTimeField(editable=False, db_default=Now()),
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveField(model_name="finding", name="found_at"),
                migrations.RemoveField(model_name="report", name="answered_by"),
            ]
        ),
    ]
