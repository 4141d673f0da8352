"""Forms of the clients of the interface (接口客户端)."""
from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..models import Unit
from ..registry import all_scopes
from . import DayField, DayInput, UnitChoice, units

_USUAL_DAYS = 180


class ClientForm(forms.Form):
    """A client: which system, and what for."""

    name = forms.CharField(
        label=_("Name of the system"), max_length=60, help_text=_("Histories name it as the one who acted.")
    )
    username = forms.CharField(label=_("Short name in letters"), max_length=40)
    purpose = forms.CharField(label=_("What it is for"), max_length=200)
    home_unit = UnitChoice(label=_("Unit that answers for it"), queryset=Unit.objects.none())

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["home_unit"].queryset = units(actor)


class TokenForm(forms.Form):
    """A token: what it may be used for, and until when."""

    scopes = forms.MultipleChoiceField(
        label=_("What it may be used for"), widget=forms.CheckboxSelectMultiple,
        help_text=_("Beside this it can see and do only what the client's posts allow."),
    )
    expires_on = DayField(label=_("Last day"), widget=DayInput(), help_text=_("A year from today at most."))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["scopes"].choices = [(scope.code, f"{scope.label} ({scope.code})") for scope in all_scopes()]
        self.initial.setdefault("expires_on", timezone.localdate() + timedelta(days=_USUAL_DAYS))
