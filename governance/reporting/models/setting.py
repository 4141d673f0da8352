"""How a township counts its months and when its villages confirm: one row for each township that says so."""
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ReportSetting(models.Model):
    """A township's own habits of reporting (报表设置); without a row the usual ones hold.

    `month_cut_day`: the last day of a month that reports count, 0 for calendar months. `confirm_days`: working
    days within which villages confirm the weekly report, that of its computing included.
    """

    CONFIRM_DAYS = 2
    LAST_CUT_DAY = 28

    township = models.OneToOneField("organisation.Unit", models.PROTECT, primary_key=True, related_name="+")
    month_cut_day = models.PositiveSmallIntegerField(_("last day of a month"), default=0)
    confirm_days = models.PositiveSmallIntegerField(_("villages confirm within"), default=CONFIRM_DAYS)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("report setting")
        verbose_name_plural = _("report settings")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=Q(month_cut_day__lte=28), name="report_setting_cut_day_in_every_month"),
            models.CheckConstraint(
                condition=Q(confirm_days__gte=1, confirm_days__lte=5), name="report_setting_confirm_days_of_a_week"
            ),
        ]

    def __str__(self):
        return f"{self.township_id} {self.month_cut_day} {self.confirm_days}"
