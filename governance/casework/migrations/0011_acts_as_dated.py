"""Acts with their date as last corrected, as one view: figures ask by it what was open, closed or begun anew on a day.

Whoever changes the type of a column named here drops the view before and makes it again after.
"""
import django.db.models.deletion
from django.db import migrations, models

VIEW = """
CREATE VIEW casework_dated_act AS
SELECT e.id, e.matter_id, e.seq, e.verb, e.data->>'after' AS led_to,
       coalesce((SELECT (c.data->>'to_at')::timestamptz FROM casework_event c
                  WHERE c.matter_id = e.matter_id AND c.verb = 'date_corrected'
                    AND (c.data->>'event')::bigint = e.id ORDER BY c.seq DESC LIMIT 1), e.acted_at) AS held_at
  FROM casework_event e
"""


class Migration(migrations.Migration):
    dependencies = [("casework", "0010_due_by_unit")]

    operations = [
        migrations.RunSQL(VIEW, "DROP VIEW casework_dated_act"),
        migrations.CreateModel(
            name="DatedAct",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("seq", models.PositiveIntegerField()),
                ("verb", models.CharField(max_length=60)),
                ("led_to", models.CharField(max_length=60, null=True)),
                ("held_at", models.DateTimeField()),
                ("matter", models.ForeignKey(
                    on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="casework.matter",
                )),
            ],
            options={"managed": False, "db_table": "casework_dated_act", "default_permissions": ()},
        ),
    ]
