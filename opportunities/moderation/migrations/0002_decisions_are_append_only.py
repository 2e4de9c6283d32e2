"""The record of decisions only grows; erasing a person may empty the reason of a decision."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION refuse_change_of_decision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Erasing a person empties the words about them; who decided what and when stays.
    IF TG_OP = 'UPDATE'
        AND current_setting('foothold.erasing', true) = 'on'
        AND to_jsonb(NEW) = to_jsonb(OLD) || '{"reason": ""}'::jsonb
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER decision_is_append_only BEFORE UPDATE OR DELETE ON moderation_decision
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_decision();
"""
BACKWARD = """
DROP TRIGGER decision_is_append_only ON moderation_decision;
DROP FUNCTION refuse_change_of_decision();
"""


class Migration(migrations.Migration):
    dependencies = [("moderation", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
