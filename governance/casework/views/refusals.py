"""The one place where a refusal becomes an answer: a page, a fragment, or JSON (不予执行的答复)."""
from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from governance.organisation.registry import status_of

from ..visibility import Sight
from ..workflow import Refused

__all__ = [
    "FilesFromPeopleOnly", "RefusalMiddleware", "as_json", "csrf_failure", "only_for", "signed_in", "status_of",
    "wants_json",
]


def wants_json(request) -> bool:
    """Whether the caller asked for JSON."""
    return "application/json" in request.headers.get("Accept", "")


def as_json(refusal: Refused) -> JsonResponse:
    """`{code, message, missing}`."""
    body = {"code": refusal.code, "message": str(refusal.message), "missing": [str(m) for m in refusal.missing]}
    return JsonResponse(body, status=status_of(refusal))


class RefusalMiddleware:
    """Answers a refusal that no form has taken up."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        """Nothing is done on the way in or out."""
        return self.get_response(request)

    def process_exception(self, request, exception):
        """A page for people, JSON for programs; other exceptions pass."""
        if not isinstance(exception, Refused):
            return None
        if wants_json(request):
            return as_json(exception)
        return render(request, "casework/refused.html", {"refusal": exception}, status=status_of(exception))


def csrf_failure(request, reason=""):
    """The answer to a form without a valid token."""
    message = _("Your form has expired. Load the page again; what you typed is kept.")
    refusal = Refused("csrf", message)
    if wants_json(request):
        return JsonResponse({"code": "csrf", "message": message, "missing": []}, status=403)
    return render(request, "casework/refused.html", {"refusal": refusal}, status=403)


class FilesFromPeopleOnly:
    """Reads nothing large from somebody who is not logged in: a form's files would fill the disk before it is refused.

    Stands behind the login and before the check of the form's token, which reads the whole form. The interface asks
    for its token before it reads.
    """

    most_bytes = 1024 * 1024

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        """As a page that asks for the login."""
        is_large = int(request.META.get("CONTENT_LENGTH") or 0) > self.most_bytes
        if is_large and not request.path_info.startswith("/api/") and not request.user.is_authenticated:
            return _sent_to_login(request)
        return self.get_response(request)


def signed_in(view):
    """Only for people who are logged in: JSON gets 401, htmx is sent to the login, a browser too."""

    @wraps(view)
    def checked(request, *args, **kwargs):
        return view(request, *args, **kwargs) if request.user.is_authenticated else _sent_to_login(request)

    return checked


def _sent_to_login(request):
    if wants_json(request):
        message = _("Log in again; what you typed is kept.")
        return JsonResponse({"code": "login-required", "message": message, "missing": []}, status=401)
    answer = redirect_to_login(request.get_full_path())
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": answer.url})
    return answer


def only_for(*roles):
    """Only for holders of one of the roles (or who stand in for one); Refused `not-your-page` else."""

    def decorate(view):
        @signed_in
        @wraps(view)
        def checked(request, *args, **kwargs):
            if not set(roles) & set(Sight.of(request.user).roles_at):
                raise Refused("not-your-page", _("This page is not for your posts."))
            return view(request, *args, **kwargs)

        return checked

    return decorate
