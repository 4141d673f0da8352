"""Mediation itself: who mediates, what was held, how it ended, where the parties were sent, the revisit."""
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from governance.casework.models import Matter, Party


class Mediator(models.Model):
    """A mediator whom the parties chose or accept (调解员)."""

    matter = models.ForeignKey(Matter, models.CASCADE, related_name="mediators")
    round = models.PositiveSmallIntegerField(default=1)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    is_lead = models.BooleanField(_("leads the mediation"), default=False)
    is_chosen = models.BooleanField(_("chosen by the parties"), default=False)
    named_on = models.DateField(_("named on"))
    withdrawn_on = models.DateField(_("no longer mediates since"), null=True, blank=True)

    class Meta:
        default_permissions = ()
        ordering = ["-is_lead", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["matter", "round", "user"], name="mediator_once", condition=Q(withdrawn_on__isnull=True)
            )
        ]


class Session(models.Model):
    """A mediation session, or the hearing of one person (调解笔录、调查笔录)."""

    matter = models.ForeignKey(Matter, models.CASCADE, related_name="sessions")
    round = models.PositiveSmallIntegerField(default=1)
    kind = models.CharField(max_length=20, default="mediation")
    held_at = models.DateTimeField(_("held at"))
    place = models.CharField(_("place"), max_length=120)
    participants = models.CharField(_("present"), max_length=300)
    heard = models.CharField(_("person heard"), max_length=120, blank=True)
    is_joint = models.BooleanField(_("the parties sat together"), default=True)
    told = models.TextField(_("what the parties were told"), blank=True)
    record = models.TextField(_("record"))
    result = models.TextField(_("result"), blank=True)
    recorder = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("recorded by")
    )

    class Meta:
        default_permissions = ()
        ordering = ["held_at", "id"]


class Ending(models.Model):
    """How a mediation ended without an agreement (调解不成、撤回、不予受理).

    `ground` is given when it was declined; `advice` says where the parties can turn.
    """

    # Led by an index of Meta, with the day.
    matter = models.ForeignKey(Matter, models.CASCADE, related_name="endings", db_index=False)
    round = models.PositiveSmallIntegerField(default=1)
    result = models.CharField(_("result"), max_length=20)
    ended_on = models.DateField(_("ended on"))
    ground = models.CharField(_("ground"), max_length=40, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    advice = models.TextField(_("where to turn"), blank=True)
    asked_by = models.ForeignKey(
        Party, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("who asked for it")
    )

    class Meta:
        default_permissions = ()
        ordering = ["id"]
        indexes = [
            models.Index(fields=["ended_on"], name="ending_ended"),
            models.Index(fields=["matter", "ended_on"], name="ending_matter_day"),
        ]


class Referral(models.Model):
    """Where the parties were sent after mediation failed (引导、移送)."""

    matter = models.ForeignKey(Matter, models.CASCADE, related_name="referrals")
    round = models.PositiveSmallIntegerField(default=1)
    way = models.CharField(_("where to"), max_length=40)
    authority = models.CharField(_("authority"), max_length=80)
    referred_on = models.DateField(_("referred on"))

    class Meta:
        default_permissions = ()
        ordering = ["id"]


class Revisit(models.Model):
    """A revisit after mediation (回访)."""

    matter = models.ForeignKey(Matter, models.CASCADE, related_name="revisits")
    round = models.PositiveSmallIntegerField(default=1)
    visited_on = models.DateField(_("revisited on"))
    manner = models.CharField(_("how"), max_length=20)
    party = models.ForeignKey(
        Party, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("who was asked")
    )
    satisfied = models.CharField(_("satisfied"), max_length=20)
    performance = models.CharField(_("performance"), max_length=20, blank=True)
    finding = models.TextField(_("finding"))
    visitor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("revisited by")
    )

    class Meta:
        default_permissions = ()
        ordering = ["visited_on", "id"]
