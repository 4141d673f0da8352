"""What proves a person beside the password, and the passwords they had (第二因素与历史口令)."""
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class RecoveryCode(models.Model):
    """A recovery code (恢复码): opens once in place of the code of the phone; only its hash is kept."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="recovery_codes")
    code_hash = models.CharField(max_length=128)
    used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("recovery code")
        verbose_name_plural = _("recovery codes")
        default_permissions = ()

    def __str__(self):
        return f"recovery code of {self.user_id}"


class HadPassword(models.Model):
    """A password that a person has or had (历史口令), as a hash: the last five are not taken again."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="had_passwords")
    password_hash = models.CharField(max_length=128)
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("password of the past")
        verbose_name_plural = _("passwords of the past")
        default_permissions = ()

    def __str__(self):
        return f"a password of {self.user_id}"
