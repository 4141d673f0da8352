"""Clients of the interface and their tokens (接口客户端): two administrators, each their own part."""
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ..forms.clients import ClientForm, TokenForm
from ..models import ApiClient, ApiToken
from ..registry import all_scopes
from ..services import clients as acts
from ..visibility import Area
from .serving import needs, serve


@needs("view_apiclient")
@require_safe
def clients(request):
    """All clients, with how many tokens work."""
    now = timezone.now()
    rows = _within(request).order_by("user__name_key", "pk")
    rows = rows.prefetch_related("tokens")
    for row in rows:
        row.working = sum(_state(token, now) == "working" for token in row.tokens.all())
        row.waiting = sum(_state(token, now) == "waiting" for token in row.tokens.all())
    return render(request, "organisation/clients.html", {"clients": rows})


@needs("add_apiclient")
def client_new(request):
    """Make a client."""
    return serve(
        request, lambda data, files: ClientForm(data, actor=request.user),
        lambda v: acts.create_client(actor=request.user, **v),
        title=_("New client"), done=_("The client is made. Issue a token; the security administrator gives posts."),
        to="organisation:clients",
    )


@needs("view_apiclient")
@require_safe
def client(request, pk):
    """One client: its posts and tokens."""
    row = get_object_or_404(_within(request), pk=pk)
    now, labels = timezone.now(), {scope.code: scope.label for scope in all_scopes()}
    tokens = list(row.tokens.for_list())
    for token in tokens:
        token.state = _state(token, now)
        token.labels = [labels.get(code, code) for code in token.scopes]
    posts = row.user.posts.on(timezone.localdate()).select_related("unit")
    return render(request, "organisation/client.html", {"client": row, "tokens": tokens, "posts": posts})


@needs("add_apitoken")
def token_new(request, pk):
    """Issue a token: its text is shown on the answer to this form and never again."""
    row = get_object_or_404(_within(request), pk=pk)
    found = {}

    def issue(values):
        found["token"], found["text"] = acts.issue_token(client=row, actor=request.user, **values)

    answer = serve(
        request, lambda data, files: TokenForm(data), issue,
        title=_("New token for %(name)s") % {"name": row.user.name},
        done=_("The token is made."), to=("organisation:client", pk),
    )
    if "text" not in found:
        return answer
    return render(request, "organisation/token_issued.html", {"client": row, **found})


@needs("release_apitoken")
@require_POST
def token_release(request, pk):
    """Let a token work."""
    token = acts.release_token(token=_token(request, pk), actor=request.user)
    messages.success(request, _("The token works from now on."))
    return redirect("organisation:client", token.client_id)


@needs("revoke_apitoken")
@require_POST
def token_revoke(request, pk):
    """End a token at once."""
    token = acts.revoke_token(token=_token(request, pk), actor=request.user)
    messages.success(request, _("The token is revoked."))
    return redirect("organisation:client", token.client_id)


def _within(request):
    """The clients of the administrator's area."""
    found = Area.of(request.user).people().filter(is_service=True)
    return ApiClient.objects.filter(user__in=found).select_related("user", "user__home_unit")


def _token(request, pk):
    """A token of a client of the area; 404 for all others."""
    return get_object_or_404(ApiToken.objects.filter(client__in=_within(request)), pk=pk)


def _state(token, now) -> str:
    if token.revoked_at is not None:
        return "revoked"
    if token.expires_at <= now:
        return "expired"
    return "working" if token.released_at is not None else "waiting"
