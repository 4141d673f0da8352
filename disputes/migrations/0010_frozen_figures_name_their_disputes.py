"""Campaigns that were summed up before their disputes were kept with the figures: the disputes are looked up once more.

By the same rule as then; how each stands is taken as it is now. A list that cannot be told exactly any more is better
than numbers that no reader's list can be held against. Backwards nothing is to be done: the key is passed over.
"""
from datetime import datetime, time, timedelta

from django.db import migrations
from django.db.models import Q
from django.utils import timezone

AGREED = ("written_agreement", "oral_agreement")


def name_disputes(apps, schema_editor):
    campaigns = apps.get_model("disputes", "Campaign").objects.filter(figures__isnull=False)
    for campaign in campaigns.exclude(figures__has_key="matters"):
        campaign.figures["matters"] = [row(matter) for matter in found(apps, campaign)]
        campaign.save(update_fields=["figures"])


def found(apps, campaign):
    villages = list(campaign.villages.values_list("unit_id", flat=True))
    start = timezone.make_aware(datetime.combine(campaign.starts_on, time.min))
    end = timezone.make_aware(datetime.combine(campaign.ends_on + timedelta(days=1), time.min))
    by_rule = Q(channel="investigation", reported_at__gte=start, reported_at__lt=end)
    if campaign.categories:
        terms = apps.get_model("casework", "VocabularyTerm").objects.filter(vocabulary="dispute.category")
        below = terms.filter(counts_under__in=campaign.categories).values_list("code", flat=True)
        by_rule &= Q(category__in=[*campaign.categories, *below])
    attached = list(campaign.findings.values_list("matter_id", flat=True))
    matters = apps.get_model("casework", "Matter").objects.filter(
        by_rule | Q(pk__in=attached), kind="dispute", created_at__lte=campaign.summed_up_at
    ).exclude(status__in=["voided", "merged"])
    in_place = Q(unit_id__in=villages) | Q(unit__level="grid", unit__parent_id__in=villages)
    return matters.filter(in_place).select_related("unit").order_by("pk")


def row(matter):
    standing = "settled" if matter.outcome in AGREED else "pending" if matter.is_open else "unsettled"
    village = matter.unit.parent_id if matter.unit.level == "grid" else matter.unit_id
    return [matter.pk, village, matter.category, standing]


class Migration(migrations.Migration):
    dependencies = [("disputes", "0009_performance_checks"), ("casework", "0008_events_per_matter")]
    operations = [migrations.RunPython(name_disputes, migrations.RunPython.noop)]
