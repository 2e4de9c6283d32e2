"""Numbers of ranges are written with all their digits; the database keeps what it has."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("employers", "0003_no_attempts_of_links"),
        ("roles", "0007_newest_of_a_field"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterConstraint(
            model_name="externalclicks",
            name="external_clicks_count_in_range",
            constraint=models.CheckConstraint(
                condition=models.Q(("count__gte", 0), ("count__lte", 2000000000)),
                name="external_clicks_count_in_range",
                violation_error_message="count lies between 0 and 2,000,000,000.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="opportunity",
            name="opportunity_hours_total_in_range",
            constraint=models.CheckConstraint(
                condition=models.Q(("hours_total__gte", 0.5), ("hours_total__lte", 4000)),
                name="opportunity_hours_total_in_range",
                violation_error_message="hours_total lies between 0.5 and 4,000.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="opportunity",
            name="opportunity_pay_amount_minor_in_range",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("pay_amount_minor__gte", 0), ("pay_amount_minor__lte", 10000000000)
                ),
                name="opportunity_pay_amount_minor_in_range",
                violation_error_message="pay_amount_minor lies between 0 and 10,000,000,000.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="opportunity",
            name="opportunity_pay_max_minor_in_range",
            constraint=models.CheckConstraint(
                condition=models.Q(("pay_max_minor__gte", 0), ("pay_max_minor__lte", 10000000000)),
                name="opportunity_pay_max_minor_in_range",
                violation_error_message="pay_max_minor lies between 0 and 10,000,000,000.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="opportunity",
            name="opportunity_hourly_minor_in_range",
            constraint=models.CheckConstraint(
                condition=models.Q(("hourly_minor__gte", 0), ("hourly_minor__lte", 10000000000)),
                name="opportunity_hourly_minor_in_range",
                violation_error_message="hourly_minor lies between 0 and 10,000,000,000.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="opportunity",
            name="opportunity_mentor_minutes_per_week_in_range",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("mentor_minutes_per_week__gte", 0), ("mentor_minutes_per_week__lte", 2400)
                ),
                name="opportunity_mentor_minutes_per_week_in_range",
                violation_error_message="mentor_minutes_per_week lies between 0 and 2,400.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="opportunity",
            name="opportunity_capacity_in_range",
            constraint=models.CheckConstraint(
                condition=models.Q(("capacity__gte", 1), ("capacity__lte", 1000)),
                name="opportunity_capacity_in_range",
                violation_error_message="capacity lies between 1 and 1,000.",
            ),
        ),
    ]
