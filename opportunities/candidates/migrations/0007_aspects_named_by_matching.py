"""Matching alone names the aspects: the database no longer lists those of the top three."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("candidates", "0006_visibility_in_words"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="candidateprofile",
            name="profile_top3_are_known",
        ),
    ]
