"""Count clicks to employers' own application pages, and keep who says to have applied there."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('opportunities', '0010_import_jobs'),
    ]

    operations = [
        migrations.CreateModel(
            name='ExternalApplication',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stated_at', models.DateTimeField(editable=False)),
                ('opportunity', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='external_applications', to='opportunities.opportunity')),
                ('profile', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='external_applications', to='opportunities.candidateprofile')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('profile', 'opportunity'), name='external_application_once')],
            },
        ),
        migrations.CreateModel(
            name='ExternalClicks',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(editable=False)),
                ('count', models.PositiveIntegerField(default=0, editable=False)),
                ('opportunity', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='external_clicks', to='opportunities.opportunity')),
            ],
            options={
                'verbose_name_plural': 'external clicks',
                'constraints': [models.UniqueConstraint(fields=('opportunity', 'day'), name='external_clicks_once'), models.CheckConstraint(condition=models.Q(('count__gte', 0), ('count__lte', 2000000000)), name='external_clicks_count_in_range', violation_error_message='count lies between 0 and 2e+09.')],
            },
        ),
    ]
