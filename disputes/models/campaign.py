"""Concentrated investigations: a plain record of their own, not matters; no figure in them is ever typed."""
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from governance.casework.models import Matter

from ..querysets.campaigns import CampaignQuerySet, RoundQuerySet


class Campaign(models.Model):
    """A concentrated investigation (专项排查) that the office announces to villages of its township.

    It runs from `starts_on` to `ends_on`, both included, and villages report by `report_by`. `categories`:
    codes of dispute categories, none for all. It ends by being summed up or cancelled; `figures`: what counted then.
    """

    class State(models.TextChoices):
        ANNOUNCED = "announced", _("Announced")
        RUNNING = "running", _("Under way")
        REPORTING = "reporting", _("Villages report")
        SUMMED_UP = "summed_up", _("Summed up")
        CANCELLED = "cancelled", _("Cancelled")

    township = models.ForeignKey("organisation.Unit", models.PROTECT, related_name="+", db_index=False)
    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("what is looked for, and how"))
    categories = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    report_by = models.DateField(_("villages report by"))
    announced_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    announced_at = models.DateTimeField()
    client_uuid = models.UUIDField(unique=True)
    version = models.PositiveIntegerField(default=1)
    conclusion = models.TextField(_("conclusion"), blank=True)
    summed_up_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    summed_up_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_reason = models.CharField(max_length=300, blank=True)
    figures = models.JSONField(null=True, blank=True)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = _("concentrated investigation")
        verbose_name_plural = _("concentrated investigations")
        default_permissions = ()
        indexes = [models.Index(fields=["township", "-starts_on"], name="campaign_of_township")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on"), report_by__gte=F("starts_on")), name="campaign_days_ordered"
            ),
            models.CheckConstraint(
                condition=Q(summed_up_at__isnull=True, cancelled_at__isnull=True, figures__isnull=True)
                | Q(summed_up_at__isnull=False, cancelled_at__isnull=True, figures__isnull=False,
                    summed_up_by__isnull=False)
                | Q(summed_up_at__isnull=True, cancelled_at__isnull=False, figures__isnull=False,
                    cancelled_by__isnull=False),
                name="campaign_ended_has_figures",
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def is_ended(self) -> bool:
        """Whether nothing is reported to it any more and its figures are frozen."""
        return self.summed_up_at is not None or self.cancelled_at is not None

    @property
    def frozen_at(self):
        """When its figures were frozen; None while it is counted live."""
        return self.summed_up_at or self.cancelled_at

    def state_on(self, day) -> str:
        """The state on a day: it runs and ends by its days; only summing up and cancelling are acts."""
        if self.is_ended:
            return self.State.SUMMED_UP if self.summed_up_at else self.State.CANCELLED
        if day < self.starts_on:
            return self.State.ANNOUNCED
        return self.State.RUNNING if day <= self.ends_on else self.State.REPORTING


class CampaignVillage(models.Model):
    """A village that takes part in a campaign (参加村)."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="villages", db_index=False)
    unit = models.ForeignKey("organisation.Unit", models.PROTECT, related_name="+")

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["campaign", "unit"], name="campaign_village_once")]

    def __str__(self):
        return f"{self.campaign_id} {self.unit_id}"


class InvestigationRound(models.Model):
    """An investigation round that a village has held (排查一次): in a campaign its report, else a routine one.

    It says that the round was held and when; what was found are the disputes themselves. `found_count` is what
    was counted when a campaign was reported, none of it typed; nothing counted is the zero report (零报告).
    """

    unit = models.ForeignKey("organisation.Unit", models.PROTECT, related_name="+", verbose_name=_("village"))
    campaign = models.ForeignKey(
        Campaign, models.PROTECT, null=True, blank=True, related_name="reports", db_index=False
    )
    held_on = models.DateField(_("held on"))
    found_count = models.PositiveIntegerField(null=True, blank=True)
    comment = models.TextField(_("remark"), blank=True)
    is_late = models.BooleanField(default=False)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    recorded_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.CharField(max_length=300, blank=True)

    objects = RoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("investigation round")
        verbose_name_plural = _("investigation rounds")
        default_permissions = ()
        indexes = [models.Index(fields=["unit", "-held_on"], name="round_of_unit")]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "unit"], name="round_reports_campaign_once",
                condition=Q(campaign__isnull=False, withdrawn_at__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["unit", "held_on"], name="round_routine_once_a_day",
                condition=Q(campaign__isnull=True, withdrawn_at__isnull=True),
            ),
            models.CheckConstraint(
                condition=Q(campaign__isnull=True) | Q(found_count__isnull=False), name="round_of_campaign_is_counted"
            ),
        ]

    def __str__(self):
        return f"{self.unit_id} {self.held_on}"

    @property
    def is_zero(self) -> bool:
        """Whether it was a zero report."""
        return self.found_count == 0


class CampaignFinding(models.Model):
    """A dispute reported from a campaign's page (专项排查发现): it belongs to the campaign whatever its dates."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="findings", db_index=False)
    matter = models.ForeignKey(Matter, models.CASCADE, related_name="campaign_findings")

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["campaign", "matter"], name="campaign_finding_once")]

    def __str__(self):
        return f"{self.campaign_id} {self.matter_id}"
