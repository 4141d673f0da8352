"""Parties are found by name when a member of staff is new or renamed: by this index, with a million parties too."""
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("casework", "0016_wall_kept_by_every_change")]

    operations = [
        AddIndexConcurrently("party", models.Index(
            fields=["name"], name="party_name", condition=Q(user__isnull=True, unit__isnull=True),
        )),
    ]
