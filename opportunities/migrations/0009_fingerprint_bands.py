"""Keep the bands of fingerprints in rows of their own, where a plain index finds them."""

import django.db.models.deletion
from django.db import migrations, models

COPY = """
    INSERT INTO opportunities_fingerprintband (fingerprint_id, key)
    SELECT opportunity_id, unnest(bands) FROM opportunities_fingerprint
"""


class Migration(migrations.Migration):
    dependencies = [("opportunities", "0008_integrations")]

    operations = [
        migrations.CreateModel(
            name="FingerprintBand",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.BigIntegerField()),
                (
                    "fingerprint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="opportunities.fingerprint",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["key", "fingerprint"], name="fingerprint_band_key")
                ],
            },
        ),
        migrations.RunSQL(COPY, migrations.RunSQL.noop),
        migrations.RemoveIndex(model_name="fingerprint", name="fingerprint_bands"),
        migrations.RemoveField(model_name="fingerprint", name="bands"),
        migrations.AlterField(
            model_name="fingerprintband",
            name="fingerprint",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="bands",
                to="opportunities.fingerprint",
            ),
        ),
    ]
