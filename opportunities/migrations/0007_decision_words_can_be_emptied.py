from django.db import migrations

FORWARD = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Erasing a person empties the words about her; who decided what and when stays.
    IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'opportunities_decision'
        AND current_setting('foothold.erasing', true) = 'on'
        AND to_jsonb(NEW) = to_jsonb(OLD) || '{"reason": ""}'::jsonb
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
"""
BACKWARD = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("opportunities", "0006_letter")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
