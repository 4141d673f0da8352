"""Telling the browser that the server has what was typed, so that its copy of the form goes (回执)."""
import re

from django.conf import settings
from django.shortcuts import resolve_url

_COPY = re.compile(r"[\w-]{1,40}", re.ASCII)
_SECONDS = 600


class ReceiptMiddleware:
    """Answers the field `copy`, which the browser's script adds to a form, with a cookie of that name.

    Stands last: a form that somebody further up sent to the login or to another page has not reached its view.
    What was refused, or has to be mended, is answered with a page and gets no receipt.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        """The answer, with the receipt if the view has taken what was sent."""
        answer = self.get_response(request)
        if getattr(request, "has_reached_view", False) and _has_taken(request, answer):
            copy = request.POST.get("copy", "")
            if _COPY.fullmatch(copy):
                answer.set_cookie(f"portal-taken-{copy}", "1", max_age=_SECONDS, samesite="Lax", secure=settings.TLS)
        return answer

    def process_view(self, request, view, args, kwargs):
        """Note that nobody has answered in the view's place."""
        request.has_reached_view = request.method == "POST" and request.user.is_authenticated


def _has_taken(request, answer) -> bool:
    """Whether the view did what the form asks: it leads on, or it says so itself (an act with a page of its own)."""
    if getattr(request, "is_taken", False):
        return True
    login = resolve_url(settings.LOGIN_URL)
    return answer.status_code in (302, 303) and not answer.headers.get("Location", "").startswith(login)
