"""A file that came in: where it stands, what was found in it."""
import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ..querysets import ImportBatchQuerySet


class ImportBatch(models.Model):
    """An uploaded ledger (导入批次), from its dry run to its commit or undoing.

    `mapping`: for each sheet read, its heading rows and what each column was taken for; `notes`: what was
    left out and why (sheets, columns that are not read in, hidden columns, formulas). `attempt` names the
    run that may write: a worker that was given up for dead and wakes again writes nothing. `beat_at` is the
    last sign of life of a run, `try_count` how often it was begun since anything was done: a run that ends by a
    fault, or begins too often, is stopped with a word. `places`: what cells of villages said that was not, or only
    roughly, understood. The file and the rows' values are erased on `erase_on`.
    """

    class State(models.TextChoices):
        RECEIVED = "received", _("uploaded")
        READING = "reading", _("being checked")
        CHECKED = "checked", _("checked")
        REFUSED = "refused", _("not readable")
        COMMITTING = "committing", _("being entered")
        COMMITTED = "committed", _("entered")
        STOPPED = "stopped", _("stopped on the way")
        UNDOING = "undoing", _("being undone")
        UNDONE = "undone", _("undone")

    township = models.ForeignKey("organisation.Unit", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    file_name = models.CharField(_("file"), max_length=200)
    path = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size_bytes = models.PositiveIntegerField()
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.RECEIVED)
    refusal_code = models.CharField(max_length=40, blank=True)
    refusal_data = models.JSONField(default=dict, blank=True)
    mapping = models.JSONField(default=list, blank=True)
    notes = models.JSONField(default=list, blank=True)
    total_count = models.PositiveIntegerField(null=True, blank=True)
    read_count = models.PositiveIntegerField(default=0)
    new_count = models.PositiveIntegerField(default=0)
    same_count = models.PositiveIntegerField(default=0)
    update_count = models.PositiveIntegerField(default=0)
    error_count = models.PositiveIntegerField(default=0)
    guess_count = models.PositiveIntegerField(default=0)
    done_count = models.PositiveIntegerField(default=0)
    kept_count = models.PositiveIntegerField(default=0)
    try_count = models.PositiveSmallIntegerField(default=0)
    places = models.JSONField(default=list, blank=True)
    attempt = models.UUIDField(default=uuid.uuid4)
    beat_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("uploaded"))
    checked_at = models.DateTimeField(null=True, blank=True)
    committed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    committed_at = models.DateTimeField(_("entered"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)
    erase_on = models.DateField()
    erased_at = models.DateTimeField(null=True, blank=True)

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("imported ledger")
        verbose_name_plural = _("imported ledgers")
        default_permissions = ()
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["township", "-created_at"], name="import_batch_township")]

    def __str__(self):
        return self.file_name

    @property
    def state_label(self) -> str:
        """The state in words; a dry run that somebody ended is not one of a file that cannot be read."""
        is_ended = self.state == self.State.REFUSED and self.refusal_code == "import-cancelled"
        return gettext("cancelled") if is_ended else self.get_state_display()
