"""Forms of the agreement, its performance and judicial confirmation (协议环节表单)."""
import re

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from governance.casework.forms import DayField, StepForm, term_choices
from governance.organisation.filters import read_id

from ..models import Instalment
from .mediation import DayStepForm, text

FEWEST_ROWS, MOST_ROWS = 3, 60


class InstalmentsMixin(forms.Form):
    """Rows of what is due and by when; empty rows are left out.

    The submit button `more_instalments` asks for one row more, so that any number works without JavaScript.
    """

    body_template = "disputes/_instalments_form.html"

    def add_rows(self) -> None:
        """As many rows as were sent, and one more if the button asked for it; a new form begins with few."""
        self._add("instalment_rows", forms.IntegerField(widget=forms.HiddenInput, required=False))
        sent = str(self.data.get("instalment_rows") or "")
        count = read_id(sent) or FEWEST_ROWS
        self._make_rows(count + ("more_instalments" in self.data))

    def fit_to(self, draft) -> None:
        """As many rows as a draft has."""
        kept = str((draft.get("instalment_rows") or [""])[0])
        self._make_rows(read_id(kept) or FEWEST_ROWS)

    def _make_rows(self, count: int) -> None:
        """Fields `due_1 what_1 yuan_1` and so on."""
        self.row_count = min(max(count, FEWEST_ROWS), MOST_ROWS)
        if self.is_bound:
            self.data = self.data.copy()
            self.data["instalment_rows"] = str(self.row_count)
        self.initial["instalment_rows"] = self.row_count
        for place in range(1, self.row_count + 1):
            self.fields[f"due_{place}"] = DayField(label=gettext("No. %(n)s: due on") % {"n": place}, required=False)
            self.fields[f"what_{place}"] = forms.CharField(
                label=gettext("No. %(n)s: what is due") % {"n": place}, max_length=200, required=False
            )
            self.fields[f"yuan_{place}"] = forms.DecimalField(
                label=gettext("No. %(n)s: amount (yuan)") % {"n": place}, min_value=0, max_digits=14, decimal_places=2,
                required=False,
            )

    def plain_fields(self) -> list:
        """Every field that is not part of a row, for the template."""
        return [field for field in self if not _is_of_a_row(field.name)]

    def row_fields(self) -> list[list]:
        """The three fields of each row, for the template."""
        return [
            [self[f"{name}_{place}"] for name in ("due", "what", "yuan")] for place in range(1, self.row_count + 1)
        ]

    def rows(self) -> list[dict]:
        """The rows with something in them."""
        found = []
        for place in range(1, self.row_count + 1):
            due_on, what = self.cleaned_data.get(f"due_{place}"), self.cleaned_data.get(f"what_{place}")
            yuan = self.cleaned_data.get(f"yuan_{place}")
            if due_on or what or yuan is not None:
                found.append({"due_on": due_on, "what": what or gettext("payment"), "amount_yuan": yuan})
        return found

    def clean(self):
        """A row with something in it needs its day, not before the agreement."""
        cleaned = super().clean()
        for place in range(1, self.row_count + 1):
            filled = cleaned.get(f"what_{place}") or cleaned.get(f"yuan_{place}") is not None
            due_on, agreed_on = cleaned.get(f"due_{place}"), cleaned.get("agreed_on")
            if filled and not due_on and f"due_{place}" not in self.errors:
                self.add_error(f"due_{place}", _("Give the day on which it is due."))
            if due_on and agreed_on and due_on < agreed_on:
                self.add_error(f"due_{place}", _("An instalment cannot be due before the agreement."))
        return cleaned

    def facts(self) -> dict:
        """The facts, with the rows as `instalments`."""
        rest = {key: value for key, value in super().facts().items() if not _is_of_a_row(key)}
        return {**rest, "instalments": self.rows()}


