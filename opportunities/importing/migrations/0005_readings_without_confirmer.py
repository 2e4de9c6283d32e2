"""Nobody reads who settled what a reading held: the column goes from the code now.

It stays for code of the version before, as ``answered_by`` of a doubt does. Neither keeps an
account from going any more, since nothing empties them.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

COLUMN = {"model_name": "sourcereading", "name": "confirmed_by"}


class Migration(migrations.Migration):
    dependencies = [("importing", "0004_doubts_without_answerer")]

    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE importing_doubt DROP CONSTRAINT IF EXISTS
                importing_doubt_answered_by_id_e987cba6_fk_accounts_user_id
            """,
            migrations.RunSQL.noop,
        ),
        migrations.AlterField(
            **COLUMN,
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.SeparateDatabaseAndState(state_operations=[migrations.RemoveField(**COLUMN)]),
    ]
