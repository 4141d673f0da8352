"""Registering a matter (登记): choose what it is, the desk's form, the phone's report and its queue."""
from django.contrib import messages
from django.http import Http404, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from .. import forms, registry
from ..services import opening
from ..visibility import walled_user_ids
from ..workflow import Refused
from .refusals import as_json, signed_in, wants_json
from .submitting import AlreadySent, attempt, restore, send_once

QUEUE_TOKENS = 10


@signed_in
@require_safe
def choose_kind(request):
    """What is to be reported? With one kind only, straight to its form."""
    kinds = [{"kind": kind, "url": _register_url(kind)} for kind in _openable(request.user)]
    if len(kinds) == 1:
        return redirect(kinds[0]["url"])
    return render(request, "casework/matter_report.html", {"kinds": kinds})


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def register(request, kind, template="casework/matter_form.html"):
    """The desk's form of a kind: by keyboard alone, one paper form after the other."""
    declared = _kind_for(request.user, kind)
    key = f"open:{declared.code}"
    form_class = forms.form_class(declared, "open", forms.OpenForm)

    def build(data, files):
        return form_class(data, files, user=request.user, kind=declared)

    context = {"kind": declared, "draft_key": key, "quick_url": reverse("casework:quick-report")}
    if request.method != "POST":
        return render(request, template, {**context, "form": restore(build(None, None), request.user, key)})
    tried = attempt(request, build, lambda form: _open(request, declared, form), draft=key)
    if not tried.is_done:
        shown = {**context, "form": tried.form, "similar": _similar(tried)}
        return render(request, template, shown, status=tried.http_status)
    messages.success(request, _("Registered as %(number)s.") % {"number": tried.result["words"]})
    return redirect(request.path) if "and_next" in request.POST else _to_matter(request, tried.result)


@never_cache
@signed_in
@require_http_methods(["GET", "POST"])
def quick_report(request):
    """The phone's report. As JSON: 201 with the number; 409 refused, 422 wrong input; see the queue's script."""
    kinds = _openable(request.user)
    if not kinds:
        raise Refused("not-your-right", _("Your posts do not let you register anything."))
    wanted = request.POST.get("kind") or request.GET.get("kind")
    declared = next((kind for kind in kinds if kind.code == wanted), kinds[0])
    form_class = forms.form_class(declared, "quick", forms.QuickReportForm)

    def build(data, files):
        return form_class(data, files, user=request.user, kind=declared)

    context = {"kind": declared, "kinds": kinds, "draft_key": ""}
    if request.method != "POST":
        return render(request, "casework/matter_quick_report.html", {**context, "form": build(None, None)})
    if wants_json(request):
        return _report_as_json(request, declared, build(request.POST, request.FILES))
    tried = attempt(request, build, lambda form: _open(request, declared, form))
    if tried.is_done:
        messages.success(request, _("Registered as %(number)s.") % {"number": tried.result["words"]})
        return _to_matter(request, tried.result)
    shown = {**context, "form": tried.form, "similar": _similar(tried)}
    return render(request, "casework/matter_quick_report.html", shown, status=tried.http_status)


@never_cache
@signed_in
@require_GET
def queue_token(request):
    """What the offline queue needs to send: a form token, whose queue it is, and ids for new records."""
    uuids = [opening.issue_client_uuid(request.user) for _number in range(QUEUE_TOKENS)]
    return JsonResponse({"csrf": get_token(request), "user": request.user.pk, "uuids": uuids})


def _to_matter(request, kept):
    """To the matter's page; whoever shares a party's name or number is told why they see it no longer."""
    if not walled_user_ids(kept["pk"], [request.user.pk]):
        return redirect(kept["url"])
    messages.info(request, _("A party has your name or number: others carry this matter on. If it is somebody else, "
                             "ask a clerk of the township to answer the question in it."))
    return redirect("casework:inbox")


def _report_as_json(request, declared, form):
    try:
        if not form.is_valid():
            expired = form.has_error("client_uuid", "form-expired")
            code, status = ("form-expired", 409) if expired else ("invalid", 422)
            body = {"code": code, "message": _("Please check what you typed."), "user": request.user.pk}
            return JsonResponse(body | _errors(form), status=status)
        kept = _open(request, declared, form)
    except opening.SimilarOpen as similar:
        found = [
            {"number": row.number, "title": row.title, "url": reverse("casework:matter", args=[row.pk])}
            for row in similar.matters
        ]
        body = {"code": similar.code, "message": similar.message, "missing": [], "matters": found}
        return JsonResponse(body, status=409)
    except AlreadySent as sent:
        return JsonResponse({"code": sent.code, "message": sent.message, "missing": [], "kept": sent.kept}, status=409)
    except Refused as refusal:
        return as_json(refusal)
    return JsonResponse({"number": kept["words"], "url": kept["url"], "id": kept["pk"]}, status=201)


def _open(request, declared, form) -> dict:
    """Open the matter; SimilarOpen if others like it are open and the form does not say that it is another."""
    values, token = form.values(), form.cleaned_data["client_uuid"]

    def write():
        return opening.open_matter(
            kind=declared.code, actor=request.user, values=values, parties=form.party_values(), facts=form.facts(),
            files=form.file_pairs(), client_uuid=token,
        )

    if not form.cleaned_data.get("not_duplicate"):
        opening.refuse_similar(kind=declared, actor=request.user, values=values, client_uuid=token)
    return send_once(request, form, write, matter_as_kept)


def matter_as_kept(matter) -> tuple[str, str]:
    """Number and address of a matter that was registered."""
    return matter.number, reverse("casework:matter", args=[matter.pk])


def _similar(tried) -> list:
    """What the page asks about; a question is no mistake, so the form is not marked as wrong."""
    matters = list(getattr(tried.refusal, "matters", ()))
    if matters:
        tried.form.is_quiet = True
    return matters


def _errors(form) -> dict:
    """`errors`: what is wrong, by the name of the field; `labels`: what these fields are called on the page."""
    errors, labels = {}, {}
    rows = [(_("Party %(number)s") % {"number": n}, row) for n, row in enumerate(form.parties.forms, 1)]
    for place, part in [("", form), *rows]:
        for name, texts in part.errors.items():
            errors[part.add_prefix(name)] = [str(text) for text in texts]
            label = str(part.fields[name].label) if name in part.fields else ""
            labels[part.add_prefix(name)] = f"{place} {label}".strip()
    return {"errors": errors, "labels": labels}


def _openable(user) -> list:
    return [kind for kind in registry.all_kinds() if forms.may_open(user, kind)]


def _kind_for(user, code):
    declared = next((kind for kind in registry.all_kinds() if kind.code == code), None)
    if declared is None:
        raise Http404
    if not forms.may_open(user, declared):
        raise Refused("not-your-right", _("Your posts do not let you register anything."))
    return declared


def _register_url(kind) -> str:
    if kind.register_url:
        try:
            return reverse(kind.register_url)
        except NoReverseMatch:
            pass
    return reverse("casework:register", args=[kind.code])
