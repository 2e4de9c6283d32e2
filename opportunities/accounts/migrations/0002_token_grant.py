"""What a token may do: in a migration of its own, since knox's tables need the accounts first."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        migrations.swappable_dependency(settings.KNOX_TOKEN_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="TokenGrant",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=24), size=9
                    ),
                ),
                ("made_at", models.DateTimeField(editable=False)),
                (
                    "with_second_factor",
                    models.BooleanField(
                        db_default=False,
                        default=False,
                        editable=False,
                        help_text="Made in a session that had used a second factor.",
                    ),
                ),
                (
                    "token",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="grant",
                        to=settings.KNOX_TOKEN_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "grant of a token",
                "verbose_name_plural": "grants of tokens",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "scopes__contained_by",
                                [
                                    "opportunities:read",
                                    "opportunities:write",
                                    "applications:read",
                                    "applications:write",
                                    "profile:read",
                                    "profile:write",
                                    "matches:read",
                                    "webhooks:manage",
                                    "moderation:write",
                                ],
                            )
                        ),
                        name="token_grant_scopes_are_known",
                        violation_error_message="scopes may hold: opportunities:read, opportunities:write, applications:read, applications:write, profile:read, profile:write, matches:read, webhooks:manage, moderation:write.",
                    )
                ],
            },
        ),
    ]
