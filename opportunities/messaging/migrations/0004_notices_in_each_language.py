"""A notice is told in each language of the site, and read in that of whoever opens the page."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("messaging", "0003_zone_moves_to_account"),
    ]

    operations = [
        migrations.AddField(
            model_name="notice",
            name="translations",
            field=models.JSONField(
                blank=True,
                db_default=models.Value({}, models.JSONField()),
                default=dict,
                editable=False,
                help_text="Subject and body in the other languages of the site, by their codes.",
            ),
        ),
    ]
