"""The reasons of an introduction are kept in each language, and read in that of their reader."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("matching", "0012_cells")]

    operations = [
        migrations.AddField(
            model_name="introduction",
            name="translations",
            field=models.JSONField(
                blank=True,
                db_default=models.Value({}, models.JSONField()),
                default=dict,
                editable=False,
                help_text="These sentences in the other languages of the site, by their codes.",
            ),
        ),
    ]
