"""Nothing that counts is chosen beforehand: a form presets only what stands on record, or what is the only one."""
import pytest
from django import forms

from disputes.forms.campaigns import CampaignForm, FindingForm, RoundForm
from disputes.models import Campaign
from governance.casework import clocks, registry
from governance.casework.forms import OpenForm, QuickReportForm, StepForm, form_class
from governance.casework.forms.act_table import ACTS
from governance.casework.forms.administration import LengthForm
from governance.casework.views.bulk import _all_offers
from governance.organisation.forms import DutyForm, HandOverForm, MergeForm, PostForm, StandInForm, UnitForm
from governance.organisation.visibility import Area
from tests.support.factories.disputes import plain_dispute, who

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("qinghe")]
# What is chosen beforehand all the same, and why no figure hangs on it.
HARMLESS = {
    ("PartyForm", "kind"): "the first row is the applicant's, the second the respondent's, and says so",
    ("PartyActForm", "kind"): "the role of a party is no figure",
    ("OnTheSpotForm", "mediators"): "whoever records the session has held it; no figure counts by person",
    ("RecuseForm", "person"): "one steps aside oneself",
    ("CampaignForm", "villages"): "all villages are asked; what they find is counted from the disputes",
}


def of_steps(kind, matter):
    """The forms of all steps."""
    clerk = who("wenshu")
    return [form_class(kind, step.name, StepForm)(matter=matter, user=clerk, step=step) for step in kind.workflow.steps]


def of_acts(matter):
    """The forms of the acts, each about a row if it needs one and the matter has one."""
    rows = {"party": matter.parties.first(), "clock": matter.clocks.first(), "event": matter.events.first()}
    made = []
    for act in ACTS.values():
        subject = act.subject and rows.get(act.subject._meta.model_name)
        if act.subject is None or (subject is not None and act.fits(subject)):
            made.append(act.form(matter=matter, user=who("wenshu"), subject=subject))
    return made


def of_registering(kind):
    """The forms by which a matter begins."""
    officer, place = who("cun1"), who("cun1").home_unit
    campaign = Campaign(title="排查", categories=[])
    made = [
        form_class(kind, "open", OpenForm)(user=who("wenshu"), kind=kind),
        form_class(kind, "quick", QuickReportForm)(user=officer, kind=kind),
        FindingForm(user=officer, kind=kind, campaign=campaign, village=place),
    ]
    return [*made, *(row for form in made for row in form.parties.forms)]


def others(matter):
    """Many at once, investigations, the organisation."""
    office, person, place = who("bangongshi"), who("cun1"), who("cun1").home_unit
    admin = who("xitong")
    chosen = [(matter.pk, matter.version)]
    rules = [rule for rule in clocks.all_rules() if rule.is_local]
    return [
        *(offer.form(user=who("wenshu"), chosen=chosen) for offer in _all_offers().values()),
        CampaignForm(user=office, township=office.home_unit),
        RoundForm(villages=[place, who("cun2").home_unit], today=None),
        *(form(actor=admin) for form in (PostForm, UnitForm, DutyForm)),
        *(form(actor=admin, holder=person) for form in (StandInForm, HandOverForm)),
        MergeForm(actor=admin, unit=place), *(LengthForm(rule=rule, area=Area.of(admin)) for rule in rules),
    ]


def presets(form):
    """Choices that are made before anybody chose: (name, what)."""
    for name, field in form.fields.items():
        if not isinstance(field, forms.ChoiceField | forms.ModelChoiceField) or field.widget.is_hidden:
            continue
        value = form.get_initial_for_field(field, name)
        if value not in (None, "", [], ()) and not hasattr(value, "none"):
            yield name, value
        elif hasattr(value, "none") and value.exists():
            yield name, list(value)
        elif isinstance(field.widget, forms.Select) and not field.widget.allow_multiple_selected:
            first = next(iter(field.choices), ("",))
            if str(first[0]) != "":
                yield name, first[0]


def stands_on_record(matter, subject, name, value) -> bool:
    """Whether it only repeats what is stored."""
    held = [getattr(row, attribute, None) for row in (matter, matter.dispute, subject)
            for attribute in (name, f"{name}_id") if row is not None]
    if name == "mediators":
        held.append([matter.handler_id])
    if name == "other_units":
        held.append(list(matter.other_units.values_list("unit_id", flat=True)))
    return value in [one for one in held if one is not None]


def test_no_form_chooses_what_counts_before_a_person_does():
    kind, matter = registry.get("dispute"), plain_dispute()
    every = [*of_steps(kind, matter), *of_acts(matter), *of_registering(kind), *others(matter)]
    assert len(every) > 60
    wrong = {
        (type(form).__name__, name): value for form in every for name, value in presets(form)
        if (type(form).__name__, name) not in HARMLESS
        and not stands_on_record(matter, getattr(form, "subject", None) or matter.parties.first(), name, value)
    }
    assert wrong == {}


def test_satisfaction_is_asked_not_assumed():
    kind, matter = registry.get("dispute"), plain_dispute()
    step, typed = kind.workflow.step("record_revisit"), {"finding": "双方无争议"}
    form = form_class(kind, step.name, StepForm)(typed, matter=matter, user=who("wenshu"), step=step)
    assert not form.is_valid() and {"satisfied", "manner"} <= set(form.errors)
