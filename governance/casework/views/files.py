"""Files given out through the visibility of their matter, and the service worker (附件下载)."""
from django.contrib.staticfiles import finders
from django.http import FileResponse, Http404, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from ..services.attaching import opened, readable
from ..workflow import Refused
from .refusals import signed_in

# Shown in the browser; everything else is only ever saved to disk.
_INLINE = frozenset({"image/jpeg", "image/png", "image/webp", "application/pdf"})


@signed_in
@require_GET
@cache_control(private=True, max_age=300)
def attachment(request, pk):
    """A file of a visible matter; a reporter without further right gets only what they sent themselves.

    A file that is missing or altered is no page that never was: its refusal says so.
    """
    try:
        row = readable(request.user, pk)
    except Refused as error:
        raise Http404 from error
    content = opened(row)
    shown = row.content_type in _INLINE and "save" not in request.GET
    answer = FileResponse(content, as_attachment=not shown, filename=row.name, content_type=row.content_type)
    answer["X-Content-Type-Options"] = "nosniff"
    # Even a file that got past the checks runs nothing here.
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'"
    return answer


@require_GET
def service_worker(request):
    """The script that opens the report page without a network; it has to lie at the root to serve all pages."""
    path = finders.find("portal/sw.js")
    if path is None:
        raise Http404
    with open(path, encoding="utf-8") as script:
        answer = HttpResponse(script.read(), content_type="text/javascript; charset=utf-8")
    answer["Service-Worker-Allowed"] = "/"
    answer["Cache-Control"] = "no-cache"
    return answer
