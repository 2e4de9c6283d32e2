"""Numbers of ranges are written with all their digits; the database keeps what it has."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0005_slots_name_their_zone"),
        ("engagements", "0003_why_revoked"),
    ]

    operations = [
        migrations.AlterConstraint(
            model_name="completion",
            name="completion_hours_in_range",
            constraint=models.CheckConstraint(
                condition=models.Q(("hours__gte", 0.5), ("hours__lte", 4000)),
                name="completion_hours_in_range",
                violation_error_message="hours lies between 0.5 and 4,000.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="completion",
            name="completion_paid_minor_in_range",
            constraint=models.CheckConstraint(
                condition=models.Q(("paid_minor__gte", 0), ("paid_minor__lte", 10000000000)),
                name="completion_paid_minor_in_range",
                violation_error_message="paid_minor lies between 0 and 10,000,000,000.",
            ),
        ),
    ]
