"""Forms of keeping: a township's own length; who asks what is held on them."""
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.organisation.models import Unit

from ..services.retaining import SHORTER_AFTER_DAYS
from ..services.vocabularies import term_choices
from .fields import DayField, UnitField


class PeriodForm(forms.Form):
    """A township's own length of keeping for a kind and an outcome, from a day on."""

    township = UnitField(label=_("Township"), queryset=Unit.objects.none())
    outcome = forms.ChoiceField(label=_("Outcome"), required=False)
    years = forms.IntegerField(
        label=_("Years after closing"), min_value=1, max_value=100, required=False, help_text=_("Empty: for good.")
    )
    from_on = DayField(label=_("From"))

    def __init__(self, *args, kind, townships, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["township"].queryset = townships
        self.fields["outcome"].choices = term_choices(kind.outcomes.code, blank=_("every other outcome"))
        self.initial.setdefault("from_on", timezone.localdate() + timezone.timedelta(days=SHORTER_AFTER_DAYS))


class WhoForm(forms.Form):
    """The person who asks what is held on them."""

    name = forms.CharField(label=_("Name of the person"), max_length=60)
    phone = forms.CharField(
        label=_("Phone"), max_length=30, required=False,
        help_text=_("With it only entries of this telephone number are found, not those of namesakes."),
    )


class GiveForm(forms.Form):
    """Which entries are about this person, and how they showed who they are."""

    party = forms.TypedMultipleChoiceField(coerce=int, required=False)
    identified = forms.CharField(
        label=_("How the person showed who they are"), max_length=200,
        help_text=_("Such as: identity card seen. Do not write down its number."),
    )

    def __init__(self, *args, found=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["party"].choices = [(held.party.pk, str(held.party.pk)) for held in found]
