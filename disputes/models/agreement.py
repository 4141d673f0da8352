"""What the parties agreed, and whether it is performed."""
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from governance.casework.models import Matter

from ..querysets import AgreementQuerySet, InstalmentQuerySet


class Agreement(models.Model):
    """An agreement reached in mediation (调解协议).

    It takes effect on `effective_on`: a written one with the last signature and the committee's seal, an
    oral one on the day agreed. `replaced_on` is set when a later round of mediation put another in its place.
    """

    # Led by an index of Meta, with the day.
    matter = models.ForeignKey(Matter, models.CASCADE, related_name="agreements", db_index=False)
    round = models.PositiveSmallIntegerField(default=1)
    form = models.CharField(_("form"), max_length=10)
    number = models.CharField(_("number of the agreement"), max_length=80)
    agreed_on = models.DateField(_("agreed on"))
    effective_on = models.DateField(_("takes effect on"))
    facts = models.TextField(_("main facts of the dispute"))
    disputed_points = models.TextField(_("points in dispute"), blank=True)
    responsibility = models.TextField(_("responsibility of the parties"), blank=True)
    terms = models.TextField(_("what was agreed"))
    manner = models.TextField(_("how it is performed"), blank=True)
    amount_yuan = models.DecimalField(_("amount (yuan)"), max_digits=14, decimal_places=2, null=True, blank=True)
    copies = models.PositiveSmallIntegerField(_("copies"), default=3)
    concerns_status_or_title = models.BooleanField(
        _("concerns a status relation or the existence of a title"), default=False
    )
    written_down_on = models.DateField(_("oral agreement written down on"), null=True, blank=True)
    replaced_on = models.DateField(null=True, blank=True)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["id"]
        indexes = [
            models.Index(fields=["agreed_on"], name="agreement_agreed"),
            models.Index(fields=["matter", "agreed_on"], name="agreement_matter_day"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(effective_on__gte=models.F("agreed_on")), name="agreement_effective_after_agreed"
            ),
            models.UniqueConstraint(
                fields=["matter"], name="agreement_one_in_force", condition=Q(replaced_on__isnull=True)
            ),
        ]


class Instalment(models.Model):
    """One thing that is due under an agreement on a day (履行期次).

    `period_days` is given when a period was agreed instead of a day, `counted_from` when a written change
    of the agreement made this row. `replaced_on` is set when a written
    change of the agreement put another in its place.
    """

    matter = models.ForeignKey(Matter, models.CASCADE, related_name="instalments")
    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="instalments")
    position = models.PositiveSmallIntegerField()
    what = models.CharField(_("what is due"), max_length=200)
    amount_yuan = models.DecimalField(_("amount (yuan)"), max_digits=14, decimal_places=2, null=True, blank=True)
    due_on = models.DateField(_("due on"))
    counted_from = models.DateField(null=True, blank=True)
    period_days = models.PositiveSmallIntegerField(null=True, blank=True)
    state = models.CharField(_("state"), max_length=20, default="open")
    performed_on = models.DateField(_("performed on"), null=True, blank=True)
    performed_yuan = models.DecimalField(
        _("performed (yuan)"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    replaced_on = models.DateField(null=True, blank=True)

    objects = InstalmentQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["position", "id"]
        indexes = [
            models.Index(fields=["due_on"], name="instalment_due"),
            models.Index(
                fields=["due_on"], name="instalment_outstanding",
                condition=Q(replaced_on__isnull=True) & ~Q(state="performed"),
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="performed") | Q(performed_on__isnull=False), name="instalment_performed_has_day"
            )
        ]

    @property
    def is_performed(self) -> bool:
        """Whether it is wholly performed."""
        return self.state == "performed"

    @property
    def was_late(self) -> bool:
        """Whether it was performed after its day."""
        return self.is_performed and self.performed_on > self.due_on


class PerformanceCheck(models.Model):
    """What the mediator found when an instalment had fallen due (履行核查).

    `found` is a code that stays; `words` are free and can be erased.
    """

    matter = models.ForeignKey(Matter, models.CASCADE, related_name="performance_checks")
    instalment = models.ForeignKey(Instalment, models.CASCADE, related_name="checks")
    checked_on = models.DateField(_("checked on"))
    found = models.CharField(_("found"), max_length=20)
    words = models.TextField(_("what was found, in words"), blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("checked by")
    )

    class Meta:
        default_permissions = ()
        ordering = ["checked_on", "id"]


class AgreementChange(models.Model):
    """A written change of what is due (协议变更): the parties agreed other days or amounts."""

    matter = models.ForeignKey(Matter, models.CASCADE, related_name="agreement_changes")
    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="changes")
    changed_on = models.DateField(_("changed on"))
    reason = models.TextField(_("reason"))

    class Meta:
        default_permissions = ()
        ordering = ["id"]


class Default(models.Model):
    """A default (逾期未履行): the committee urged, and advised on the way to court."""

    matter = models.ForeignKey(Matter, models.CASCADE, related_name="defaults")
    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="defaults")
    recorded_on = models.DateField(_("recorded on"))
    urged_on = models.DateField(_("urged on"))
    urging = models.TextField(_("how the debtor was urged"))
    advice = models.TextField(_("advice given"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        default_permissions = ()
        ordering = ["id"]
