"""The State Council's arrangement of days off as the township entered it, and its working hours."""
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from ..calendar import Arrangement, hours_in_words


class HolidayArrangement(models.Model):
    """A year's days off and worked weekend days (节假日安排), with the document that says so.

    `applied_at` is empty until all ends that rest on it were computed anew.
    """

    year = models.PositiveSmallIntegerField(_("year"), unique=True)
    source = models.CharField(_("document"), max_length=200)
    issued_on = models.DateField(_("issued on"))
    days_off = ArrayField(models.DateField(), verbose_name=_("days off"))
    workdays = ArrayField(models.DateField(), verbose_name=_("worked weekend days"), blank=True, default=list)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        ordering = ["-year"]

    def __str__(self):
        return f"{self.year} {self.source}"

    @property
    def value(self) -> Arrangement:
        """As the calendar takes it."""
        return Arrangement(self.year, frozenset(self.days_off), frozenset(self.workdays))


class WorkingHours(models.Model):
    """When offices are open on a working day (工作时间): one row for the whole portal, none while the usual hold."""

    morning_opens = models.TimeField(_("morning, from"))
    morning_closes = models.TimeField(_("morning, until"))
    afternoon_opens = models.TimeField(_("afternoon, from"))
    afternoon_closes = models.TimeField(_("afternoon, until"))
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self):
        return hours_in_words(self.spans)

    @property
    def spans(self) -> tuple:
        """As the calendar takes them."""
        return (self.morning_opens, self.morning_closes), (self.afternoon_opens, self.afternoon_closes)
