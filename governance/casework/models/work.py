"""Who is named in a matter, with what task: grants, instructions, files, drafts."""
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from guardian.models import UserObjectPermissionBase

from .event import Event
from .matter import Matter


class MatterUserGrant(UserObjectPermissionBase):
    """Sight of one matter given by name (点名授权), on guardian's direct-foreign-key table."""

    content_object = models.ForeignKey(Matter, models.CASCADE, related_name="grants")
    ground = models.CharField(max_length=20, blank=True)

    class Meta(UserObjectPermissionBase.Meta):
        default_permissions = ()
        indexes = [models.Index(fields=["user", "content_object"], name="grant_user_matter")]


class Assignment(models.Model):
    """A task in a matter for one person with a day (交办、批示): a leader's instruction or a clerk's task."""

    class Kind(models.TextChoices):
        INSTRUCTION = "instruction", _("Instruction")
        TASK = "task", _("Task")

    matter = models.ForeignKey(Matter, models.CASCADE, related_name="assignments")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    assignee = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    text = models.TextField()
    due_on = models.DateField(null=True, blank=True)
    given_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    event = models.ForeignKey(Event, models.PROTECT, related_name="+")

    class Meta:
        default_permissions = ()
        ordering = ["-given_at"]
        indexes = [
            models.Index(fields=["assignee", "due_on"], name="assignment_open", condition=Q(done_at__isnull=True))
        ]


class Attachment(models.Model):
    """A file of a matter (附件), outside the web root, served through visibility.

    `evidence` says what it proves (a code of the kind, e.g. `signed_agreement`); "" is just a file.
    """

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="attachments")
    evidence = models.CharField(max_length=40, blank=True)
    name = models.CharField(max_length=200)
    path = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size_bytes = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    event = models.ForeignKey(Event, models.PROTECT, null=True, related_name="attachments")
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()
        ordering = ["id"]


class Draft(models.Model):
    """What somebody has typed into a form and not yet sent (草稿); wiped when it is sent."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    form = models.CharField(max_length=80)
    values_encrypted = models.BinaryField()
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["user", "form"], name="draft_once")]
