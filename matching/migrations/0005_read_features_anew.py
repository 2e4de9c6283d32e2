"""Let go of features in the layout without places: the sweep reads every subject anew.

Runs that are not finished cannot go on with them; those that are keep their figures and prices.
"""

from django.db import migrations
from django.utils import timezone

PARTS = (
    "shown",
    "fixed",
    "skill_at",
    "target_at",
    "interest_at",
    "done_at",
    "region_at",
    "area_at",
    "right_at",
    "week_at",
    "role_lists",
    "digests",
)


def let_go(apps, schema_editor):
    apps.get_model("matching", "PackedCandidate").objects.all().delete()
    apps.get_model("matching", "PackedRole").objects.all().delete()
    unfinished = ("packing", "pricing", "ranking", "publishing")
    runs = apps.get_model("matching", "Run").objects
    runs.filter(state__in=unfinished).update(state="cancelled", finished_at=timezone.now())
    apps.get_model("matching", "RunPart").objects.update(**dict.fromkeys(PARTS))


class Migration(migrations.Migration):
    dependencies = [
        ("matching", "0004_places_and_areas"),
        ("roles", "0004_resolve_places"),
        ("candidates", "0005_resolve_regions"),
    ]

    operations = [migrations.RunPython(let_go, migrations.RunPython.noop)]
