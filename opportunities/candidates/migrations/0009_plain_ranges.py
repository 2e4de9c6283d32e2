"""Numbers of ranges are written with all their digits; the database keeps what it has."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("candidates", "0008_one_spelling_of_email"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterConstraint(
            model_name="candidateprofile",
            name="profile_rate_floor_minor_in_range",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("rate_floor_minor__gte", 0), ("rate_floor_minor__lte", 100000000)
                ),
                name="profile_rate_floor_minor_in_range",
                violation_error_message="rate_floor_minor lies between 0 and 100,000,000.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="candidateprofile",
            name="profile_rate_target_minor_in_range",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("rate_target_minor__gte", 1), ("rate_target_minor__lte", 100000000)
                ),
                name="profile_rate_target_minor_in_range",
                violation_error_message="rate_target_minor lies between 1 and 100,000,000.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="candidateprofile",
            name="profile_income_need_minor_in_range",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("income_need_minor__gte", 1), ("income_need_minor__lte", 2000000000)
                ),
                name="profile_income_need_minor_in_range",
                violation_error_message="income_need_minor lies between 1 and 2,000,000,000.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="resume",
            name="resume_size_in_range",
            constraint=models.CheckConstraint(
                condition=models.Q(("size__gte", 1), ("size__lte", 2097152)),
                name="resume_size_in_range",
                violation_error_message="size lies between 1 and 2,097,152.",
            ),
        ),
    ]
