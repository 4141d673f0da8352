"""What the change log is narrowed by (变更记录筛选)."""
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _

from ..registry import all_subjects
from . import DayField, DayInput


class ChangeFilter(forms.Form):
    """The filters of the change log; what cannot be read narrows nothing and is marked."""

    who = forms.CharField(
        label=_("Done by"), max_length=64, required=False,
        widget=forms.TextInput(attrs={"placeholder": _("Full name or login name")}),
    )
    about = forms.CharField(
        label=_("About"), max_length=64, required=False,
        widget=forms.TextInput(attrs={"placeholder": _("Person or unit")}),
    )
    what = forms.ChoiceField(label=_("What"), required=False)
    from_on = DayField(label=_("From day"), required=False, widget=DayInput())
    to_on = DayField(label=_("To day"), required=False, widget=DayInput())

    def __init__(self, data):
        super().__init__(data)
        self.fields["what"].choices = [("", _("All")), *((one.code, one.label) for one in all_subjects())]
        self.is_valid()

    def narrow(self, rows):
        """The changes that the filters leave; both days are included."""
        chosen = {name: value for name, value in self.cleaned_data.items() if value}
        if "who" in chosen:
            rows = rows.by(chosen["who"])
        if "about" in chosen:
            rows = rows.naming(chosen["about"])
        if "what" in chosen:
            rows = rows.filter(subject_type=chosen["what"])
        return rows.between(chosen.get("from_on"), chosen.get("to_on"))

    def query(self) -> str:
        """The filters that are set, as the query of an address."""
        return urlencode({name: value for name, value in self.cleaned_data.items() if value})
