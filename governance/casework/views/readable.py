"""What no page can read is refused before it comes there (不可读的请求): one answer for every address."""
import re

from django.http import HttpResponseNotAllowed, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from ..workflow import Refused
from .refusals import wants_json

_API = "/api/"
_PAGES_TAKE = ("GET", "HEAD", "POST", "OPTIONS")
# A day of which the next one, or the same in another zone, would lie outside the calendar; nobody means such a year.
_FAR_DAY = re.compile(r"(?<!\d)(?:0\d{3}|1[0-8]\d{2}|2[2-9]\d{2}|[3-9]\d{3}|\d{5,})-\d{1,2}-\d{1,2}(?!\d)")


class ReadableMiddleware:
    """Refuses NUL characters in queries and forms, days of no century that is meant, and methods that no page has.

    A database takes no NUL, and the day after 9999-12-31 is none: without this each page would have to know.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        """Before the address is resolved."""
        if not request.path.startswith(_API) and request.method not in _PAGES_TAKE:
            return HttpResponseNotAllowed(_PAGES_TAKE)
        names = [values[0] for values in request.GET.lists() if any(map(_is_unreadable, _flat(values)))]
        if names:
            return _refused(request, names)
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        """Forms: after the token was checked, which has read them already."""
        if request.method != "POST" or request.path.startswith(_API):
            return None
        has_nul = any("\0" in value for values in request.POST.lists() for value in _flat(values))
        return _refused(request, ()) if has_nul else None


def _flat(values):
    name, held = values
    return (name, *held)


def _is_unreadable(text: str) -> bool:
    return "\0" in text or (len(text) < 40 and _FAR_DAY.search(text) is not None)


def _refused(request, names):
    message = _("There is something in the address or in the form that cannot be read: a character that no text has, "
                "or a day outside the years 1900 to 2199.")
    if request.path.startswith(_API):
        errors = {name[:60]: [message] for name in names}
        body = {"code": "invalid", "message": message, "missing": list(errors), "errors": errors}
        return JsonResponse(body, status=422)
    if wants_json(request):
        return JsonResponse({"code": "not-readable", "message": message, "missing": []}, status=400)
    refusal = Refused("not-readable", message)
    return render(request, "casework/refused.html", {"refusal": refusal}, status=400)
