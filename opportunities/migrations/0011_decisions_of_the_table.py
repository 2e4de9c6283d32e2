"""The record takes its outcomes from the table of them; the database changes nothing."""

from django.db import migrations, models

import opportunities.outcomes


class Migration(migrations.Migration):
    dependencies = [("opportunities", "0010_import_jobs")]

    operations = [
        migrations.AlterField(
            model_name="decision",
            name="action",
            field=models.CharField(choices=opportunities.outcomes.choices, max_length=16),
        ),
    ]
