"""Numbers of ranges are written with all their digits; the database keeps what it has."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("candidates", "0009_plain_ranges"),
        ("matching", "0019_empty_ranges_by_default"),
        ("roles", "0007_newest_of_a_field"),
    ]

    operations = [
        migrations.AlterConstraint(
            model_name="feedback",
            name="feedback_best_place_in_range",
            constraint=models.CheckConstraint(
                condition=models.Q(("best_place__gte", 1), ("best_place__lte", 1000)),
                name="feedback_best_place_in_range",
                violation_error_message="best_place lies between 1 and 1,000.",
            ),
        ),
    ]
