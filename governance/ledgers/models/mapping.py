"""What a township calls its columns."""
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
