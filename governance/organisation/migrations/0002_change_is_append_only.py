"""The change log refuses UPDATE and DELETE, whoever asks."""
from django.db import migrations

REFUSE = """
CREATE FUNCTION organisation_change_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the change log is append-only: % refused', TG_OP USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER organisation_change_append_only BEFORE UPDATE OR DELETE ON organisation_change
    FOR EACH ROW EXECUTE FUNCTION organisation_change_is_append_only();
"""
ALLOW = """
DROP TRIGGER organisation_change_append_only ON organisation_change;
DROP FUNCTION organisation_change_is_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("organisation", "0001_organisation_units_people_duties")]

    operations = [migrations.RunSQL(REFUSE, ALLOW)]
