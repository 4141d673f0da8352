"""Indexes on the days by which figures ask; made beside running work."""
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("disputes", "0004_paper_templates")]

    operations = [
        AddIndexConcurrently("agreement", models.Index(fields=["agreed_on"], name="agreement_agreed")),
        AddIndexConcurrently("ending", models.Index(fields=["ended_on"], name="ending_ended")),
        AddIndexConcurrently("instalment", models.Index(fields=["due_on"], name="instalment_due")),
    ]
