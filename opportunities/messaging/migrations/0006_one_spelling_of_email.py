from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("messaging", "0005_letters_are_pages"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="delivery",
            options={
                "verbose_name": "email of a notice",
                "verbose_name_plural": "emails of notices",
            },
        ),
    ]
