"""What is asked for before a table is taken out (导出条件)."""
from datetime import date, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.casework.forms import DayField

from ..services.exporting import Order, may_reveal, places_of, townships_of

PERIODS = {
    "year": _("This year"), "month": _("This month"), "last_month": _("Last month"), "last_year": _("Last year"),
}


def period_named(name: str, today: date | None = None) -> tuple[date, date]:
    """First and last day of a named period; this year up to today if the name is none."""
    today = today or timezone.localdate()
    if name == "month":
        return today.replace(day=1), today
    if name == "last_month":
        last = today.replace(day=1) - timedelta(days=1)
        return last.replace(day=1), last
    if name == "last_year":
        return date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)
    return date(today.year, 1, 1), today


class ExportForm(forms.Form):
    """Period, villages, further columns, and telephone numbers with a reason, as far as the table has them."""

    township = forms.TypedChoiceField(label=_("Township"), coerce=int)
    from_on = DayField(label=_("First day of the period"))
    to_on = DayField(label=_("Last day of the period"))
    places = forms.TypedMultipleChoiceField(
        label=_("Villages"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple(),
        help_text=_("None ticked: the whole township."),
    )
    columns = forms.MultipleChoiceField(
        label=_("Further columns"), required=False, widget=forms.CheckboxSelectMultiple(),
        help_text=_("Beside the columns that the official table always has."),
    )
    shows_contacts = forms.BooleanField(
        label=_("Telephone numbers in clear"), required=False,
        help_text=_("Otherwise they are masked. Who took them out, and why, is recorded."),
    )
    reason = forms.CharField(label=_("Reason for the telephone numbers"), required=False, max_length=200)

    def __init__(self, data=None, *, export, user, period=""):
        self.export = export
        super().__init__(data)
        townships = townships_of(export, user) if export.has_places else []
        self._ask_for_places(townships, user)
        self._ask_for_period(period)
        on_demand = [(column.code, column.heading) for column in export.columns if column.on_demand]
        self.fields["columns"].choices = on_demand
        if not on_demand:
            del self.fields["columns"]
        if not (export.has_contacts() and may_reveal(export, user)):
            del self.fields["shows_contacts"], self.fields["reason"]

    def order(self) -> Order:
        """What was asked for."""
        chosen = self.cleaned_data
        return Order(
            code=self.export.code, township_id=chosen.get("township"), from_on=chosen.get("from_on"),
            to_on=chosen.get("to_on"), place_ids=tuple(chosen.get("places", ())),
            columns=tuple(chosen.get("columns", ())), shows_contacts=chosen.get("shows_contacts", False),
            reason=chosen.get("reason", ""),
        )

    def _ask_for_places(self, townships, user) -> None:
        if not townships:
            del self.fields["township"], self.fields["places"]
            return
        chosen = next((unit for unit in townships if str(unit.pk) == self.data.get("township")), townships[0])
        self.fields["places"].choices = [
            (unit.pk, unit.short_name) for unit in places_of(self.export, user, chosen)
        ]
        self.fields["township"].choices = [(unit.pk, unit.short_name) for unit in townships]
        if len(townships) == 1:
            del self.fields["township"]

    def _ask_for_period(self, period: str) -> None:
        if not self.export.has_period:
            del self.fields["from_on"], self.fields["to_on"]
            return
        self.initial["from_on"], self.initial["to_on"] = period_named(period)

    def clean(self):
        """Telephone numbers in clear need a reason, said where it is missing."""
        cleaned = super().clean()
        if cleaned.get("shows_contacts") and not cleaned.get("reason", "").strip():
            self.add_error("reason", _("Give a reason."))
        return cleaned
