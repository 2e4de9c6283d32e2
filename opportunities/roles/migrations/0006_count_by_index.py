"""The home page counts open roles without reading them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("roles", "0005_days_of_the_role")]

    operations = [
        migrations.AddIndex(
            model_name="opportunity",
            index=models.Index(
                condition=models.Q(("hidden_at__isnull", True), ("status", "open")),
                fields=["kind", "employer"],
                include=["format", "closes_at"],
                name="opportunity_counted",
            ),
        ),
    ]
