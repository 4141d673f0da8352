"""Judicial confirmation of an agreement: facts, not a state."""
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from governance.casework.models import Matter

from .agreement import Agreement


class Confirmation(models.Model):
    """Judicial confirmation (司法确认): applied for jointly, or waived by both; then confirmed or refused."""

    matter = models.ForeignKey(Matter, models.CASCADE, related_name="confirmations")
    agreement = models.OneToOneField(Agreement, models.CASCADE, related_name="confirmation")
    court = models.CharField(_("court"), max_length=80, blank=True)
    applied_on = models.DateField(_("applied on"), null=True, blank=True)
    waived_on = models.DateField(_("waived on"), null=True, blank=True)
    decided_on = models.DateField(_("decided on"), null=True, blank=True)
    result = models.CharField(_("ruling"), max_length=20, blank=True)
    ruling_number = models.CharField(_("number of the ruling"), max_length=60, blank=True)

    class Meta:
        default_permissions = ()
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(applied_on__isnull=True) | Q(waived_on__isnull=True),
                name="confirmation_applied_or_waived",
            ),
            models.CheckConstraint(
                condition=Q(decided_on__isnull=True) | Q(applied_on__isnull=False),
                name="confirmation_decided_after_applied",
            ),
        ]
