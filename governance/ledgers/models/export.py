"""What was taken out of the portal: who, when, of what, how much."""
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..querysets import LedgerExportQuerySet


class LedgerExport(models.Model):
    """A table that somebody took out as a file (导出记录). The file goes after some days, the record stays.

    `code` names the table; `choice` holds what was asked for: ids of places, codes of columns on demand.
    `matter_ids` are the matters in the file: it is given out only while its owner still sees all of them.
    `shows_contacts` says that telephone numbers stand in it in clear, for `reason`.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("being made")
        READY = "ready", _("ready")
        FAILED = "failed", _("failed")
        EXPIRED = "expired", _("expired")

    code = models.CharField(max_length=40)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    ordered_at = models.DateTimeField(_("ordered"))
    township = models.ForeignKey("organisation.Unit", models.PROTECT, null=True, related_name="+")
    from_on = models.DateField(_("from"), null=True, blank=True)
    to_on = models.DateField(_("to"), null=True, blank=True)
    choice = models.JSONField(default=dict, blank=True)
    shows_contacts = models.BooleanField(default=False)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    title = models.CharField(max_length=120)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    refusal_code = models.CharField(max_length=40, blank=True)
    expected_count = models.PositiveIntegerField(default=0)
    row_count = models.PositiveIntegerField(_("rows"), default=0)
    matter_ids = ArrayField(models.BigIntegerField(), default=list, blank=True)
    path = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size_bytes = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)

    objects = LedgerExportQuerySet.as_manager()

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        default_permissions = ()
        ordering = ["-ordered_at", "-id"]
        indexes = [
            models.Index(fields=["owner", "-ordered_at"], name="export_owner"),
            models.Index(fields=["expires_at"], name="export_expires", condition=models.Q(state="ready")),
        ]

    def __str__(self):
        return self.mark

    @property
    def mark(self) -> str:
        """The number that stands on every page of the file."""
        return f"DC-{timezone.localdate(self.ordered_at).year}-{self.pk:05d}"

    @property
    def file_name(self) -> str:
        """The name under which it is saved."""
        return f"{self.title}.xlsx"
