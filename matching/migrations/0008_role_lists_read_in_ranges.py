"""Let the database read a range of a part's role lists without unpacking all of them."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("matching", "0007_parts_frozen_one_by_one")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE matching_runpart ALTER COLUMN role_lists SET STORAGE EXTERNAL",
            reverse_sql="ALTER TABLE matching_runpart ALTER COLUMN role_lists SET STORAGE EXTENDED",
        )
    ]
