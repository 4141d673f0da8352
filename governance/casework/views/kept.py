"""The filters that somebody keeps in their inbox (常用筛选)."""
from django.contrib import messages
from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ..filters import MatterFilter
from ..forms.bulk import FilterNameForm
from ..models import SavedFilter
from ..services import keeping
from .refusals import signed_in
from .submitting import attempt


@signed_in
@require_GET
def filters(request):
    """The user's filters, to arrange them."""
    return render(request, "casework/filter_list.html", {
        "kept": list(SavedFilter.objects.filter(user=request.user)), "most": keeping.MOST,
    })


@signed_in
@require_http_methods(["GET", "POST"])
def save(request):
    """Keep the filter of a list under a name; what is wrong in the query is left out."""
    if request.method != "POST":
        form = FilterNameForm(initial={"query": request.GET.urlencode()})
        return _page(request, form, title=_("Save this filter"))
    tried = attempt(
        request, lambda data, files: FilterNameForm(data),
        lambda form: keeping.save_filter(
            user=request.user, name=form.cleaned_data["name"], query=_cleaned(form, request.user)
        ),
    )
    if not tried.is_done:
        return _page(request, tried.form, title=_("Save this filter"), status=tried.http_status)
    messages.success(request, _("Saved. You find it in your to-do, with its count."))
    return redirect(reverse("casework:matters") + "?" + tried.result.query)


@signed_in
@require_http_methods(["GET", "POST"])
def rename(request, pk):
    """Give a kept filter another name."""
    row = get_object_or_404(SavedFilter, user=request.user, pk=pk)
    if request.method != "POST":
        return _page(request, FilterNameForm(initial={"name": row.name}), title=_("Rename"), row=row)
    tried = attempt(
        request, lambda data, files: FilterNameForm(data),
        lambda form: keeping.rename_filter(user=request.user, filter_id=pk, name=form.cleaned_data["name"]),
    )
    if not tried.is_done:
        return _page(request, tried.form, title=_("Rename"), row=row, status=tried.http_status)
    return redirect("casework:filters")


@signed_in
@require_POST
def move(request, pk, way):
    """One place up or down."""
    if way not in ("up", "down"):
        raise Http404
    keeping.move_filter(user=request.user, filter_id=pk, up=way == "up")
    return redirect("casework:filters")


@signed_in
@require_http_methods(["GET", "POST"])
def delete(request, pk):
    """Ask, then delete; the matters stay where they are."""
    row = get_object_or_404(SavedFilter, user=request.user, pk=pk)
    if request.method == "POST":
        keeping.drop_filter(user=request.user, filter_id=pk)
        messages.success(request, _("Deleted."))
        return redirect("casework:filters")
    return render(request, "casework/filter_delete.html", {"row": row})


def _cleaned(form, user) -> str:
    return MatterFilter(QueryDict(form.cleaned_data["query"]), user=user).query()


def _page(request, form, *, title, row=None, status=200):
    return render(request, "casework/filter_form.html", {"form": form, "title": title, "row": row}, status=status)
