"""Resolve the regions that candidates state as text; the texts stay as they were typed."""

from django.db import migrations

from opportunities.places import areas

TURN = 500


def resolve(apps, schema_editor):
    profiles = apps.get_model("candidates", "CandidateProfile").objects
    last = 0
    while True:
        turn = list(profiles.filter(pk__gt=last).exclude(regions=[]).order_by("pk")[:TURN])
        if not turn:
            return
        for profile in turn:
            reached = areas.areas_of(profile.regions, countries=profile.rights)
            profiles.filter(pk=profile.pk).update(areas=reached)
        last = turn[-1].pk


class Migration(migrations.Migration):
    dependencies = [("candidates", "0004_areas_of_profiles")]

    operations = [migrations.RunPython(resolve, migrations.RunPython.noop)]
