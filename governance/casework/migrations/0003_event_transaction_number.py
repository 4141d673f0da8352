"""Each event keeps the number of the transaction that wrote it, so that seals find what was committed since.

The column has no Django field: the database fills it, also for COPY. Adding it touches no row: those that are
there keep NULL, which means before the first seal.
"""
from django.db import migrations

ADD = """
ALTER TABLE casework_event ADD COLUMN xid bigint;
ALTER TABLE casework_event ALTER COLUMN xid SET DEFAULT pg_current_xact_id()::text::bigint;
"""
DROP = "ALTER TABLE casework_event DROP COLUMN xid"
INDEX = "CREATE INDEX CONCURRENTLY IF NOT EXISTS event_xid ON casework_event USING brin (xid)"


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("casework", "0002_event_is_append_only")]

    operations = [
        migrations.RunSQL(ADD, DROP),
        migrations.RunSQL(INDEX, "DROP INDEX IF EXISTS event_xid"),
    ]
