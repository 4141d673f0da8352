"""A row of a file that came in: what was understood, the verdict, and what it became."""
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from governance.casework.models import Matter

from ..querysets import ImportRowQuerySet
from .batch import ImportBatch


class ImportRow(models.Model):
    """A row of an imported ledger (导入行).

    `identity` tells the affair (township, kind, day, village, names), `fingerprint` all that the row says;
    both are keyed hashes. `payload` holds what was understood, troubles and guesses, encrypted, because
    names and telephone numbers stand in it; it is emptied when the row is entered, and of all rows on the
    day on which the batch is erased. `reason_code` and `reason_cell` are the first trouble's. `matter` is
    what the row made, changed or is the same as; `version` its version afterwards, by which undoing sees
    whether somebody has worked on it since; `before` (encrypted) what an update replaced.
    """

    class Verdict(models.TextChoices):
        NEW = "new", _("new")
        SAME = "same", _("same")
        UPDATE = "update", _("update")
        ERROR = "error", _("error")

    class Fate(models.TextChoices):
        NONE = "", _("not entered")
        ENTERED = "entered", _("entered")
        UNDONE = "undone", _("undone")
        KEPT = "kept", _("cannot be undone")

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="rows", db_index=False)
    position = models.PositiveIntegerField()
    sheet = models.CharField(max_length=100)
    row_number = models.PositiveIntegerField()
    verdict = models.CharField(max_length=8, choices=Verdict.choices)
    reason_code = models.CharField(max_length=40, blank=True)
    reason_cell = models.CharField(max_length=12, blank=True)
    has_guesses = models.BooleanField(default=False)
    identity = models.CharField(max_length=64, blank=True)
    fingerprint = models.CharField(max_length=64, blank=True)
    payload = models.BinaryField(default=b"", blank=True)
    before = models.BinaryField(default=b"", blank=True)
    fate = models.CharField(max_length=8, choices=Fate.choices, blank=True, default="")
    fate_code = models.CharField(max_length=40, blank=True)
    matter = models.ForeignKey(Matter, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    version = models.PositiveIntegerField(null=True, blank=True)
    event_count = models.PositiveIntegerField(null=True, blank=True)

    objects = ImportRowQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["batch", "position"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "position"], name="import_row_once"),
            # The database's own word that no row of any file is entered twice.
            models.UniqueConstraint(
                fields=["fingerprint"], name="import_row_entered_once", condition=Q(verdict="new", fate="entered")
            ),
        ]
        indexes = [
            models.Index(fields=["batch", "verdict", "position"], name="import_row_verdict"),
            models.Index(fields=["identity"], name="import_row_identity", condition=Q(fate="entered")),
            models.Index(fields=["matter"], name="import_row_matter", condition=Q(matter__isnull=False)),
        ]
