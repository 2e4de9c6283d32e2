from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_one_spelling_of_email"),
    ]

    operations = [
        migrations.AddField(
            model_name="tokengrant",
            name="used_at",
            field=models.DateTimeField(
                editable=False,
                help_text="Of its last use, an hour too early at most.",
                null=True,
            ),
        ),
    ]
