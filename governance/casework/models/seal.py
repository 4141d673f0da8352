"""The sealed ledger: every event and change that was committed since the last seal, chained to it."""
from datetime import UTC

from django.db import models
from django.utils.translation import gettext_lazy as _

from ..querysets import SealQuerySet


class Seal(models.Model):
    """A seal (封存) over rows of one ledger, in the order in which they were committed.

    `ids` says exactly which rows, as ranges (`{[1,100),[104,105)}`); `digest` is the SHA-256 over their hashes
    in the order of their ids, `leaves` the first eight bytes of each of these hashes, so that the one row that
    was changed can be named. `floor_xid` is the oldest transaction that was still running: what is committed
    later stands in a row with this number or a higher one. `last_xid` is the highest number sealed here.
    A database trigger refuses UPDATE and DELETE.
    """

    class Ledger(models.TextChoices):
        MATTERS = "matters", _("Matters")
        ORGANISATION = "organisation", _("Organisation")

    number = models.PositiveIntegerField(unique=True)
    ledger = models.CharField(max_length=20, choices=Ledger.choices)
    at = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField()
    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField()
    ids = models.TextField()
    leaves = models.BinaryField()
    digest = models.CharField(max_length=64)
    cluster = models.CharField(max_length=40)
    floor_xid = models.BigIntegerField()
    last_xid = models.BigIntegerField()
    prev_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    objects = SealQuerySet.as_manager()

    class Meta:
        verbose_name = _("seal")
        verbose_name_plural = _("seals")
        default_permissions = ()
        ordering = ["number"]
        indexes = [models.Index(fields=["ledger", "last_xid"], name="seal_ledger_xid")]

    def __str__(self):
        return f"{self.number} {self.hash}"

    @property
    def payload(self) -> dict:
        """What the hash covers, beside the hash of the seal before."""
        return {
            "number": self.number, "ledger": self.ledger, "at": self.at.astimezone(UTC).isoformat(),
            "count": self.count, "ids": self.ids, "digest": self.digest,
        }
