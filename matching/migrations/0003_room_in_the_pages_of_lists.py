"""Leave room in each page of lists, so that a changed list stays in its page and its index."""

from django.db import migrations

TABLES = ("matching_candidatelist", "matching_opportunitylist")


class Migration(migrations.Migration):
    dependencies = [("matching", "0002_erased_from_run_parts")]

    operations = [
        migrations.RunSQL(
            sql=[
                f"ALTER TABLE {table} SET (fillfactor = 85, autovacuum_vacuum_scale_factor = 0.02)"
                for table in TABLES
            ],
            reverse_sql=[
                f"ALTER TABLE {table} RESET (fillfactor, autovacuum_vacuum_scale_factor)"
                for table in TABLES
            ],
        ),
    ]
