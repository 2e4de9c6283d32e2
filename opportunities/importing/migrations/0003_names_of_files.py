from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("importing", "0002_sources")]

    operations = [
        migrations.AddField(
            model_name="importjob",
            name="file_name",
            field=models.CharField(blank=True, db_default="", default="", max_length=100),
        ),
    ]
