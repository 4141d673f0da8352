"""What the login log is narrowed by (登录记录筛选)."""
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import LoginRecord, User
from . import DayField, DayInput


class LoginFilter(forms.Form):
    """The filters of the login log; with one that cannot be read nothing is listed."""

    who = forms.CharField(
        label=_("Person"), max_length=64, required=False,
        widget=forms.TextInput(attrs={"placeholder": _("Full name or login name")}),
    )
    address = forms.GenericIPAddressField(label=_("Source address"), required=False)
    outcome = forms.ChoiceField(
        label=_("Result"), required=False, choices=[("", _("All")), *LoginRecord.Outcome.choices]
    )
    from_on = DayField(label=_("From day"), required=False, widget=DayInput())
    to_on = DayField(label=_("To day"), required=False, widget=DayInput())

    def __init__(self, data):
        super().__init__(data)
        self.is_valid()

    def narrow(self, rows):
        """The entries that the filters leave; both days are included."""
        chosen = {name: value for name, value in self.cleaned_data.items() if value}
        if "who" in chosen:
            rows = rows.named(chosen["who"])
        if "address" in chosen:
            rows = rows.filter(address=chosen["address"])
        if "outcome" in chosen:
            rows = rows.filter(outcome=chosen["outcome"])
        return rows.between(chosen.get("from_on"), chosen.get("to_on"))

    def query(self) -> str:
        """The filters that are set, as the query of an address."""
        return urlencode({name: value for name, value in self.cleaned_data.items() if value})


class LiftForm(forms.Form):
    """Whose lockout is lifted: a person's, or that of an address."""

    person = forms.ModelChoiceField(queryset=User.objects.all(), required=False)
    address = forms.GenericIPAddressField(required=False)
