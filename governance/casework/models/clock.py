"""Running, stopped and paused clocks of a matter; frozen at their start."""
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..querysets import ClockQuerySet
from .event import Event
from .matter import Matter


class Clock(models.Model):
    """A clock (时限): rule, length and due time as they stood when it started.

    `due_on` is the last day (null for hour clocks), `due_at` the instant from which it is overdue;
    both are null while it is paused or when its day is not yet agreed. `remind_at` is the next moment of
    its reminder ladder, so that the scan for reminders reads only what is due to be told.
    """

    class State(models.TextChoices):
        RUNNING = "running", _("running")
        PAUSED = "paused", _("paused")
        STOPPED = "stopped", _("done")
        MOOT = "moot", _("no longer needed")
        LAPSED = "lapsed", _("window closed")

    # Led by an index of Meta, with the time it is due.
    matter = models.ForeignKey(Matter, models.CASCADE, related_name="clocks", db_index=False)
    rule = models.CharField(max_length=60)
    rule_version = models.PositiveSmallIntegerField(default=1)
    variant = models.CharField(max_length=20, blank=True)
    subject = models.CharField(max_length=60, blank=True)
    bearer = models.CharField(max_length=10)
    is_local = models.BooleanField(default=False)
    length = models.PositiveSmallIntegerField(null=True, blank=True)
    agreed_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.RUNNING)
    started_at = models.DateTimeField()
    started_event = models.ForeignKey(Event, models.PROTECT, related_name="+", null=True, db_index=False)
    stopped_at = models.DateTimeField(null=True, blank=True)
    stopped_event = models.ForeignKey(
        Event, models.PROTECT, related_name="+", null=True, blank=True, db_index=False
    )
    due_on = models.DateField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    is_provisional = models.BooleanField(default=False)
    remind_at = models.DateTimeField(null=True, blank=True)

    objects = ClockQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["started_at", "id"]
        indexes = [
            models.Index(fields=["matter", "due_at"], name="clock_matter_due"),
            models.Index(
                fields=["due_at"], name="clock_running_due",
                condition=Q(state="running", due_at__isnull=False),
            ),
            models.Index(
                fields=["remind_at"], name="clock_to_remind",
                condition=Q(state="running", remind_at__isnull=False),
            ),
            models.Index(fields=["due_at"], name="clock_provisional", condition=Q(is_provisional=True)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["matter", "rule", "subject"], name="clock_runs_once",
                condition=Q(state__in=["running", "paused"]),
            ),
        ]


class Pause(models.Model):
    """A pause of a clock (中止): from inclusive, to exclusive; open while `ended_at` is null."""

    clock = models.ForeignKey(Clock, models.CASCADE, related_name="pauses")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    event = models.ForeignKey(Event, models.PROTECT, related_name="+")

    class Meta:
        default_permissions = ()
        ordering = ["started_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=models.F("started_at")),
                name="pause_ends_after_start",
            ),
        ]


class Extension(models.Model):
    """An extension of a clock (延期): proposed by a clerk, decided by who may."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        APPROVED = "approved", _("approved")
        REFUSED = "refused", _("refused")

    clock = models.ForeignKey(Clock, models.CASCADE, related_name="extensions")
    days = models.PositiveSmallIntegerField()
    new_day = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    consents = models.JSONField(default=list)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    event = models.ForeignKey(Event, models.PROTECT, related_name="+")

    class Meta:
        default_permissions = ()
        ordering = ["id"]


class LocalLength(models.Model):
    """A township's own length for a *local* rule from a day on (本地时限), versioned; law is never overridden."""

    rule = models.CharField(max_length=60)
    township = models.ForeignKey("organisation.Unit", models.PROTECT, related_name="+")
    variant = models.CharField(max_length=20, blank=True)
    length = models.PositiveSmallIntegerField()
    from_on = models.DateField()
    version = models.PositiveSmallIntegerField()

    class Meta:
        default_permissions = ()
        ordering = ["rule", "variant", "-from_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "township", "variant", "from_on"], name="local_length_once_a_day"
            )
        ]
