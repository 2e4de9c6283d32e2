"""Keep the files of roles that employers hand in, and how far their import is."""

import django.db.models.deletion
import django.db.models.expressions
import opportunities.identifiers
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('opportunities', '0009_fingerprint_bands'),
    ]

    operations = [
        migrations.CreateModel(
            name='ImportJob',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=opportunities.identifiers.import_id, editable=False, max_length=30, unique=True)),
                ('source', models.CharField(max_length=60)),
                ('form', models.CharField(max_length=6)),
                ('content', models.BinaryField(null=True)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('running', 'Running'), ('finished', 'Finished'), ('failed', 'Failed')], default='waiting', max_length=8)),
                ('total', models.PositiveIntegerField()),
                ('done', models.PositiveIntegerField(default=0)),
                ('added', models.PositiveIntegerField(default=0)),
                ('changed', models.PositiveIntegerField(default=0)),
                ('unchanged', models.PositiveIntegerField(default=0)),
                ('left_out', models.PositiveIntegerField(default=0)),
                ('faults', models.JSONField(default=list, help_text='The first of them: row, line, field and reason.')),
                ('failure', models.CharField(blank=True, max_length=200)),
                ('attempts', models.PositiveSmallIntegerField(default=0, help_text='Turns begun since a row was last done.')),
                ('created_at', models.DateTimeField(editable=False)),
                ('due_at', models.DateTimeField(help_text='When it is sent to a worker again.', null=True)),
                ('started_at', models.DateTimeField(null=True)),
                ('finished_at', models.DateTimeField(null=True)),
                ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('employer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='opportunities.employer')),
            ],
            options={
                'indexes': [models.Index(fields=['employer', '-created_at'], name='import_job_of_employer'), models.Index(condition=models.Q(('state__in', ['waiting', 'running'])), fields=['due_at'], name='import_job_due')],
                'constraints': [models.CheckConstraint(condition=models.Q(('total__gte', 1), ('total__lte', 2000)), name='import_job_total_in_range', violation_error_message='total lies between 1 and 2000.'), models.CheckConstraint(condition=models.Q(('form__in', ['ndjson', 'json', 'csv'])), name='import_job_form_is_known', violation_error_message='form is one of: ndjson, json, csv.'), models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'running', 'finished', 'failed'])), name='import_job_state_is_known', violation_error_message='state is one of: waiting, running, finished, failed.'), models.CheckConstraint(condition=models.Q(('done__lte', models.F('total'))), name='import_job_done_is_part_of_all'), models.CheckConstraint(condition=models.Q(('done', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('added'), '+', models.F('changed')), '+', models.F('unchanged')), '+', models.F('left_out')))), name='import_job_counts_what_is_done'), models.CheckConstraint(condition=models.Q(models.Q(('content__isnull', False), ('due_at__isnull', False), ('finished_at__isnull', True), ('state__in', ['waiting', 'running'])), models.Q(('content__isnull', True), ('due_at__isnull', True), ('finished_at__isnull', False), ('state__in', ['finished', 'failed'])), _connector='OR'), name='import_job_keeps_its_file_while_it_is_needed')],
            },
        ),
    ]
