"""Forms of concentrated investigations and routine rounds."""
from django import forms
from django.utils.translation import gettext_lazy as _

from governance.casework.forms import DayField, QuickReportForm, UnitsField, term_choices
from governance.casework.forms.once import TOKEN, OnceForm
from governance.organisation.forms.editing import EditForm
from governance.organisation.models import Unit


class CampaignForm(EditForm, OnceForm):
    """Announce a concentrated investigation, or correct it (then without a token)."""

    title = forms.CharField(label=_("Title"), max_length=120)
    text = forms.CharField(label=_("What is looked for, and how"), widget=forms.Textarea(attrs={"rows": 4}))
    starts_on = DayField(label=_("Investigated from"))
    ends_on = DayField(label=_("Investigated until"))
    report_by = DayField(label=_("Villages report by"))
    categories = forms.MultipleChoiceField(
        label=_("Categories (none ticked: all)"), required=False, widget=forms.CheckboxSelectMultiple
    )
    villages = UnitsField(
        label=_("Villages"), queryset=Unit.objects.none(), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data=None, *, user, township, campaign=None):
        villages = Unit.objects.filter(township=township, level__in=["village", "community"]).not_ended()
        if campaign is None:
            initial = {"villages": villages.values_list("pk", flat=True)}
        else:
            kept = set(self.base_fields) - {TOKEN, "villages"}
            initial = {name: getattr(campaign, name) for name in kept}
            initial["villages"] = list(campaign.villages.values_list("unit_id", flat=True))
        super().__init__(data, initial=initial)
        self.user, self.campaign = user, campaign
        if campaign is None:
            self.give_token()
        else:
            del self.fields[TOKEN]
        self.fields["categories"].choices = term_choices("dispute.category")
        self.fields["villages"].queryset = villages.in_tree_order()
        if campaign is not None:
            self.remember()

    def values(self) -> dict:
        """The columns of the campaign, as they are to stand."""
        columns = set(self.base_fields) - {"villages", TOKEN}
        stored = {name: getattr(self.campaign, name) for name in columns} if self.campaign else {}
        return {**stored, **{name: value for name, value in self.edited().items() if name in columns}}

    def chosen_villages(self) -> list:
        """The villages, as they are to be."""
        held = Unit.objects.filter(pk__in=self.initial["villages"]) if self.campaign else ()
        return list(self.edited().get("villages", held))


class VillageReportForm(forms.Form):
    """A village reports; the count is shown, never typed."""

    seen_count = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    comment = forms.CharField(label=_("Remark"), widget=forms.Textarea(attrs={"rows": 2}), required=False)


class ReasonForm(forms.Form):
    """A reason."""

    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class ExtendForm(EditForm):
    """Later days, with a reason."""

    ends_on = DayField(label=_("Investigated until"))
    report_by = DayField(label=_("Villages report by"))
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, data=None, *, campaign):
        self.days = {"ends_on": campaign.ends_on, "report_by": campaign.report_by}
        super().__init__(data, initial=self.days)
        self.remember()

    def values(self) -> dict:
        """Both days, what was changed beside what stands, and the reason."""
        return {**self.days, **self.edited(), "reason": self.cleaned_data["reason"]}


class SumUpForm(forms.Form):
    """The conclusion; the figures are counted."""

    conclusion = forms.CharField(
        label=_("Conclusion"), max_length=600, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("At most 600 characters, so that the summary stays on one page."),
    )
    may_lack = forms.BooleanField(label=_("Villages without a report stand there by name"), required=False)


class RoundForm(forms.Form):
    """A routine round was held."""

    unit = forms.ModelChoiceField(label=_("Village"), queryset=Unit.objects.none())
    held_on = DayField(label=_("Held on"))
    comment = forms.CharField(label=_("Remark"), widget=forms.Textarea(attrs={"rows": 2}), required=False)

    def __init__(self, data=None, *, villages, today):
        only = villages[0].pk if len(villages) == 1 else None
        super().__init__(data, initial={"held_on": today, "unit": only})
        self.fields["unit"].queryset = Unit.objects.filter(pk__in=[unit.pk for unit in villages])
        self.fields["unit"].label_from_instance = lambda unit: unit.short_name


class FindingForm(QuickReportForm):
    """A dispute found in a campaign: place and categories are the campaign's."""

    def __init__(self, data=None, files=None, *, campaign, village, **kwargs):
        super().__init__(data, files, **kwargs)
        self.fields.pop("channel")
        self.fields["unit"].queryset = self.fields["unit"].queryset.filter(path__startswith=village.path)
        if campaign.categories:
            self.fields["category"].choices = [
                pair for pair in self.fields["category"].choices if pair[0] in ("", *campaign.categories)
            ]
