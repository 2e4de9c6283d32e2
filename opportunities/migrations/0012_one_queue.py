"""Mails, letters, webhooks and imports become kinds of one queue: what is over is not due."""

from django.db import migrations, models

OVER_IS_NOT_DUE = "".join(
    f"UPDATE opportunities_{table} SET due_at = NULL"
    " WHERE sent_at IS NOT NULL OR dead_at IS NOT NULL;"
    for table in ("delivery", "letter", "webhookdelivery")
)


class Migration(migrations.Migration):

    dependencies = [
        ('opportunities', '0011_decisions_of_the_table'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='delivery',
            name='delivery_is_sent_or_dead',
        ),
        migrations.RemoveConstraint(
            model_name='importjob',
            name='import_job_keeps_its_file_while_it_is_needed',
        ),
        migrations.RemoveIndex(
            model_name='delivery',
            name='delivery_waiting',
        ),
        migrations.RemoveIndex(
            model_name='letter',
            name='letter_waiting',
        ),
        migrations.RemoveIndex(
            model_name='webhookdelivery',
            name='webhook_delivery_due',
        ),
        migrations.AddField(
            model_name='importjob',
            name='dead_at',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.RenameField("importjob", "failure", "last_error"),
        migrations.AlterField(
            model_name='importjob',
            name='last_error',
            field=models.CharField(blank=True, editable=False, max_length=300),
        ),
        migrations.AddField(
            model_name='letter',
            name='last_error',
            field=models.CharField(blank=True, editable=False, max_length=300),
        ),
        migrations.AlterField(
            model_name='delivery',
            name='due_at',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AlterField(
            model_name='importjob',
            name='attempts',
            field=models.PositiveSmallIntegerField(default=0, editable=False),
        ),
        migrations.AlterField(
            model_name='importjob',
            name='due_at',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AlterField(
            model_name='letter',
            name='due_at',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AlterField(
            model_name='webhookdelivery',
            name='attempts',
            field=models.PositiveSmallIntegerField(default=0, editable=False),
        ),
        migrations.AlterField(
            model_name='webhookdelivery',
            name='dead_at',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AlterField(
            model_name='webhookdelivery',
            name='due_at',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AlterField(
            model_name='webhookdelivery',
            name='last_error',
            field=models.CharField(blank=True, editable=False, max_length=300),
        ),
        migrations.AlterField(
            model_name='webhookdelivery',
            name='sent_at',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.RunSQL(OVER_IS_NOT_DUE, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('due_at__isnull', False)), fields=['due_at'], name='delivery_due'),
        ),
        migrations.AddIndex(
            model_name='letter',
            index=models.Index(condition=models.Q(('due_at__isnull', False)), fields=['due_at'], name='letter_due'),
        ),
        migrations.AddIndex(
            model_name='webhookdelivery',
            index=models.Index(condition=models.Q(('due_at__isnull', False)), fields=['due_at'], name='webhookdelivery_due'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('dead_at__isnull', True), ('due_at__isnull', False), ('sent_at__isnull', True)), models.Q(('dead_at__isnull', True), ('due_at__isnull', True), ('sent_at__isnull', False)), models.Q(('dead_at__isnull', False), ('due_at__isnull', True), ('sent_at__isnull', True)), _connector='OR'), name='delivery_is_due_sent_or_dead'),
        ),
        migrations.AddConstraint(
            model_name='importjob',
            constraint=models.CheckConstraint(condition=models.Q(('attempts__gte', 0), ('attempts__lte', 20)), name='importjob_attempts_in_range', violation_error_message='attempts lies between 0 and 20.'),
        ),
        migrations.AddConstraint(
            model_name='importjob',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('content__isnull', False), ('due_at__isnull', False), ('finished_at__isnull', True), ('state__in', ['waiting', 'running'])), models.Q(models.Q(('content__isnull', True), ('dead_at__isnull', False), _connector='OR'), ('due_at__isnull', True), ('finished_at__isnull', False), ('state__in', ['finished', 'failed'])), _connector='OR'), name='import_job_keeps_its_file_while_it_is_needed'),
        ),
        migrations.AddConstraint(
            model_name='letter',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('dead_at__isnull', True), ('due_at__isnull', False), ('sent_at__isnull', True)), models.Q(('dead_at__isnull', True), ('due_at__isnull', True), ('sent_at__isnull', False)), models.Q(('dead_at__isnull', False), ('due_at__isnull', True), ('sent_at__isnull', True)), _connector='OR'), name='letter_is_due_sent_or_dead'),
        ),
        migrations.AddConstraint(
            model_name='webhookdelivery',
            constraint=models.CheckConstraint(condition=models.Q(('attempts__gte', 0), ('attempts__lte', 20)), name='webhookdelivery_attempts_in_range', violation_error_message='attempts lies between 0 and 20.'),
        ),
        migrations.AddConstraint(
            model_name='webhookdelivery',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('dead_at__isnull', True), ('due_at__isnull', False), ('sent_at__isnull', True)), models.Q(('dead_at__isnull', True), ('due_at__isnull', True), ('sent_at__isnull', False)), models.Q(('dead_at__isnull', False), ('due_at__isnull', True), ('sent_at__isnull', True)), _connector='OR'), name='webhookdelivery_is_due_sent_or_dead'),
        ),
    ]

