"""A way of reading English texts for the search in which accents do not matter."""

from django.db import migrations

FORWARD = """
CREATE TEXT SEARCH CONFIGURATION plain_english (COPY = english);
ALTER TEXT SEARCH CONFIGURATION plain_english
    ALTER MAPPING FOR hword, hword_part, word WITH unaccent, english_stem;
"""
BACKWARD = "DROP TEXT SEARCH CONFIGURATION plain_english;"


class Migration(migrations.Migration):
    dependencies = [("core", "0002_extensions_and_append_only")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
