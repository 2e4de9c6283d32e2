"""Nobody asks in which version a match was first shown: the column goes from the code alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("matching", "0016_prices_of_any_time")]

    operations = [
        migrations.AlterField(
            model_name="feedback",
            name="version",
            field=models.BigIntegerField(
                db_default=0, help_text="Of the market when it was first shown."
            ),
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveField(model_name="feedback", name="version")]
        ),
    ]
