"""Each change keeps the number of the transaction that wrote it, so that seals find what was committed since.

The column has no Django field: the database fills it, also for COPY. Adding it touches no row: those that are
there keep NULL, which means before the first seal.
"""
from django.db import migrations

ADD = """
ALTER TABLE organisation_change ADD COLUMN xid bigint;
ALTER TABLE organisation_change ALTER COLUMN xid SET DEFAULT pg_current_xact_id()::text::bigint;
"""
DROP = "ALTER TABLE organisation_change DROP COLUMN xid"
INDEX = "CREATE INDEX CONCURRENTLY IF NOT EXISTS change_xid ON organisation_change USING brin (xid)"


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("organisation", "0002_change_is_append_only")]

    operations = [
        migrations.RunSQL(ADD, DROP),
        migrations.RunSQL(INDEX, "DROP INDEX IF EXISTS change_xid"),
    ]
