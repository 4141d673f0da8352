"""Who logged in, who tried to, and on which devices people are known (登录记录)."""
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..querysets import LoginRecordQuerySet


class LoginRecord(models.Model):
    """An entry of the login log (登录记录), kept for the auditor (网络安全法 art. 21: at least six months).

    A name that belongs to no account is kept as a hash only: people type passwords into the wrong field.
    """

    class Outcome(models.TextChoices):
        LOGIN = "login", _("logged in")
        PASSWORD = "password", _("password right, second factor due")
        FAILED = "failed", _("wrong name or password")
        CODE_WRONG = "code_wrong", _("wrong code of the second factor")
        OLD_WRONG = "old_wrong", _("wrong old password at a change")
        LOCKED = "locked", _("refused: locked")
        LOGOUT = "logout", _("logged out")
        LIFTED = "lifted", _("lockout lifted")

    at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    name_hash = models.CharField(max_length=64, blank=True)
    address = models.GenericIPAddressField(null=True)
    device = models.CharField(max_length=200, blank=True)
    # The hash of the mark of a browser in which this person has logged in before; "" for a strange one.
    known = models.CharField(max_length=64, blank=True)
    # How often within a minute: refused tries come by the thousand.
    count = models.PositiveIntegerField(default=1)

    objects = LoginRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("login record")
        verbose_name_plural = _("login records")
        default_permissions = ("view",)
        permissions = [("lift_lockout_of_guard", _("Can lift the lockout of a security administrator"))]
        indexes = [
            models.Index(fields=["-at", "-id"], name="login_newest_first"),
            models.Index(fields=["name_hash", "-at"], name="login_of_name"),
            models.Index(fields=["address", "-at"], name="login_of_address"),
            models.Index(fields=["person", "-at"], name="login_of_person"),
        ]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.outcome} {self.person_id}"


class KnownDevice(models.Model):
    """A browser in which a person has logged in before (常用设备): its own tries are counted apart from strangers'."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="known_devices")
    mark_hash = models.CharField(max_length=64)
    first_at = models.DateTimeField(default=timezone.now)
    last_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("known device")
        verbose_name_plural = _("known devices")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["user", "mark_hash"], name="device_known_once")]

    def __str__(self):
        return f"device of {self.user_id}"
