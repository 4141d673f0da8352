"""Taking a step, and every other act on a matter: one page, one way (办理)."""
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from .. import forms
from ..forms.act_table import ACTS, Sent, require_offered, subject_of
from ..models import Matter
from ..services import moving
from ..services.linking import MERGE
from ..visibility import Sight
from ..workflow import Refused
from .matter import MatterPage
from .refusals import signed_in
from .submitting import attempt, restore

_TEMPLATE = "casework/matter_step.html"


@signed_in
@never_cache
def step(request, pk, step):
    """The form of a step; sent, the step is taken and the browser returns to the matter."""
    page = MatterPage.of(request.user, pk)
    chosen = page.kind.workflow.step(step)
    if step == MERGE:
        return redirect("casework:act", pk, "merge")
    if not page.roles & set(chosen.roles):
        raise Refused("not-your-right", _("Your posts do not give you the right to do this here."))
    form_class = forms.form_class(page.kind, step, forms.StepForm)

    def build(data, files):
        return form_class(data, files, matter=_for_form(page.matter, data, request), user=request.user, step=chosen)

    def take(form):
        return moving.move(
            matter_id=pk, step=step, actor=request.user, version=form.version_value(), facts=form.facts(),
            reason=form.reason_text(), acted_at=form.acted_at_value(), files=form.file_pairs(),
        )

    return _serve(
        request, page, build, take, key=f"step:{pk}:{step}",
        context={
            "title": chosen.label, "step": chosen, "is_destructive": chosen.is_destructive,
            "needs": chosen.needs,
            "refusal": None if request.method == "POST" else moving.blocked(page.matter, request.user, chosen),
        },
        done=_("“%(step)s” is recorded.") % {"step": chosen.label},
    )


@signed_in
@never_cache
def act(request, pk, act, subject=None):
    """The form of an act that every kind has; sent, the act is done."""
    page = MatterPage.of(request.user, pk)
    declared = ACTS.get(act)
    if declared is None or (declared.subject is None) != (subject is None):
        raise Http404
    require_offered(declared, page.matter, page.kind, page.roles)
    row = subject_of(declared, page.matter, subject)
    if declared.subject is not None and row is None:
        raise Http404

    def build(data, files):
        form = declared.form(data, files, matter=_for_form(page.matter, data, request), user=request.user, subject=row)
        if "other" in form.fields:
            # "Is it this one?" names the matter in the address.
            form.initial.setdefault("other", request.GET.get("other", ""))
        return form

    return _serve(
        request, page, build, lambda form: declared.perform(Sent(page.matter, request.user, form, row)),
        key=f"act:{pk}:{act}:{subject or ''}",
        context={
            "title": declared.label, "act": declared, "hint": declared.hint, "subject": row,
            "is_destructive": declared.is_destructive,
        },
        done=declared.done, result_template=declared.result_template,
    )


def _serve(request, page, build, call, *, key, context, done, result_template=""):
    """Show the form, or try it; on success back to the matter, or to the page of what the act returned."""
    context = {**context, "page": page, "matter": page.matter, "kind": page.kind, "draft_key": key}
    if request.method != "POST":
        form = restore(build(None, None), request.user, key)
        return render(request, _TEMPLATE, {**context, "form": form})
    tried = attempt(request, build, call, draft=key)
    if not tried.is_done:
        return render(request, _TEMPLATE, {**context, "form": tried.form}, status=tried.http_status)
    if result_template:
        return render(request, result_template, {**context, "result": tried.result})
    messages.success(request, done)
    # Whoever steps aside sees nothing from then on: the sight of before the act would still show it.
    Sight.after_act(request.user)
    if Matter.objects.visible_to(request.user).filter(pk=page.matter.pk).exists():
        return redirect("casework:matter", page.matter.pk)
    return redirect("casework:inbox")


def _for_form(matter, data, request):
    """The matter as it stands now, for the form that follows a stale one: it is sent with this version."""
    if data is None and request.method == "POST":
        matter.refresh_from_db()
    return matter
