"""Forms of the system administrator: words of the vocabularies, local lengths."""
from django import forms
from django.core.validators import validate_slug
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.organisation.forms.editing import EditForm
from governance.organisation.models import Unit

from ..calendar import read_days
from .fields import DayField, UnitField


class TermForm(EditForm):
    """A word of a vocabulary; the code of one that exists does not change."""

    code = forms.CharField(label=_("Code"), max_length=40, validators=[validate_slug])
    label_zh = forms.CharField(label=_("Chinese label"), max_length=60)
    label_en = forms.CharField(label=_("English label"), max_length=80)
    counts_under = forms.CharField(label=_("Counts under"), max_length=40, required=False)
    is_active = forms.BooleanField(label=_("In use"), required=False, initial=True)

    def __init__(self, *args, term=None, **kwargs):
        if term is not None:
            kwargs["initial"] = {
                name: getattr(term, name) for name in ("code", "label_zh", "label_en", "counts_under", "is_active")
            }
        super().__init__(*args, **kwargs)
        if term is not None:
            self.fields["code"].disabled = True
            self.remember()

    def edited(self) -> dict:
        """What was changed, and which word it is."""
        return {"code": self.cleaned_data["code"], **super().edited()}


class LengthForm(forms.Form):
    """A township's own length for a local rule, from a day on."""

    township = UnitField(label=_("Township"), queryset=Unit.objects.none())
    length = forms.IntegerField(label=_("Length"), min_value=1, max_value=1000)
    from_on = DayField(label=_("From"))

    def __init__(self, *args, rule, area, **kwargs):
        super().__init__(*args, **kwargs)
        townships = Unit.objects.filter(area.within(), level="township")
        self.fields["township"].queryset = townships.not_ended().in_tree_order()
        self.initial.setdefault("from_on", timezone.localdate())
        if rule.variants:
            self.fields["variant"] = forms.ChoiceField(
                label=_("Class"),
                choices=[("", _("Choose…")), *((variant.code, variant.label) for variant in rule.variants)],
            )


class TimeForm(forms.Form):
    """Why the machine's time jumped although it is right."""

    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class DaysField(forms.CharField):
    """Days in words, one by one or from … to; cleans to a set."""

    def __init__(self, **kwargs):
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 6}))
        super().__init__(max_length=4000, **kwargs)

    def clean(self, value):
        """The days; an error names what is none."""
        try:
            return read_days(super().clean(value))
        except ValueError as problem:
            raise forms.ValidationError(
                _("“%(value)s” is no day. Write 2027-01-01, or 2027-02-05..2027-02-12."), code="day-unreadable",
                params={"value": str(problem)[:40]},
            ) from problem


class _HourInput(forms.TimeInput):
    """A time of the day, as browsers choose one."""

    input_type = "time"

    def __init__(self):
        super().__init__(format="%H:%M")


class ArrangementForm(forms.Form):
    """A year's days off as the State Council announced them."""

    source = forms.CharField(
        label=_("Document"), max_length=200, help_text=_("Name and number, as on the document: 国办发明电〔2026〕… 号"),
    )
    issued_on = DayField(label=_("Issued on"))
    days_off = DaysField(
        label=_("All days off"),
        help_text=_("All days off of the holidays, weekends among them: 2027-02-05..2027-02-12, or one day a line."),
    )
    workdays = DaysField(
        label=_("Worked weekend days"), required=False,
        help_text=_("The Saturdays and Sundays that are worked instead."),
    )


class HoursForm(forms.Form):
    """When offices are open on a working day; the fields stand in the order of the day."""

    morning_opens = forms.TimeField(label=_("Morning, from"), widget=_HourInput())
    morning_closes = forms.TimeField(label=_("Morning, until"), widget=_HourInput())
    afternoon_opens = forms.TimeField(label=_("Afternoon, from"), widget=_HourInput())
    afternoon_closes = forms.TimeField(label=_("Afternoon, until"), widget=_HourInput())
