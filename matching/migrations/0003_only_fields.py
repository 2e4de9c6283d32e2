"""Pack the fields that alone are open to a candidate.

Rows packed before have another layout: they are let go, and the next run packs everybody anew.
Until then lists are ranked from the tables.
"""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def let_go(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Empty the packed rows, and show no version that was made of them."""
    apps.get_model("matching", "Market").objects.update(run=None)
    for name in ("PackedCandidate", "PackedRole"):
        apps.get_model("matching", name).objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("matching", "0002_names_for_people")]

    operations = [
        migrations.AddField(
            model_name="packedcandidate",
            name="only_at",
            field=models.BinaryField(default=b""),
        ),
        migrations.AddField(
            model_name="runpart",
            name="only_at",
            field=models.BinaryField(null=True),
        ),
        migrations.RunSQL(
            "ALTER TABLE matching_runpart ALTER COLUMN only_at SET STORAGE EXTERNAL",
            migrations.RunSQL.noop,
        ),
        migrations.RunPython(let_go, let_go),
    ]
