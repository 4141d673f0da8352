"""A matter's agreements and endings by their day: figures ask a township's matters for those of some weeks.

They take the place of the indexes that led to a matter's rows only, so that nothing is written more often than before.
"""
import django.db.models.deletion
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


def of_matter(related_name):
    """The foreign key, led by the index above."""
    return models.ForeignKey(
        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name=related_name, to="casework.matter",
    )


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("disputes", "0007_conclusions")]

    operations = [
        AddIndexConcurrently("agreement", models.Index(fields=["matter", "agreed_on"], name="agreement_matter_day")),
        migrations.AlterField("agreement", "matter", of_matter("agreements")),
        AddIndexConcurrently("ending", models.Index(fields=["matter", "ended_on"], name="ending_matter_day")),
        migrations.AlterField("ending", "matter", of_matter("endings")),
    ]
