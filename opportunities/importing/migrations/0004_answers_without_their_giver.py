"""Who answered a question of a source was never shown: the columns go from the code now.

They stay for code of the version before, and an account that they name may go.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

COLUMNS = (("sourcereading", "confirmed_by"), ("doubt", "answered_by"))


class Migration(migrations.Migration):
    dependencies = [
        ("importing", "0003_names_of_files"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        *(
            migrations.AlterField(
                model_name=model,
                name=column,
                field=models.ForeignKey(
                    db_constraint=False,
                    null=True,
                    on_delete=django.db.models.deletion.SET_NULL,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                ),
            )
            for model, column in COLUMNS
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveField(model_name=model, name=column) for model, column in COLUMNS
            ]
        ),
    ]
