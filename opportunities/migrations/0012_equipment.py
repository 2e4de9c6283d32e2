"""Add what equipment is provided for a role."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('opportunities', '0011_external_applications'),
    ]

    operations = [
        migrations.AddField(
            model_name='opportunity',
            name='equipment',
            field=models.CharField(blank=True, help_text='What is provided, and what is to be brought.', max_length=300),
        ),
    ]
