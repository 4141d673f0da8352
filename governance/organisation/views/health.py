"""What a load balancer asks: is the process alive, can it work (健康检查)."""

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

from governance.celery import HEARTBEAT_KEY
from governance.measuring import valkey

from ..registry import all_readiness


@require_safe
@never_cache
def healthz(request):
    """Answer 200 whenever the process can answer at all."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def readyz(request):
    """Answer 200 when database, broker, a worker and what the apps name are there; else 503 with what is missing."""
    parts = {"database": _database_answers(), **_broker_answers()}
    parts |= {name: parts["database"] and holds() for name, holds in all_readiness().items()}
    return JsonResponse(parts, status=200 if all(parts.values()) else 503)


def favicon(request):
    """The portal's icon, for browsers and readers that ask at this address whatever a page says."""
    return redirect(static("portal/icon.svg"), permanent=True)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _broker_answers() -> dict:
    """The cache would hide a silence, so it is Valkey itself that is asked."""
    try:
        valkey().ping()
    except RedisError:
        return {"broker": False, "worker": False}
    return {"broker": True, "worker": cache.get(HEARTBEAT_KEY) is not None}


urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("favicon.ico", favicon, name="favicon"),
]
