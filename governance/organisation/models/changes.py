"""The change log of the organisation: append-only, hash-chained per subject."""
from datetime import UTC

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ..querysets import ChangeQuerySet


class Change(models.Model):
    """A recorded change (变更记录) of a unit, person, post, duty, vocabulary or local length.

    Holds codes and ids only; a database trigger refuses UPDATE and DELETE.
    """

    subject_type = models.CharField(max_length=32)
    subject_id = models.CharField(max_length=64)
    seq = models.PositiveIntegerField()
    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    verb = models.CharField(max_length=48)
    data = models.JSONField(default=dict)
    personal_hash = models.CharField(max_length=64, blank=True)
    prev_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["-at", "-id"], name="change_newest_first"),
            models.Index(fields=["actor", "-at", "-id"], name="change_of_actor"),
            models.Index(fields=["subject_type", "-at", "-id"], name="change_of_kind"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["subject_type", "subject_id", "seq"], name="change_seq_once"),
        ]

    def __str__(self):
        return f"{self.subject_type} {self.subject_id} #{self.seq} {self.verb}"

    @property
    def payload(self):
        """What the hash covers."""
        return {
            "subject_type": self.subject_type, "subject_id": self.subject_id, "seq": self.seq,
            "at": self.at.astimezone(UTC).isoformat(), "actor": self.actor_id, "verb": self.verb,
            "data": self.data, "personal_hash": self.personal_hash,
        }


class ChangePersonal(models.Model):
    """Personal values of a change (变更中的个人信息), erasable with their salt without breaking the chain."""

    change = models.OneToOneField(Change, models.PROTECT, primary_key=True, related_name="personal")
    values = models.JSONField()
    salt = models.CharField(max_length=32)

    class Meta:
        verbose_name = _("personal values of a change")
        verbose_name_plural = _("personal values of changes")
        default_permissions = ()

    def __str__(self):
        return f"personal values of change {self.pk}"
