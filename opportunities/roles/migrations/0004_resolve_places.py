"""Resolve the places that roles state as text.

A region that only repeats the place gives way to the name of the first division; a region that says
more stays. The reverse leaves the texts as they are: nothing that people wrote is lost.
"""

from django.db import migrations

from opportunities.places import areas, gazetteer
from opportunities.places.folding import fold

TURN = 500


def resolve(apps, schema_editor):
    roles = apps.get_model("roles", "Opportunity").objects
    last = 0
    while True:
        turn = list(roles.filter(pk__gt=last).select_related("employer").order_by("pk")[:TURN])
        if not turn:
            return
        for role in turn:
            home = (role.employer.place, role.employer.country)
            cities = areas.site_of(role.place, role.region, role.country, of_employer=home)
            changed = {"cities": cities} if cities else {}
            first = gazetteer.city(cities[0]) if cities and (role.place or role.region) else None
            if first:
                changed |= {
                    "place": role.place or first.name,
                    "country": role.country or first.country,
                }
                if not gazetteer.parts_named(fold(role.region)):
                    changed["region"] = first.region[:60]
            if changed:
                roles.filter(pk=role.pk).update(**changed)
        last = turn[-1].pk


class Migration(migrations.Migration):
    dependencies = [
        ("roles", "0003_places_of_roles"),
        ("employers", "0001_initial"),
    ]

    operations = [migrations.RunPython(resolve, migrations.RunPython.noop)]
