from django.db import migrations

FORWARD = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER decision_is_append_only BEFORE UPDATE OR DELETE ON opportunities_decision
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER application_event_is_append_only
    BEFORE UPDATE OR DELETE ON opportunities_applicationevent
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""
BACKWARD = """
DROP TRIGGER decision_is_append_only ON opportunities_decision;
DROP TRIGGER application_event_is_append_only ON opportunities_applicationevent;
DROP FUNCTION refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("opportunities", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
