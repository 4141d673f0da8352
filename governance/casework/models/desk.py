"""Desk work: filters that people keep, and acts on many matters at once."""
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .matter import Matter


class SavedFilter(models.Model):
    """A filter of the list that somebody keeps in their inbox under a name (常用筛选).

    `query`: what `filters.MatterFilter.query` writes, the query of the list's address.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    name = models.CharField(_("name"), max_length=40)
    query = models.CharField(max_length=500)
    position = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="saved_filter_name_once")]

    def __str__(self):
        return self.name


class BulkRun(models.Model):
    """One act on many matters (批量办理): each matter by itself, with a verdict of its own.

    `client_uuid` comes from the form: sent twice, it is one run. `facts_encrypted` holds what was typed for all
    of them until the last verdict, then it is wiped: the words stand in the histories. `left_out_count`: how
    many of those chosen were not there for the actor.
    """

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        DONE = "done", _("Finished")

    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    act = models.CharField(max_length=20)
    facts_encrypted = models.BinaryField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.RUNNING)
    client_uuid = models.UUIDField(unique=True)
    left_out_count = models.PositiveIntegerField(default=0)
    in_background = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["actor", "-id"], name="bulk_run_of_actor"),
            models.Index(fields=["id"], name="bulk_run_unfinished", condition=Q(state="running")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="running") | Q(finished_at__isnull=False), name="bulk_run_done_has_a_time"
            ),
        ]

    def __str__(self):
        return f"{self.act} #{self.pk}"


class BulkRow(models.Model):
    """One matter of a bulk run and its verdict (逐件结果), written in the transaction of the act itself.

    `version_seen`: the version that the actor saw when choosing it. `code`: why it was refused.
    """

    class Verdict(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DONE = "done", _("Done")
        REFUSED = "refused", _("Refused")
        FAILED = "failed", _("Failed")

    run = models.ForeignKey(BulkRun, models.CASCADE, related_name="rows", db_index=False)
    matter = models.ForeignKey(Matter, models.CASCADE, related_name="+", db_index=False)
    position = models.PositiveIntegerField()
    version_seen = models.PositiveIntegerField()
    verdict = models.CharField(max_length=10, choices=Verdict.choices, default=Verdict.WAITING)
    code = models.CharField(max_length=60, blank=True)
    message = models.CharField(max_length=300, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["run", "matter"], name="bulk_row_once")]
        indexes = [
            models.Index(fields=["run", "position"], name="bulk_row_waiting", condition=Q(verdict="waiting"))
        ]
