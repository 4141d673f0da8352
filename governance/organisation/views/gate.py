"""What every page passes after the session is known: language, what has to be done first, no copies (页面入口)."""
from django.http import JsonResponse
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from governance.addresses import address_of
from governance.sessions import ADDRESS, BEGUN, DEVICE

from ..services import second_factor, sessions
from .locking import device_of

# What a session lacks, in the words of services/second_factor.py.
SECOND_FACTOR = "second_factor"


class PrivatePages:
    """Middleware: no page is kept by a browser or a proxy, so that after logging out nobody leafs back to it.

    Static files never come here; an answer that says itself that it is public stays so.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        """Mark the answer."""
        response = self.get_response(request)
        told = response.get("Cache-Control", "")
        if "public" not in told and "no-store" not in told:
            response["Cache-Control"] = "private, no-store"
        return response


class AccountLanguage:
    """Middleware: whoever is logged in reads the language of their account, on every device."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        """Switch; LocaleMiddleware before has chosen for those who are not logged in."""
        user = request.user
        if not user.is_authenticated or user.language == translation.get_language():
            return self.get_response(request)
        request.LANGUAGE_CODE = user.language
        with translation.override(user.language):
            response = self.get_response(request)
            response.headers["Content-Language"] = user.language
        patch_vary_headers(response, ("Cookie",))
        return response


class FirstThings:
    """Middleware: what a session still lacks opens nothing but the page on which it is made good.

    In this order: the second factor, a password in place of a one-time code, setting a second factor up.
    """

    open_names = frozenset({"logout", "login", "healthz", "readyz", "favicon", "set_language"})

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        """Nothing is done before the address is resolved."""
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        """Send to the page; a program that lives on the session is told to log in."""
        name = _first_thing(request)
        if name is None or request.resolver_match.url_name in self.open_names | {name}:
            return None
        if "application/json" in request.headers.get("Accept", "") or request.path.startswith("/api/"):
            message = _("Log in again; what you typed is kept.")
            return JsonResponse({"code": "login-required", "message": message, "missing": []}, status=401)
        return redirect(f"organisation:{name}")


def _first_thing(request) -> str | None:
    """The name of the page that comes before all others."""
    if not request.user.is_authenticated:
        return None
    state = request.session.get(SECOND_FACTOR, "")
    if state == second_factor.DUE:
        return "second-factor"
    if request.user.must_change_password:
        return "password"
    return "second-factor-set-up" if state == second_factor.TO_SET_UP else None


def begin_session(sender, request, user, **_more):
    """At every login: put into the new session what its list shows and what it lacks, and end what is too many."""
    request.session[BEGUN] = timezone.now().isoformat()
    request.session[ADDRESS] = address_of(request)
    request.session[DEVICE] = device_of(request)
    request.session[SECOND_FACTOR] = second_factor.state_at_login(user)
    sessions.make_room(user)
