"""Duties: the responsibility matrix as dated facts."""
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ..querysets import DutyQuerySet
from ..registry import all_lines
from .people import DatedRow, Post


class Responsibility(models.TextChoices):
    """Kind of responsibility (责任类型); standing in is not a duty but a dated stand-in of the post."""

    FIRST = "first", _("First responsibility")
    DIRECT = "direct", _("Direct responsibility")
    SCOPE = "scope", _("Responsibility in charge of the field")
    LEAD = "lead", _("Lead")
    ASSIST = "assist", _("Assisting")
    VILLAGE_LEADER = "village_leader", _("Leader of the village")


def line_choices() -> list[tuple]:
    """Code and label of every line of work a duty can be about: all of them, then each."""
    return [(Duty.ALL_LINES, _("All lines of work")), *((line.code, line.label) for line in all_lines())]


class Duty(DatedRow):
    """A duty (责任): for a line of work in a unit, the post that answers for it, and how."""

    ALL_LINES = "all"

    line = models.CharField(_("line of work"), max_length=32, default=ALL_LINES)
    unit = models.ForeignKey(
        "organisation.Unit", models.PROTECT, related_name="duties", verbose_name=_("unit")
    )
    post = models.ForeignKey(Post, models.PROTECT, related_name="duties", verbose_name=_("post"))
    responsibility = models.CharField(_("responsibility"), max_length=16, choices=Responsibility.choices)

    objects = DutyQuerySet.as_manager()

    class Meta:
        verbose_name = _("duty")
        verbose_name_plural = _("duties")
        default_permissions = ("change", "view")
        indexes = [models.Index(fields=["unit", "line"], name="duty_unit_line")]
        constraints = [
            models.CheckConstraint(
                condition=Q(to_on__isnull=True) | Q(to_on__gte=F("from_on")), name="duty_days_ordered"
            ),
            models.UniqueConstraint(
                fields=["line", "unit", "post", "responsibility"], condition=Q(to_on__isnull=True),
                name="duty_open_once",
            ),
        ]

    @property
    def line_label(self):
        """The line of work in words; the code of one that no installed app offers any more."""
        return dict(line_choices()).get(self.line, self.line)

    def __str__(self):
        return f"{self.line}@{self.unit_id} {self.responsibility}"
