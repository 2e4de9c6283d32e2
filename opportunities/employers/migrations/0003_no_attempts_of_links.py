"""Links that verify an address count no attempts.

The column stays for code of the version before and is no longer read.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("employers", "0002_one_spelling_of_email"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="emailverification", name="email_verification_attempts_in_range"
        ),
        migrations.AlterField(
            model_name="emailverification",
            name="attempts",
            field=models.PositiveSmallIntegerField(default=0, db_default=0, editable=False),
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveField(model_name="emailverification", name="attempts"),
            ]
        ),
    ]
