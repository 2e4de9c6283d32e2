from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("employers", "0001_initial"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="emailverification",
            options={
                "verbose_name": "email verification",
                "verbose_name_plural": "email verifications",
            },
        ),
        migrations.AlterField(
            model_name="employer",
            name="verified_by",
            field=models.CharField(
                blank=True,
                choices=[
                    ("domain", "Confirmed email at the employer's domain"),
                    ("moderator", "Checked by a moderator"),
                ],
                default="",
                editable=False,
                max_length=10,
            ),
        ),
    ]
