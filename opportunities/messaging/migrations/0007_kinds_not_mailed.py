"""Each kind of news has a switch of its own."""

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("messaging", "0006_one_spelling_of_email"),
    ]

    operations = [
        migrations.AddField(
            model_name="noticepreference",
            name="stopped",
            field=ArrayField(
                base_field=models.CharField(max_length=40),
                blank=True,
                db_default=[],
                default=list,
                help_text="Kinds of notices that are not mailed.",
                size=20,
            ),
        ),
    ]
