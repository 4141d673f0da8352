from django.db import migrations

REFUSE = """
CREATE FUNCTION casework_event_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'casework_event is append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER casework_event_append_only BEFORE UPDATE OR DELETE ON casework_event
    FOR EACH ROW EXECUTE FUNCTION casework_event_is_append_only();
"""
ALLOW = """
DROP TRIGGER casework_event_append_only ON casework_event;
DROP FUNCTION casework_event_is_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("casework", "0001_matters_clocks_timeline")]

    operations = [migrations.RunSQL(REFUSE, ALLOW)]
