"""The timeline: append-only events, chained per matter; personal values lie beside them and can be erased."""
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ..querysets import EventQuerySet
from .matter import Matter


class Event(models.Model):
    """An act on a matter (经过): who, when, from where, what, before and after.

    `data` holds codes and ids only; `version` is the matter's version after the act.
    `acted_at` is the date of the act, `at` the moment of typing.
    A database trigger refuses UPDATE and DELETE.
    """

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="events", db_index=False)
    seq = models.PositiveIntegerField()
    version = models.PositiveIntegerField()
    verb = models.CharField(max_length=60)
    at = models.DateTimeField()
    acted_at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    origin = models.CharField(max_length=60, blank=True)
    data = models.JSONField(default=dict)
    personal_hash = models.CharField(max_length=64, blank=True)
    prev_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("timeline")
        default_permissions = ("view",)
        ordering = ["matter", "seq"]
        constraints = [models.UniqueConstraint(fields=["matter", "seq"], name="event_seq_once")]
        indexes = [models.Index(fields=["verb", "-at"], name="event_verb_at")]


class DatedAct(models.Model):
    """An act with its date as last corrected (按更正后日期的经过), read from the timeline, never written.

    `led_to` is the state that it led to, if it was a step; `held_at` the date of the act as
    `services.recording.correct_date` last set it.
    """

    id = models.BigIntegerField(primary_key=True)
    matter = models.ForeignKey(Matter, models.DO_NOTHING, related_name="+")
    seq = models.PositiveIntegerField()
    verb = models.CharField(max_length=60)
    led_to = models.CharField(max_length=60, null=True)
    held_at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "casework_dated_act"
        default_permissions = ()


class EventPersonal(models.Model):
    """Free words and personal values of an event (可删除的个人信息), with the salt of their hash."""

    event = models.OneToOneField(Event, models.CASCADE, primary_key=True, related_name="personal")
    salt = models.CharField(max_length=32)
    values = models.JSONField(default=dict)
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()
