"""What one administration asks for and another has to agree to (双人复核): nobody does it alone."""
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..querysets import WaitingQuerySet
from .people import Post, User


class Waiting(models.Model):
    """Asked for by one hand, agreed to by another, or taken back; what is not agreed to in time lapses."""

    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    lapses_at = models.DateTimeField()
    agreed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    agreed_at = models.DateTimeField(null=True)
    dropped_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    dropped_at = models.DateTimeField(null=True)

    objects = WaitingQuerySet.as_manager()

    class Meta:
        abstract = True


class CodeRequest(Waiting):
    """A one-time code in two halves (一次性口令的申请): one for each hand, so that neither opens the account alone.

    `code_hash` is of the whole, `seed` makes the second half together with the portal's key: neither half is kept.
    `asked_as` is the role of the first hand; `takes_factor`: the second factor goes too, as the phone is lost.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="code_requests")
    asked_as = models.CharField(max_length=20)
    seed = models.CharField(max_length=64)
    code_hash = models.CharField(max_length=128)
    takes_factor = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("request for a one-time code")
        verbose_name_plural = _("requests for one-time codes")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(agreed_at=None, dropped_at=None), name="code_request_waits_once"
            ),
        ]

    def __str__(self):
        return f"code for {self.user_id}"


class PostEnding(Waiting):
    """The end of an auditor's post (免去安全审计员): the security administrator asks, the system's agrees."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="endings")
    to_on = models.DateField(_("last day"))

    class Meta:
        verbose_name = _("ending of a post")
        verbose_name_plural = _("endings of posts")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["post"], condition=Q(agreed_at=None, dropped_at=None), name="post_ending_waits_once"
            ),
        ]

    def __str__(self):
        return f"end of {self.post_id}"
