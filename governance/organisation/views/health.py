"""What a load balancer asks: is the process alive, can it work (健康检查)."""

import time
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import path, resolve
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

from governance import queues
from governance.celery import HEARTBEAT_KEY
from governance.measuring import valkey

from ..registry import all_readiness

BEFORE_ALL = frozenset({"/healthz", "/readyz", "/metrics"})
# What has not answered by then counts as not there.
PATIENCE_SECONDS = 3
_asking = ThreadPoolExecutor(4, thread_name_prefix="readiness")


class HealthMiddleware:
    """Answers questions of health before everything else: without session, person, cache or host name."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path_info in BEFORE_ALL:
            return resolve(request.path_info).func(request)
        return self.get_response(request)


@require_safe
@never_cache
def healthz(request):
    """Answer 200 whenever the process can answer at all."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def readyz(request):
    """Answer 200 when database, broker, a worker and what the apps name are there; else 503 with what is missing.

    What does not answer within three seconds is not there: nobody is held up by asking.
    """
    questions = {("database",): _database_answers, ("broker", "worker"): _broker_answers}
    asked = [(names, _asking.submit(question)) for names, question in questions.items()]
    parts, ends_at = {}, time.monotonic() + PATIENCE_SECONDS
    for names, answer in asked:
        try:
            parts |= zip(names, answer.result(max(0.0, ends_at - time.monotonic())), strict=True)
        except TooLate:
            answer.cancel()
            parts |= dict.fromkeys(names, False)
    # Asked by this thread, now that the database is known to answer.
    parts |= {name: parts["database"] and holds() for name, holds in all_readiness().items()}
    return JsonResponse(parts, status=200 if all(parts.values()) else 503)


def favicon(request):
    """The portal's icon, for browsers and readers that ask at this address whatever a page says."""
    return redirect(static("portal/icon.svg"), permanent=True)


def _database_answers() -> tuple[bool]:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return (False,)
    finally:
        # This thread serves no page, after which it would be done.
        connection.close()
    return (True,)


def _broker_answers() -> tuple[bool, bool]:
    """The cache would hide a silence, so it is Valkey itself that is asked."""
    try:
        valkey().ping()
        return True, cache.get(HEARTBEAT_KEY) is not None and queues.is_worked_on()
    except RedisError:
        return False, False


urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("favicon.ico", favicon, name="favicon"),
]
