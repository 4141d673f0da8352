"""Weekly roll-ups: one for each township and week, in versions that are never overwritten once signed."""
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .. import calendar


class Rollup(models.Model):
    """The roll-up of a township and a week (周报)."""

    township = models.ForeignKey("organisation.Unit", models.PROTECT, related_name="+")
    period_code = models.CharField(max_length=24)
    first_on = models.DateField()

    class Meta:
        verbose_name = _("weekly report")
        verbose_name_plural = _("weekly reports")
        default_permissions = ()
        ordering = ["-first_on"]
        constraints = [models.UniqueConstraint(fields=["township", "period_code"], name="rollup_once")]

    def __str__(self):
        return f"{self.township_id} {self.period_code}"

    @property
    def period(self):
        """The week."""
        return calendar.parse(self.period_code)


class RollupVersion(models.Model):
    """A version of a roll-up (版本): what was known at its cut-off; frozen when the leader has signed.

    `remark` is the township's note of the week. Villages confirm until `confirm_by`, set when it was made.
    `returned_reason`: why the leader sent it back, until it is handed up again.
    """

    class State(models.TextChoices):
        COMPUTED = "computed", _("computed")
        REVIEWED = "township_reviewed", _("reviewed by the township")
        SIGNED = "signed", _("signed")

    rollup = models.ForeignKey(Rollup, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(_("state"), max_length=20, choices=State.choices, default=State.COMPUTED)
    cut_off_at = models.DateTimeField(_("cut-off"))
    computed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    confirm_by = models.DateTimeField(_("villages confirm by"), null=True)
    remark = models.TextField(_("note of the week"), blank=True)
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True)
    returned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    returned_at = models.DateTimeField(null=True)
    returned_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        default_permissions = ()
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["rollup", "number"], name="rollup_version_once"),
            models.UniqueConstraint(fields=["rollup"], name="rollup_one_unsigned", condition=~Q(state="signed")),
            models.CheckConstraint(
                condition=~Q(state="signed") | Q(signed_at__isnull=False, reviewed_at__isnull=False),
                name="rollup_signed_after_review",
            ),
        ]

    @property
    def is_frozen(self) -> bool:
        """Whether nothing of it changes any more."""
        return self.state == self.State.SIGNED


class RollupPart(models.Model):
    """What one village has in a version (村级部分): its confirmation and comment; figures stand in its cells.

    The township's own part, for what lies in no village, is confirmed by nobody. `returned_reason`: why the
    township sent it back, until it is confirmed again.
    """

    version = models.ForeignKey(RollupVersion, models.CASCADE, related_name="parts")
    unit = models.ForeignKey("organisation.Unit", models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    is_village = models.BooleanField(default=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    comment = models.TextField(_("comment"), blank=True)
    returned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    returned_at = models.DateTimeField(null=True)
    returned_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        default_permissions = ()
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["version", "unit"], name="rollup_part_once")]


class RollupCell(models.Model):
    """A figure of a part as it was counted, with the ids of the matters behind it (单元格).

    An id stands in `rows` as often as the matter counts; `total_rows` are those of the denominator.
    """

    part = models.ForeignKey(RollupPart, models.CASCADE, related_name="cells")
    metric = models.CharField(max_length=60)
    rows = ArrayField(models.BigIntegerField(), default=list)
    total_rows = ArrayField(models.BigIntegerField(), null=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["part", "metric"], name="rollup_cell_once")]
