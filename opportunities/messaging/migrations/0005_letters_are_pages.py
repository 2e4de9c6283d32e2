from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("messaging", "0004_notices_in_each_language"),
    ]

    operations = [
        migrations.AddField(
            model_name="letter",
            name="button",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="Where its link leads.",
                max_length=60,
            ),
        ),
        migrations.AddField(
            model_name="letter",
            name="language",
            field=models.CharField(blank=True, db_default="", default="", max_length=16),
        ),
    ]
