"""The track of an application only grows."""

from django.db import migrations

FORWARD = """
CREATE TRIGGER application_event_is_append_only
    BEFORE UPDATE OR DELETE ON applications_applicationevent
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""
BACKWARD = "DROP TRIGGER application_event_is_append_only ON applications_applicationevent;"


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0001_initial"),
        ("core", "0002_extensions_and_append_only"),
    ]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
