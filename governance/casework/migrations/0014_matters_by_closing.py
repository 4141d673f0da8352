"""Closed matters by the day of closing: the nightly end of keeping reads the longest closed first."""
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("casework", "0013_retention_and_tombstones")]

    operations = [
        AddIndexConcurrently("matter", models.Index(
            condition=models.Q(("is_open", False)), fields=["closed_at", "id"], name="matter_closed",
        )),
    ]
