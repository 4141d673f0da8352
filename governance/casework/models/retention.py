"""How long what a matter holds of people is kept, what keeps it longer, and what is left of it afterwards."""
from django.conf import settings
from django.db import models
from django.db.models import Q

from .matter import Matter


class RetentionPeriod(models.Model):
    """A township's own length of keeping for a kind and an outcome (本地保管期限), from a day on.

    `outcome` "" is what holds for every outcome without a row of its own; `years` is None for good (永久).
    """

    township = models.ForeignKey("organisation.Unit", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    outcome = models.CharField(max_length=40, blank=True)
    years = models.PositiveSmallIntegerField(null=True, blank=True)
    from_on = models.DateField()

    class Meta:
        default_permissions = ()
        ordering = ["kind", "outcome", "-from_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["township", "kind", "outcome", "from_on"], name="retention_period_once_a_day"
            )
        ]


class RetentionHold(models.Model):
    """A matter that is kept longer (暂缓销毁): a lawsuit, an inspection; until a day, or until it is released.

    Why stands in the event that set it, which can be erased with the rest.
    """

    matter = models.ForeignKey(Matter, models.CASCADE, related_name="holds")
    until_on = models.DateField(null=True, blank=True)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["matter"], name="hold_once", condition=Q(released_at__isnull=True))
        ]


class Tombstone(models.Model):
    """A matter of which nothing personal is left (已匿名化): number, place, days, outcome and figures stay.

    `years` is the length of keeping that had passed. `files_left` says that files still wait to be removed
    from the disk: they go after the transaction, and a killed run is carried on by the next.
    """

    matter = models.OneToOneField(Matter, models.CASCADE, primary_key=True, related_name="tombstone")
    at = models.DateTimeField()
    years = models.PositiveSmallIntegerField()
    files_left = models.BooleanField(default=False)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["matter"], name="tombstone_files_left", condition=Q(files_left=True))]
