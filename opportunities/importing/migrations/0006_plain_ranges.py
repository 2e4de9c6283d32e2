"""Numbers of ranges are written with all their digits; the database keeps what it has."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("employers", "0003_no_attempts_of_links"),
        ("importing", "0005_readings_without_confirmer"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterConstraint(
            model_name="importjob",
            name="import_job_total_in_range",
            constraint=models.CheckConstraint(
                condition=models.Q(("total__gte", 1), ("total__lte", 2000)),
                name="import_job_total_in_range",
                violation_error_message="total lies between 1 and 2,000.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="sourcereading",
            name="source_reading_total_in_range",
            constraint=models.CheckConstraint(
                condition=models.Q(("total__gte", 0), ("total__lte", 10000)),
                name="source_reading_total_in_range",
                violation_error_message="total lies between 0 and 10,000.",
            ),
        ),
    ]
