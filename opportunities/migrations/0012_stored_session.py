"""Keep with each session whose it is, and forget those of which nobody can say it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("opportunities", "0011_second_factor"), ("sessions", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="StoredSession",
            fields=[
                (
                    "session_key",
                    models.CharField(
                        max_length=40, primary_key=True, serialize=False, verbose_name="session key"
                    ),
                ),
                ("session_data", models.TextField(verbose_name="session data")),
                ("expire_date", models.DateTimeField(db_index=True, verbose_name="expire date")),
                ("whose", models.CharField(blank=True, db_index=True, max_length=80)),
            ],
            options={
                "verbose_name": "session",
                "verbose_name_plural": "sessions",
                "abstract": False,
            },
        ),
        migrations.RunSQL("DELETE FROM django_session", migrations.RunSQL.noop),
    ]
