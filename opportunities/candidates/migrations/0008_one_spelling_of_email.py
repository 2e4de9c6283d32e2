from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("candidates", "0007_aspects_named_by_matching"),
    ]

    operations = [
        migrations.AlterField(
            model_name="savedsearch",
            name="rhythm",
            field=models.CharField(
                choices=[
                    ("off", "No email"),
                    ("daily", "At most once a day"),
                    ("weekly", "At most once a week"),
                ],
                default="daily",
                max_length=8,
            ),
        ),
    ]
