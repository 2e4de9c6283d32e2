"""The last day to apply ends where the role is: its zone, and the instant that follows from both."""

from django.db import migrations

import opportunities.places.columns
from opportunities.core import clock
from opportunities.places.areas import zone_of_site

TURN = 500


def settle(apps, schema_editor):
    roles = apps.get_model("roles", "Opportunity").objects
    last = 0
    while True:
        turn = list(roles.filter(pk__gt=last).select_related("employer").order_by("pk")[:TURN])
        if not turn:
            return
        for role in turn:
            home = (role.employer.place, role.employer.country)
            role.time_zone = zone_of_site(role.place, role.region, role.country, of_employer=home)
            if role.apply_by:
                role.closes_at = clock.end_of(role.apply_by, clock.zone_of(role.time_zone))
        roles.bulk_update(turn, ["time_zone", "closes_at"])
        last = turn[-1].pk


class Migration(migrations.Migration):
    dependencies = [("roles", "0004_resolve_places")]

    operations = [
        migrations.AddField(
            model_name="opportunity",
            name="time_zone",
            field=opportunities.places.columns.StatedText(
                db_default="UTC",
                default="UTC",
                editable=False,
                help_text="Of the place: whose days its dates are. Name of the tz database.",
                max_length=64,
            ),
        ),
        migrations.AddField(
            model_name="opportunity",
            name="closes_at",
            field=opportunities.places.columns.StatedMoment(
                blank=True,
                editable=False,
                help_text="The first instant after the last day to apply, in the role's time zone.",
                null=True,
            ),
        ),
        migrations.RunPython(settle, migrations.RunPython.noop),
    ]
