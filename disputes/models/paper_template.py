"""A township's own form of a paper."""
from django.conf import settings
from django.db import models
from django.db.models import Q


class PaperTemplate(models.Model):
    """A Word template that a township uses instead of the usual form (文书模板); every version is kept.

    `code` is that of the paper; `path` lies in the folder of attachments, outside the web root. It is in use
    while `ended_at` is empty; without such a row the usual form is.
    """

    township = models.ForeignKey("organisation.Unit", models.PROTECT, related_name="+")
    code = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    name = models.CharField(max_length=200)
    path = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size_bytes = models.PositiveIntegerField()
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["township", "code", "version"], name="paper_template_version_once"),
            models.UniqueConstraint(
                fields=["township", "code"], condition=Q(ended_at__isnull=True), name="paper_template_one_in_use"
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.version}"
