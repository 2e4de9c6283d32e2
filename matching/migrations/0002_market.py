from django.db import migrations


class Migration(migrations.Migration):
    """The one row that writers lock must be there from the beginning."""

    dependencies = [("matching", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "INSERT INTO matching_market (id, seq) VALUES (1, 0) ON CONFLICT DO NOTHING",
            "DELETE FROM matching_market WHERE id = 1",
        )
    ]
