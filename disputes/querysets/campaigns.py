"""Questions about campaigns: who sees them, what was found, where it stands (专项排查口径)."""
from datetime import datetime, time, timedelta

from django.apps import apps
from django.db import models
from django.db.models import Case, Count, F, Q, Value, When
from django.utils import timezone

from governance.casework.visibility import Sight

OVERSEERS = ("leader", "office", "clerk")
VILLAGE_ROLES = ("village_officer", "unit_head")
AGREED = ("written_agreement", "oral_agreement")
SOURCE = "investigation"


class CampaignQuerySet(models.QuerySet):
    """Chainable reads of campaigns."""

    def visible_to(self, user):
        """Those of the townships that the user oversees, or in which a village of theirs takes part."""
        overseen, own, parents_of = _reach(user)
        part = apps.get_model("disputes.CampaignVillage").objects.filter(
            Q(unit_id__in=own) | Q(unit__children__in=parents_of)
        )
        return self.filter(Q(township_id__in=overseen) | Q(pk__in=part.values("campaign_id")))

    def for_list(self):
        """Newest first, with how many villages take part and have reported: one query."""
        held = Q(reports__withdrawn_at__isnull=True, reports__isnull=False)
        return self.annotate(
            village_count=Count("villages", distinct=True), reported_count=Count("reports", filter=held, distinct=True)
        ).order_by("-starts_on", "-pk")

    def unfinished(self):
        """Neither summed up nor cancelled."""
        return self.filter(summed_up_at=None, cancelled_at=None)


class RoundQuerySet(models.QuerySet):
    """Chainable reads of investigation rounds."""

    def held(self):
        """Without those that were withdrawn."""
        return self.filter(withdrawn_at=None)

    def routine(self):
        """Those of no campaign."""
        return self.filter(campaign=None)

    def visible_to(self, user):
        """Rounds of the villages that the user oversees or belongs to."""
        overseen, own, _grids = _reach(user)
        return self.filter(unit_id__in=overseen | own)

    def within(self, period):
        """Held in a period of figures."""
        return self.filter(held_on__gte=period.first, held_on__lt=period.until)


def places(user, villages):
    """Of these villages, those whose rows the user sees on a board, and whether as an overseer: two sets of ids."""
    overseen, own, grids = _reach(user)
    ids = {unit.pk for unit in villages}
    below = set(apps.get_model("organisation.Unit").objects.filter(pk__in=grids).values_list("parent_id", flat=True))
    return ids & (overseen | own | below), ids & overseen


def holds(user, roles, unit_id) -> bool:
    """Whether the user comes in one of the roles to this unit."""
    at = Sight.of(user).roles_at
    return any(unit_id in at.get(role, ()) for role in roles)


def found(matters, campaign, categories):
    """Disputes that count as found by a campaign: reported as investigation in its villages, days and categories,
    or from its page. `categories`: codes with those that count under them; none for all.
    """
    start = timezone.make_aware(datetime.combine(campaign.starts_on, time.min))
    end = timezone.make_aware(datetime.combine(campaign.ends_on + timedelta(days=1), time.min))
    by_rule = Q(channel=SOURCE, reported_at__gte=start, reported_at__lt=end)
    if categories:
        by_rule &= Q(category__in=categories)
    attached = apps.get_model("disputes.CampaignFinding").objects.filter(campaign=campaign).values("matter_id")
    villages = campaign.villages.values("unit_id")
    rows = matters.filter(kind="dispute").counted().filter(by_rule | Q(pk__in=attached))
    return rows.annotate(village=_village()).filter(village__in=villages)


def rows_of(found_rows):
    """(id, village, category, standing) of what was found: `settled` (last result an agreement), `pending` (open, no
    agreement), `unsettled` (closed without one). One query.
    """
    standing = Case(
        When(outcome__in=AGREED, then=Value("settled")), When(is_open=True, then=Value("pending")),
        default=Value("unsettled"),
    )
    return found_rows.order_by("pk").annotate(standing=standing).values_list("pk", "village", "category", "standing")


def _village():
    """The village of a matter: its unit, or the one that its grid belongs to."""
    return Case(When(unit__level="grid", then=F("unit__parent_id")), default=F("unit_id"))


def _reach(user) -> tuple[set, set, set]:
    """Unit ids: overseen, of own villages, and of own grids."""
    at = Sight.of(user).roles_at
    overseen = set().union(*(at.get(role, ()) for role in OVERSEERS))
    own = set().union(*(at.get(role, ()) for role in VILLAGE_ROLES))
    return overseen, own, set(at.get("grid_worker", ()))
