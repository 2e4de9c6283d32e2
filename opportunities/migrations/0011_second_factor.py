"""Ask owners for a second factor where the site says so; know which tokens were made with one."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("opportunities", "0010_import_jobs")]

    operations = [
        migrations.AddField(
            model_name="site",
            name="owners_need_second_factor",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text=(
                    "Owners of employers sign in with a second factor, as staff and moderators do."
                ),
                verbose_name="owners need a second factor",
            ),
        ),
        migrations.AddField(
            model_name="tokengrant",
            name="with_second_factor",
            field=models.BooleanField(
                db_default=False,
                default=False,
                editable=False,
                help_text="Made in a session that had used a second factor.",
            ),
        ),
    ]
