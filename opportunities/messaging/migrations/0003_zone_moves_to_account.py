"""The time zone belongs to the account: it says by whose clock pages are read, too.

The column stays for code of the version before and is no longer read.
"""

from django.db import migrations, models

COPY = """
    UPDATE accounts_user SET time_zone = preference.time_zone
    FROM messaging_noticepreference AS preference
    WHERE preference.user_id = accounts_user.id AND preference.time_zone <> 'UTC'
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_whose_clock"),
        ("messaging", "0002_quiet_hours"),
    ]

    operations = [
        migrations.RunSQL(COPY, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="noticepreference",
            name="time_zone",
            field=models.CharField(
                db_default="UTC",
                default="UTC",
                help_text="Name of the tz database, as Europe/Berlin.",
                max_length=64,
            ),
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveField(model_name="noticepreference", name="time_zone"),
            ]
        ),
    ]
