"""Forms of the papers (文书模板): the list, one with its fields and versions, download, replacing, the usual form."""
from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from governance.casework.views.refusals import only_for
from governance.casework.views.submitting import attempt

from ..forms.paper_templates import PaperTemplateForm
from ..services import papers
from .papers import WORD


@only_for("system_admin")
@never_cache
@require_GET
def listing(request):
    """All papers of a township: in the usual form or replaced."""
    townships = papers.townships_of(request.user)
    chosen = request.GET.get("township", "")
    township = next((one for one in townships if str(one.pk) == chosen), townships[0] if townships else None)
    shown = {"townships": townships, "township": township, "papers": papers.states(township) if township else []}
    return render(request, "disputes/paper_templates.html", shown)


@only_for("system_admin")
@never_cache
@require_http_methods(["GET", "POST"])
def template(request, township, code):
    """One paper: what may stand in its template, its versions, and the form for the next."""
    place, paper = _found(request, township, code)
    form, status = PaperTemplateForm(), 200
    if request.method == "POST":
        tried = attempt(request, PaperTemplateForm, lambda form: papers.replace_template(
            township=place, code=code, actor=request.user, name=form.cleaned_data["file"].name,
            content=form.cleaned_data["file"].read(papers.MOST_BYTES + 1),
        ))
        if tried.is_done:
            messages.success(request, _("From now on this paper is made from your template."))
            return redirect("disputes:paper-template", township, code)
        form, status = tried.form, tried.http_status
    versions = papers.versions(place, code)
    shown = {
        "township": place, "paper": paper, "form": form, "versions": versions, "fields": papers.fields_told(paper),
        "used": next((row for row in versions if row.ended_at is None), None),
    }
    return render(request, "disputes/paper_template.html", shown, status=status)


@only_for("system_admin")
@never_cache
@require_GET
def file(request, township, code):
    """The template in use as Word, or another version: `?version=3`, 0 is the usual form."""
    place, paper = _found(request, township, code)
    version, content = _content(place, code, request.GET.get("version", ""))
    answer = HttpResponse(content, content_type=WORD)
    name = f"{paper.title}_{_('template')}{version or ''}.docx"
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@only_for("system_admin")
@never_cache
@require_http_methods(["GET", "POST"])
def default(request, township, code):
    """Ask before the usual form is put back, then put it back."""
    place, paper = _found(request, township, code)
    if request.method != "POST":
        return render(request, "disputes/paper_template_default.html", {"township": place, "paper": paper})
    papers.back_to_default(township=place, code=code, actor=request.user)
    messages.success(request, _("The usual form is back in use. Your template is kept among the versions."))
    return redirect("disputes:paper-template", township, code)


def _content(township, code: str, asked: str) -> tuple[int, bytes]:
    if asked == "":
        return papers.current_template(township.pk, code)
    if asked == "0":
        return 0, papers.default_template(code)
    row = next((one for one in papers.versions(township, code) if str(one.version) == asked), None)
    if row is None:
        raise Http404
    return row.version, papers.content_of(row)


def _found(request, township: int, code: str):
    place = next((one for one in papers.townships_of(request.user) if one.pk == township), None)
    if place is None or code not in papers.PAPERS:
        raise Http404
    return place, papers.PAPERS[code]
