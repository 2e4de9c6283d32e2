"""Nobody reads who settled what a reading held: the column goes from the code now."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("importing", "0004_doubts_without_answerer")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveField(model_name="sourcereading", name="confirmed_by")
            ]
        ),
    ]
