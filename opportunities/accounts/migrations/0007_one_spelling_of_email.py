from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_languages"),
    ]

    operations = [
        migrations.AlterField(
            model_name="user",
            name="email",
            field=models.EmailField(
                help_text="Kept in lower case.",
                max_length=254,
                unique=True,
                verbose_name="email address",
            ),
        ),
    ]
