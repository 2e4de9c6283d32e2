"""Numbers of ranges are written with all their digits; the database keeps what it has."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0002_extensions_and_append_only"),
    ]

    operations = [
        migrations.AlterConstraint(
            model_name="exchangerate",
            name="exchange_rate_rate_in_range",
            constraint=models.CheckConstraint(
                condition=models.Q(("rate__gte", 1e-08), ("rate__lte", 1000000)),
                name="exchange_rate_rate_in_range",
                violation_error_message="rate lies between 0.00000001 and 1,000,000.",
            ),
        ),
    ]
