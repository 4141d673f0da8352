"""A matter's clocks by when they are due: figures ask a township's matters for those due in four weeks.

It takes the place of the index that led to a matter's clocks only, so that nothing is written more often than before.
"""
import django.db.models.deletion
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("casework", "0008_events_per_matter")]

    operations = [
        AddIndexConcurrently("clock", models.Index(fields=["matter", "due_at"], name="clock_matter_due")),
        migrations.AlterField("clock", "matter", models.ForeignKey(
            db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="clocks", to="casework.matter",
        )),
    ]
