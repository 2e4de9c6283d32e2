from django.db import migrations, models

from opportunities.core.encryption import Cipher


def decrypt(apps, schema_editor):
    """Leave the secrets readable, as the code before reads them."""
    cipher = Cipher(b"opportunities.webhooks.signing_secrets")
    for row in apps.get_model("webhooks", "WebhookEndpoint").objects.all().iterator():
        row.secret = cipher.decrypt(row.secret)
        row.former_secret = cipher.decrypt(row.former_secret)
        row.save(update_fields=["secret", "former_secret"])


class Migration(migrations.Migration):
    """Room for encrypted secrets; the task ``encrypt_secrets`` encrypts those that there are.

    A release before signs by what stands in the table, and runs beside this one for a while.
    """

    dependencies = [
        ("webhooks", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="webhookendpoint",
            name="former_secret",
            field=models.CharField(blank=True, editable=False, max_length=200),
        ),
        migrations.AlterField(
            model_name="webhookendpoint",
            name="secret",
            field=models.CharField(editable=False, max_length=200),
        ),
        migrations.RunPython(migrations.RunPython.noop, decrypt),
    ]
