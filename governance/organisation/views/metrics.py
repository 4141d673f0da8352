"""What Prometheus reads (监控指标): requests from Valkey, work that waits from the database and the broker."""
import hmac
import time

from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpResponse
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from redis.exceptions import RedisError

from governance import queues
from governance.celery import HEARTBEAT_KEY
from governance.measuring import BUCKETS, counts

from ..registry import all_gauges


@require_safe
@never_cache
def metrics(request):
    """The figures, for whoever shows the token of PORTAL_METRICS_TOKEN; without one the address does not exist."""
    if not settings.METRICS_TOKEN:
        raise Http404
    shown = request.headers.get("Authorization", "")
    if not hmac.compare_digest(shown.encode(), f"Bearer {settings.METRICS_TOKEN}".encode()):
        return HttpResponse("401\n", status=401, content_type="text/plain", headers={"WWW-Authenticate": "Bearer"})
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Portal())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


class _Portal:
    """Collects anew for each scrape."""

    def collect(self):
        """Requests and queues as far as Valkey answers, then every app's own gauges."""
        try:
            yield from _requests()
            yield from _queues()
            yield _worker()
            is_up = 1
        except RedisError:
            is_up = 0
        yield GaugeMetricFamily("portal_broker_up", "Whether Valkey answered this scrape.", value=is_up)
        for gauge in all_gauges():
            family = GaugeMetricFamily(gauge.name, gauge.help, labels=gauge.labels)
            for labels, value in gauge.read():
                family.add_metric(labels, value)
            yield family


def _requests():
    requests, buckets, seconds = counts()
    total = CounterMetricFamily("portal_requests", "Requests answered.", labels=["method", "view", "status"])
    for name, value in sorted(requests.items()):
        total.add_metric(name.split("|"), value)
    yield total
    times = HistogramMetricFamily("portal_request_seconds", "Time to answer a request.", labels=["view"])
    for view in sorted(seconds):
        summed, rows = 0.0, []
        for bound in (*map(str, BUCKETS), "+Inf"):
            summed += buckets.get(f"{view}|{bound}", 0.0)
            rows.append((bound, summed))
        times.add_metric([view], buckets=rows, sum_value=seconds[view])
    yield times


def _queues():
    lengths = GaugeMetricFamily("portal_queue_length", "Tasks that wait in the broker.", labels=["queue"])
    oldest = GaugeMetricFamily("portal_queue_oldest_seconds", "Age of the oldest task that waits.", labels=["queue"])
    idle = GaugeMetricFamily("portal_worker_idle_seconds", "Time since a worker finished a task.", labels=["queue"])
    for queue in queues.QUEUES:
        lengths.add_metric([queue], queues.length(queue))
        oldest.add_metric([queue], queues.waiting_seconds(queue))
        seconds = queues.idle_seconds(queue)
        idle.add_metric([queue], float("nan") if seconds is None else seconds)
    return lengths, oldest, idle


def _worker():
    beat = cache.get(HEARTBEAT_KEY)
    age = time.time() - beat if beat is not None else float("nan")
    return GaugeMetricFamily("portal_worker_heartbeat_age_seconds", "Age of the last sign of a worker.", value=age)


urlpatterns = [path("metrics", metrics, name="metrics")]
