"""Forms that were carried out, so that the same one makes nothing a second time."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0002_extensions_and_append_only")]

    operations = [
        migrations.CreateModel(
            name="SentForm",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=64, unique=True)),
                ("at", models.DateTimeField(db_index=True)),
            ],
        ),
    ]
