"""The search reads the place as well, and does without accents."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.contrib.postgres.search import SearchVector
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0003_search_without_accents"),
        ("roles", "0002_mode_may_be_unstated"),
    ]

    operations = [
        migrations.RemoveIndex("opportunity", "opportunity_search"),
        migrations.RemoveField("opportunity", "search"),
        migrations.AddField(
            "opportunity",
            "search",
            models.GeneratedField(
                db_persist=True,
                expression=SearchVector("title", config="plain_english", weight="A")
                + SearchVector("summary", "place", "region", config="plain_english", weight="B")
                + SearchVector("description", config="plain_english", weight="C"),
                output_field=django.contrib.postgres.search.SearchVectorField(),
            ),
        ),
        migrations.AddIndex(
            "opportunity",
            django.contrib.postgres.indexes.GinIndex(fields=["search"], name="opportunity_search"),
        ),
    ]
