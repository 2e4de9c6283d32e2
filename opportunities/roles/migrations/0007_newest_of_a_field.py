"""A role's page finds the newest roles of its field without reading through those of others."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("roles", "0006_count_by_index")]

    operations = [
        AddIndexConcurrently(
            model_name="opportunity",
            index=models.Index(
                condition=models.Q(("status", "open")),
                fields=["field", "kind", "-opened_at", "-id"],
                name="opportunity_newest_of_field",
            ),
        ),
    ]
