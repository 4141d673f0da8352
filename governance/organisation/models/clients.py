"""Programs of others that work with the portal over its interface, and the tokens they show."""
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from ..querysets import ApiTokenQuerySet
from .people import User


class ApiClient(models.Model):
    """A client (接口客户端): another system, which works as a service account with posts like anybody.

    Three hands: the system administrator makes it and issues its tokens, the security administrator gives it
    posts and releases each token, the auditor reads both in the change log.
    """

    user = models.OneToOneField(User, models.PROTECT, primary_key=True, related_name="api_client")
    purpose = models.CharField(_("purpose"), max_length=200)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("client of the interface")
        verbose_name_plural = _("clients of the interface")
        default_permissions = ("add", "view")

    def __str__(self):
        return self.user.name


class ApiToken(models.Model):
    """A token of a client (访问令牌): shown once, kept as a hash; works from its release until it expires.

    `prefix` is the part that is shown in lists and logs; `digest` the SHA-256 (hex) of the whole token.
    `last_used_at` is exact to a minute.
    """

    client = models.ForeignKey(ApiClient, models.PROTECT, related_name="tokens")
    prefix = models.CharField(max_length=12, unique=True)
    digest = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=40), verbose_name=_("scopes"))
    expires_at = models.DateTimeField(_("expires"))
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    released_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    released_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("token")
        verbose_name_plural = _("tokens")
        default_permissions = ("add",)
        permissions = [
            ("release_apitoken", _("Can release tokens of clients")),
            ("revoke_apitoken", _("Can revoke tokens of clients")),
        ]
        ordering = ["-created_at", "-id"]

    def __str__(self):
        return self.prefix