class AgreementMixin(InstalmentsMixin, DayStepForm):
    """What every agreement asks (人民调解法 art. 29)."""

    day_field = "agreed_on"
    agreed_on = DayField(label=_("Agreed on"))
    terms = text(_("What was agreed"), rows=5)
    manner = text(_("How it is performed"), rows=2, required=False)
    facts_text = text(_("Main facts of the dispute"), rows=3, required=False)
    disputed_points = text(_("Points in dispute"), rows=2, required=False)
    responsibility = text(_("Responsibility of the parties"), rows=2, required=False)
    amount_yuan = forms.DecimalField(
        label=_("Amount of the agreement (yuan)"), min_value=0, max_digits=14, decimal_places=2, required=False
    )
    concerns_status_or_title = forms.BooleanField(
        label=_("Concerns a status relation or the existence of a title (no judicial confirmation)"), required=False
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("facts_text", self.matter.description)
        self.add_rows()

    def facts(self) -> dict:
        """`facts_text` is the agreement's own account of the facts."""
        values = super().facts()
        return {**values, "facts": values.pop("facts_text")}


class AgreeForm(AgreementMixin):
    """A written agreement: it takes effect with the last signature and the committee's seal."""

    effective_on = DayField(label=_("Takes effect on (last signature and seal)"), required=False)
    copies = forms.IntegerField(label=_("Copies"), min_value=3, initial=3)


class AgreeOrallyForm(AgreementMixin):
    """An oral agreement, confirmed by both sides."""

    both_confirm = forms.BooleanField(label=_("Both parties confirm it"), required=False)


class ChangeAgreementForm(InstalmentsMixin, StepForm):
    """A written change: what is due now."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.add_rows()


class PerformanceForm(DayStepForm):
    """One instalment was performed."""

    day_field = "performed_on"
    instalment = forms.ModelChoiceField(label=_("What was performed"), queryset=Instalment.objects.none())
    performed_on = DayField(label=_("Performed on"))
    is_partial = forms.BooleanField(label=_("Only in part"), required=False)
    performed_yuan = forms.DecimalField(
        label=_("Amount performed (yuan)"), min_value=0, max_digits=14, decimal_places=2, required=False
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        rows = self.matter.instalments.outstanding()
        self.fields["instalment"].queryset = rows
        self.fields["instalment"].label_from_instance = _instalment_label
        self.initial.setdefault("instalment", _only_one(rows))
        self.asks_files = True


class CheckForm(DayStepForm):
    """What the mediator found when an instalment fell due."""

    day_field = "checked_on"
    instalment = forms.ModelChoiceField(label=_("What was due"), queryset=Instalment.objects.none())
    checked_on = DayField(label=_("Checked on"))
    found = forms.ChoiceField(label=_("Is it performed?"), widget=forms.RadioSelect)
    performed_on = DayField(
        label=_("Performed on"), required=False,
        help_text=_("If it is performed, wholly or in part; left empty, the day of the check."),
    )
    performed_yuan = forms.DecimalField(
        label=_("Amount performed (yuan)"), min_value=0, max_digits=14, decimal_places=2, required=False
    )
    finding = text(_("What was found"), rows=2)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["found"].choices = term_choices("dispute.check_finding")
        rows = self.matter.instalments.fallen_due(timezone.localdate())
        self.fields["instalment"].queryset = rows
        self.fields["instalment"].label_from_instance = _instalment_label
        self.initial.setdefault("instalment", _only_one(rows))


class DefaultForm(StepForm):
    """A default, with the urging and the advice."""

    urged_on = DayField(label=_("Urged on"))
    urging = text(_("How the debtor was urged"), rows=2)
    advice = text(_("Advice given (court, enforcement)"), rows=2)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("urged_on", timezone.localdate())


class CloseForm(StepForm):
    """Close; after a default it says which way the creditor goes."""

    way_after_default = forms.ChoiceField(label=_("Which way the creditor goes"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.matter.status == "defaulted":
            self.fields["way_after_default"].choices = term_choices("dispute.way_after_default", blank=_("Choose…"))
        else:
            del self.fields["way_after_default"]


class ApplyConfirmationForm(DayStepForm):
    """The joint application."""

    court = forms.CharField(label=_("Court"), max_length=80)
    done_on = DayField(label=_("Applied on"))


class DecideConfirmationForm(DayStepForm):
    """The court's ruling."""

    result = forms.ChoiceField(label=_("Ruling"))
    ruling_number = forms.CharField(label=_("Number of the ruling"), max_length=60)
    done_on = DayField(label=_("Decided on"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["result"].choices = term_choices("dispute.confirmation", blank=_("Choose…"))


def _only_one(rows) -> int | None:
    """The row that is the only one: which of several was paid is for a person to say."""
    found = list(rows.values_list("pk", flat=True)[:2])
    return found[0] if len(found) == 1 else None


def _is_of_a_row(name: str) -> bool:
    return re.fullmatch(r"(due|what|yuan)_\d+", name) is not None


def _instalment_label(row) -> str:
    yuan = "" if row.amount_yuan is None else gettext(" (%(amount)s yuan)") % {"amount": f"{row.amount_yuan:f}"}
    return f"{row.position}. {row.due_on} {row.what}{yuan}"
