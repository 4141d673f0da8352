"""Webhooks that were in use before a second hand had to release them go on; nobody is named as having released them."""
from django.db import migrations
from django.db.models import F


def release(apps, schema_editor):
    """As released when they were made."""
    rows = apps.get_model("casework", "WebhookSubscription").objects.filter(released_at=None)
    rows.update(released_at=F("created_at"))


class Migration(migrations.Migration):

    dependencies = [("casework", "0018_webhooks_released_by_a_second_hand")]

    # Backwards the column goes, and with it what was written into it.
    operations = [migrations.RunPython(release, migrations.RunPython.noop)]
