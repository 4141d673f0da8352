"""How every form of an act is sent: tried once, refused with its text kept, stale with what changed (表单提交)."""
from ..services.door import Stale
from ..services.drafting import drop_draft, read_draft
from ..workflow import Refused
from .refusals import status_of

_NOT_DRAFTED = {"csrfmiddlewaretoken", "client_uuid", "version", "form", "not_duplicate"}


class Attempt:
    """One try to send a form: `form` to show again, or `is_done` with the act's `result`."""

    def __init__(self, form):
        self.form = form
        self.is_done = False
        self.result = None
        self.refusal = None
        self.http_status = 200


def attempt(request, build, call, *, draft: str = "") -> Attempt:
    """Build the form from the request and call the act with it; nothing typed is lost.

    `build(data, files)` makes the form. A button whose name begins with `more_` only asks for further rows.
    Refusals that mean "not there" go up to the one place that answers them.
    """
    tried = Attempt(build(request.POST, request.FILES))
    if any(name.startswith("more_") for name in request.POST):
        tried.form.is_quiet = True
        return tried
    try:
        if not tried.form.is_valid():
            tried.http_status = 422
        else:
            tried.result = call(tried.form)
            tried.is_done = True
    except Stale as stale:
        tried.http_status = 409
        tried.form = _renewed(request, build, stale)
    except Refused as refusal:
        if status_of(refusal) == 404:
            raise
        tried.http_status, tried.refusal = 409, refusal
        put_refusal(tried.form, refusal)
    tried.form.lost_files = not tried.is_done and bool(request.FILES)
    if tried.is_done and draft:
        drop_draft(user=request.user, form=draft)
    return tried


def put_refusal(form, refusal: Refused) -> None:
    """Show a refusal at the field that it names, else on top."""
    named = next((name for name in refusal.missing if name in form.fields), None)
    form.add_error(named, str(refusal.message))


def restore(form, user, key: str):
    """Put a draft into a form that nobody has sent yet; `form.draft_restored` says whether there was one."""
    values = read_draft(user=user, form=key)
    if values and hasattr(form, "fit_to"):
        form.fit_to(values)
    for name, field in form.fields.items():
        if name in values and name not in _NOT_DRAFTED and not field.widget.needs_multipart_form:
            many = getattr(field.widget, "allow_multiple_selected", False)
            form.initial[name] = values[name] if many else values[name][0]
    for row in getattr(getattr(form, "parties", None), "forms", ()):
        for name in row.fields:
            if row.add_prefix(name) in values:
                row.initial[name] = values[row.add_prefix(name)][0]
    form.draft_restored = bool(values)
    return form


def draft_values(post) -> dict:
    """What is kept of a form: name -> list of strings, without tokens."""
    return {name: values for name, values in post.lists() if name not in _NOT_DRAFTED and any(values)}


def _renewed(request, build, stale: Stale):
    """The form with the text typed and the version of now; sent again it overrules knowingly."""
    data = request.POST.copy()
    data.pop("version", None)
    fresh = build(None, None)
    if "version" in fresh.fields:
        data["version"] = str(fresh["version"].value())
    form = build(data, None)
    form.stale_changes = stale.missing
    form.stale_message = stale.message
    form.is_quiet = True
    return form
