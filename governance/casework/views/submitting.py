"""How every form of an act is sent: tried once, refused with its text kept, stale with what changed (表单提交)."""
from django.utils.translation import gettext as _

from ..services import repeating
from ..services.door import Stale
from ..services.drafting import drop_draft, read_draft
from ..workflow import Refused
from .refusals import status_of

_NOT_DRAFTED = {"csrfmiddlewaretoken", "client_uuid", "version", "form", "not_duplicate", "copy"}
_BUTTONS = {"and_next"}


class AlreadySent(Refused):
    """The form was sent before with another content: `kept` is what was written then (`pk`, `words`, `url`)."""

    def __init__(self, kept: dict):
        super().__init__("form-already-sent", _("This form was sent before, with other content."))
        self.kept = kept


def send_once(request, form, write, shown) -> dict:
    """Write what a form with a token says, once; returns what was written: `pk`, `words` and `url`.

    `write()` returns the row, `shown(row)` its words and address. The same content sent again gets the same answer;
    another content is never taken for it: AlreadySent.
    """
    def perform():
        row = write()
        words, url = shown(row)
        return 201, {"pk": row.pk, "words": words, "url": url}

    try:
        return repeating.once(
            user=request.user, key=f"form:{form.cleaned_data['client_uuid']}", perform=perform,
            fingerprint=repeating.fingerprint(
                path=request.path, values=_content(request.POST), files=request.FILES.lists()
            ),
        )[1]
    except repeating.Reused as reused:
        raise AlreadySent(reused.answer) from reused


def _content(post) -> dict:
    """What was typed, however the browser breaks lines and whichever button sent it."""
    return {
        name: [value.replace("\r\n", "\n").strip() for value in values]
        for name, values in draft_values(post).items() if name not in _BUTTONS
    }


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
    except AlreadySent as sent:
        tried.http_status = 409
        tried.form.renew_token()
        tried.form.already_sent, tried.form.is_quiet = sent.kept, True
    except Stale as stale:
        tried.http_status = 409
        tried.form = _renewed(request, build, stale)
    except Refused as refusal:
        if status_of(refusal) == 404:
            raise
        tried.http_status, tried.refusal = 409, refusal
        put_refusal(tried.form, refusal)
    request.is_taken = tried.is_done
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
