"""The choices of who sees a profile, in other words."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("candidates", "0005_resolve_regions"),
    ]

    operations = [
        migrations.AlterField(
            model_name="candidateprofile",
            name="visibility",
            field=models.CharField(
                choices=[
                    ("hidden", "Nobody: employers see me only when I apply"),
                    ("pseudonym", "Employers whose roles fit me, under a pseudonym"),
                    (
                        "open",
                        "Employers whose roles fit me, under a pseudonym and with my headline",
                    ),
                ],
                default="hidden",
                max_length=10,
            ),
        ),
    ]
