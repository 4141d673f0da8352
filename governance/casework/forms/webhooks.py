"""The form of a webhook subscription (推送订阅)."""
from django import forms
from django.utils.translation import gettext_lazy as _

from governance.organisation.models import ApiClient

from ..models import EventType


class SubscriptionForm(forms.Form):
    """Which client is told of what, and where."""

    client = forms.ModelChoiceField(
        label=_("Client"), queryset=ApiClient.objects.none(),
        help_text=_("It is told only of matters that its posts let it see."),
    )
    url = forms.CharField(
        label=_("Receiving address"), max_length=300, widget=forms.URLInput(attrs={"placeholder": "https://"}),
        help_text=_("HTTP or HTTPS, also in the intranet; not on this machine itself."),
    )
    events = forms.MultipleChoiceField(
        label=_("What it is told of"), widget=forms.CheckboxSelectMultiple,
        choices=[(code, label) for code, label in EventType.choices if code != EventType.TEST],
    )

    def __init__(self, *args, area, **kwargs):
        super().__init__(*args, **kwargs)
        found = area.people().filter(is_active=True, is_service=True)
        self.fields["client"].queryset = ApiClient.objects.filter(user__in=found).select_related("user")
