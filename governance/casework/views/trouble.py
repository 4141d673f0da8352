"""The answer when a page broke off (出错页): after trouble with the database, what to do and what was typed."""
import contextlib
import sys

from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache

from governance import trouble

from .refusals import wants_json

# What is typed blindly is typed again.
_SECRET = ("password", "otp", "code")
_LONG = 40


@never_cache
def server_error(request):
    """503 with Retry-After for trouble with the database; else 500. No query and no session is needed for either."""
    found = trouble.of(sys.exc_info()[1])
    if found is None:
        return HttpResponse(render_to_string("500.html"), status=500)
    if wants_json(request) or request.path_info.startswith("/api/"):
        answer = JsonResponse({"code": found.code, "message": str(found.message), "missing": []}, status=503)
    else:
        answer = HttpResponse(render_to_string("503.html", {"trouble": found, **_typed(request)}), status=503)
    answer["Retry-After"] = str(found.seconds)
    return answer


def _typed(request) -> dict:
    """What a form held, so that it can be sent again: long texts to be seen, the rest beside them."""
    if request.method != "POST":
        return {}
    values = []
    # Whatever keeps the form from being read again, the message is worth more.
    with contextlib.suppress(Exception):
        values = [
            {"name": name, "value": value, "is_long": len(value) > _LONG or "\n" in value}
            for name, held in request.POST.lists() for value in held
            if name != "csrfmiddlewaretoken" and not any(word in name for word in _SECRET)
        ]
    has_files = "multipart/form-data" in (request.content_type or "") and bool(getattr(request, "_files", None))
    return {"values": values, "address": request.get_full_path(), "token": get_token(request), "has_files": has_files}
