"""Reminders as debts, and the outbox from which messages are paid."""
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..querysets import MessageQuerySet, ReminderQuerySet
from .clock import Clock
from .matter import Matter
from .work import Assignment


class Reminder(models.Model):
    """A reminder that somebody is owed (提醒): unique per clock, due time, level and recipient.

    An extension or a reopening changes the due time, and so reminds anew. `owed_at` is when it fell due,
    `send_after` keeps office hours; `sent_at` is set in the transaction that writes its messages.
    """

    clock = models.ForeignKey(Clock, models.CASCADE, related_name="reminders")
    matter = models.ForeignKey(Matter, models.CASCADE, related_name="+")
    due_at = models.DateTimeField()
    level = models.CharField(max_length=30)
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    owed_at = models.DateTimeField()
    send_after = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = ReminderQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["clock", "due_at", "level", "recipient"], name="reminder_owed_once")
        ]
        indexes = [
            models.Index(fields=["send_after", "id"], name="reminder_unsent", condition=Q(sent_at__isnull=True))
        ]


class Message(models.Model):
    """A message in the outbox (消息): channel, recipient, what about; number and link, never content.

    `key` is unique: whoever writes it twice has written it once. `withheld_at`: the recipient no longer saw the
    matter when it was to go out; it is never sent.
    """

    class Channel(models.TextChoices):
        PORTAL = "portal", _("In the portal")
        EMAIL = "email", _("E-mail")

    channel = models.CharField(max_length=10, choices=Channel.choices)
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    matter = models.ForeignKey(Matter, models.CASCADE, null=True, related_name="+")
    subject = models.CharField(max_length=40)
    data = models.JSONField(default=dict)
    key = models.CharField(max_length=160, unique=True)
    reminder = models.ForeignKey(Reminder, models.CASCADE, null=True, related_name="messages")
    assignment = models.ForeignKey(Assignment, models.CASCADE, null=True, related_name="+")
    created_at = models.DateTimeField()
    send_after = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    withheld_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["send_after", "id"], name="message_unsent", condition=Q(sent_at__isnull=True)),
            models.Index(fields=["recipient", "-created_at"], name="message_of_recipient"),
        ]
