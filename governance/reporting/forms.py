"""Forms of reports: shape of input only."""
from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from governance.organisation.forms.editing import EditForm

from .models import ReportSetting


def _ending_on(day: int) -> str:
    return gettext("day %(day)s (from day %(next)s of the month before)") % {"day": day, "next": day + 1}


_CUT_DAYS = [
    (0, _("the month's own end (calendar month)")),
    *((day, lazy(_ending_on, str)(day)) for day in range(1, ReportSetting.LAST_CUT_DAY + 1)),
]


class SettingForm(EditForm):
    """On which day a township's months end, and how long villages have to confirm."""

    month_cut_day = forms.TypedChoiceField(
        label=_("Last day of a month in reports"), coerce=int, choices=_CUT_DAYS,
        help_text=_("Monthly tables then cover these days and say so. Weeks, quarters and years stay as they are."),
    )
    confirm_days = forms.TypedChoiceField(
        label=_("Villages confirm the weekly report within"), coerce=int,
        choices=[(count, lazy(lambda count=count: gettext("%(count)s working days") % {"count": count}, str)())
                 for count in range(1, 6)],
        help_text=_("The day on which it is computed is the first. They are reminded on the last morning; after "
                    "closing time the office is told who lacks."),
    )

    def __init__(self, data, *, held):
        self.held = {name: getattr(held, name) for name in self.base_fields}
        super().__init__(data, initial=self.held)
        self.remember()

    def habits(self) -> dict:
        """Both habits: what was changed, beside what stands."""
        return {**self.held, **self.edited()}
