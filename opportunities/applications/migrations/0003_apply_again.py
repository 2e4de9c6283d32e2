"""Withdrawn applications do not keep anybody from applying again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0002_events_are_append_only"),
        ("candidates", "0006_visibility_in_words"),
        ("roles", "0004_resolve_places"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="application",
            name="application_once",
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "withdrawn"), _negated=True),
                fields=("opportunity", "profile"),
                name="application_once",
            ),
        ),
    ]
