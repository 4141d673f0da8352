"""What every page passes after the session is known: language, what has to be done first, no copies (页面入口)."""
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers

from governance.addresses import address_of
from governance.sessions import ADDRESS, BEGUN, DEVICE

from ..services import sessions
from .locking import device_of


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


class MustChangePassword:
    """Middleware: a one-time code opens nothing but the page on which a password is chosen."""

    open_names = frozenset({"password", "logout", "login", "healthz", "readyz", "favicon"})

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        """Nothing is done before the address is resolved."""
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        """Send to the password page."""
        user = request.user
        if not user.is_authenticated or not user.must_change_password:
            return None
        return None if request.resolver_match.url_name in self.open_names else redirect("organisation:password")


def begin_session(sender, request, user, **_kwargs):
    """At every login: put into the new session what the list of sessions shows, and end what is too many."""
    request.session[BEGUN] = timezone.now().isoformat()
    request.session[ADDRESS] = address_of(request)
    request.session[DEVICE] = device_of(request)
    sessions.make_room(user)
