"""Where people are logged in (登录会话)."""
from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils.translation import gettext_lazy as _

from ..querysets import LoginSessionQuerySet


class LoginSession(AbstractBaseSession):
    """A session (登录会话): who is logged in since when, from where and with what; written by governance.sessions."""

    # The hash of what the browser holds.
    session_key = models.CharField(max_length=64, primary_key=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="login_sessions")
    begun_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    address = models.GenericIPAddressField(null=True)
    device = models.CharField(max_length=200, blank=True)

    objects = LoginSessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        default_permissions = ()

    def __str__(self):
        return f"session of {self.person_id}"
