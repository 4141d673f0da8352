"""What the auditor narrows the log of reveals by (审计筛选)."""
from datetime import datetime, time, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .fields import DayField


class RevealLogForm(forms.Form):
    """A person, by full name or login name, and days; both days are included."""

    who = forms.CharField(label=_("Full name or login name"), max_length=64, required=False)
    from_on = DayField(label=_("From day"), required=False)
    to_on = DayField(label=_("To day"), required=False)

    def asked(self) -> dict:
        """`who`, and `from_at` and `before_at` as instants; what cannot be read narrows nothing and is marked."""
        self.is_valid()
        begin, end = self.cleaned_data.get("from_on"), self.cleaned_data.get("to_on")
        return {
            "who": self.cleaned_data.get("who") or "", "from_at": begin and _midnight(begin),
            "before_at": end and _midnight(end) + timedelta(days=1),
        }


def _midnight(day):
    return timezone.make_aware(datetime.combine(day, time.min))
