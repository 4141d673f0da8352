"""Vocabularies and local lengths (词表、本地时限), kept by the system administrator, every change on record."""
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from governance.organisation.visibility import Area

from .. import clocks, registry
from ..forms.administration import LengthForm, TermForm
from ..models import LocalLength, VocabularyTerm
from ..services.vocabularies import may_keep_terms, put_term, set_local_length, vocabulary_of
from .refusals import only_for
from .submitting import attempt


@only_for("system_admin")
@require_safe
def vocabularies(request):
    """All vocabularies of all kinds with their words."""
    rows = {}
    for term in VocabularyTerm.objects.order_by("vocabulary", "position", "id"):
        rows.setdefault(term.vocabulary, []).append(term)
    shown = []
    for kind in registry.all_kinds():
        for vocabulary in (kind.categories, kind.channels, kind.outcomes, *kind.vocabularies):
            shown.append({"kind": kind, "vocabulary": vocabulary, "terms": rows.get(vocabulary.code, [])})
    return render(request, "casework/vocabulary_list.html", {
        "shown": shown, "may_change": may_keep_terms(request.user),
    })


@only_for("system_admin")
def term(request, vocabulary, code=""):
    """Change a word, or add one."""
    declared = vocabulary_of(vocabulary)
    if declared is None or not may_keep_terms(request.user):
        raise Http404
    row = get_object_or_404(VocabularyTerm, vocabulary=vocabulary, code=code) if code else None

    def save(form):
        stored = {} if row is None else {name: getattr(row, name) for name in form.base_fields}
        return put_term(actor=request.user, vocabulary=vocabulary, **stored | form.edited())

    form = TermForm(term=row)
    if request.method == "POST":
        tried = attempt(request, lambda data, files: TermForm(data, term=row), save)
        if tried.is_done:
            messages.success(request, _("Saved."))
            return redirect("casework:vocabularies")
        form = tried.form
    return render(request, "casework/vocabulary_form.html", {"vocabulary": declared, "term": row, "form": form})


@only_for("system_admin")
@require_safe
def lengths(request):
    """All rules that a township may set itself, with what is in force."""
    labels = {(rule.code, variant.code): variant.label for rule in clocks.all_rules() for variant in rule.variants}
    rows, within = {}, Area.of(request.user).within("township")
    for row in LocalLength.objects.filter(within).select_related("township").order_by("-from_on"):
        row.variant_label = labels.get((row.rule, row.variant), row.variant)
        rows.setdefault(row.rule, []).append(row)
    rules = [{"rule": rule, "lengths": rows.get(rule.code, [])} for rule in clocks.all_rules() if rule.is_local]
    return render(request, "casework/length_list.html", {"rules": rules})


@only_for("system_admin")
def length(request, rule):
    """Set a township's own length for a local rule."""
    declared = next((one for one in clocks.all_rules() if one.code == rule and one.is_local), None)
    if declared is None:
        raise Http404

    area = Area.of(request.user)

    def save(form):
        values = {"variant": "", **form.cleaned_data}
        return set_local_length(actor=request.user, rule=rule, **values)

    form = LengthForm(rule=declared, area=area)
    if request.method == "POST":
        tried = attempt(request, lambda data, files: LengthForm(data, rule=declared, area=area), save)
        if tried.is_done:
            messages.success(request, _("Saved."))
            return redirect("casework:lengths")
        form = tried.form
    return render(request, "casework/length_form.html", {"rule": declared, "form": form})
