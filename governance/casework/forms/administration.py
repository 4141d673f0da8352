"""Forms of the system administrator: words of the vocabularies, local lengths."""
from django import forms
from django.core.validators import validate_slug
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.organisation.models import Unit

from .fields import DayField, UnitField


class TermForm(forms.Form):
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


class LengthForm(forms.Form):
    """A township's own length for a local rule, from a day on."""

    township = UnitField(label=_("Township"), queryset=Unit.objects.none())
    length = forms.IntegerField(label=_("Length"), min_value=1, max_value=1000)
    from_on = DayField(label=_("From"))

    def __init__(self, *args, rule, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["township"].queryset = Unit.objects.filter(level="township").not_ended().in_tree_order()
        self.initial.setdefault("from_on", timezone.localdate())
        if rule.variants:
            self.fields["variant"] = forms.ChoiceField(
                label=_("Class"), choices=[(variant.code, variant.label) for variant in rule.variants]
            )
