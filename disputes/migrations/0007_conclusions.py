"""Agreements and endings as one view, so that figures ask for a matter's last result by one join.

An `id` is made of the round, of whether it is an agreement, and of the row's own id, in this order. Whoever changes the
type of a column named here drops the view before and makes it again after.
"""
import django.db.models.deletion
from django.db import migrations, models

VIEW = """
CREATE VIEW disputes_conclusion AS
SELECT (round::bigint << 48) + (1::bigint << 47) + id AS id, matter_id, round,
       form || '_agreement' AS result,
       agreed_on AS concluded_on
  FROM disputes_agreement
UNION ALL
SELECT (round::bigint << 48) + id, matter_id, round, result::text, ended_on FROM disputes_ending
"""


class Migration(migrations.Migration):
    dependencies = [("disputes", "0006_campaigns_cancelled"), ("casework", "0008_events_per_matter")]

    operations = [
        migrations.RunSQL(VIEW, "DROP VIEW disputes_conclusion"),
        migrations.CreateModel(
            name="Conclusion",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("round", models.PositiveSmallIntegerField()),
                ("result", models.CharField(max_length=20, verbose_name="result")),
                ("concluded_on", models.DateField(verbose_name="ended on")),
                ("matter", models.ForeignKey(
                    on_delete=django.db.models.deletion.DO_NOTHING, related_name="conclusions", to="casework.matter",
                )),
            ],
            options={"managed": False, "db_table": "disputes_conclusion", "default_permissions": ()},
        ),
    ]
