"""The database knows how a range of a run begins, so that whoever plans it need not say so."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("matching", "0018_owed_work_in_the_queue")]

    operations = [
        migrations.AlterField(
            model_name="runroles",
            name="input_digest",
            field=models.CharField(
                blank=True, db_default="", help_text="Of what was frozen.", max_length=64
            ),
        ),
        migrations.AlterField(
            model_name="runpart",
            name="attempts",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
    ]
