"""One pattern for every form of the organisation: check the right, try the act, keep what was typed."""
from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from ..forms.editing import EditForm
from ..registry import Refused

FORM, TABLE = "organisation/form.html", "organisation/table.html"


def needs(*permissions):
    """Only for people whose posts give one of these permissions; others get 403."""

    def wrap(view):
        @login_required
        @never_cache
        @wraps(view)
        def checked(request, *args, **kwargs):
            if not any(request.user.has_perm(f"organisation.{name}") for name in permissions):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return checked

    return wrap


def serve(request, build, act, *, title, done, to, hint="", button="", template=FORM):
    """Show the form; sent, do the act and go on to `to`; a refusal stands in the form."""
    form = build(request.POST or None, request.FILES or None) if request.method == "POST" else build(None, None)
    if request.method == "POST" and form.is_valid():
        try:
            act(form.edited() if isinstance(form, EditForm) else form.cleaned_data)
        except Refused as refusal:
            field = refusal.missing[0] if refusal.missing and refusal.missing[0] in form.fields else None
            form.add_error(field, str(refusal.message))
        else:
            request.is_taken = True
            messages.success(request, done)
            return redirect(*to) if isinstance(to, tuple) else redirect(to)
    status = 422 if form.is_bound and form.errors else 200
    return render(request, template, {"form": form, "title": title, "hint": hint, "button": button}, status=status)
