"""What is due in a place: read from its open matters alone, not from all that it ever had.

Only matters with a running time limit stand in this index, some three of a hundred.
"""
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("casework", "0009_clocks_by_matter_and_due")]

    operations = [
        AddIndexConcurrently("matter", models.Index(
            fields=["unit", "next_due_at"], name="matter_unit_due", condition=Q(next_due_at__isnull=False),
        )),
    ]
