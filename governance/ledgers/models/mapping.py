"""What a township calls its columns and its villages."""
from django.conf import settings
from django.db import models


class ColumnMapping(models.Model):
    """A heading and the column that it means here (列对应), as a clerk corrected it; kept for the township.

    `heading` is the normalised text, `group/heading` where two rows make it; `code` is empty when the
    column is to be left out.
    """

    township = models.ForeignKey("organisation.Unit", models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20)
    heading = models.CharField(max_length=120)
    code = models.CharField(max_length=40, blank=True)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    set_at = models.DateTimeField(auto_now=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["township", "kind", "heading"], name="column_mapping_once")
        ]


class PlaceMapping(models.Model):
    """What a cell for the village says, and the unit that it means here (村名对应), as a clerk said.

    Kept for every ledger of the township. `text` is the normalised text of the cell.
    """

    township = models.ForeignKey("organisation.Unit", models.CASCADE, related_name="+")
    text = models.CharField(max_length=40)
    unit = models.ForeignKey("organisation.Unit", models.CASCADE, related_name="+")
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    set_at = models.DateTimeField(auto_now=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["township", "text"], name="place_mapping_once")]
