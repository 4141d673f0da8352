"""Counts and times of requests for Prometheus (指标): kept in Valkey, so that they are whole.

Several processes on several machines serve the portal; each counting for itself, a scrape would meet one of them at
random. One round trip for each request adds to common counters; without Valkey a request is served uncounted.
"""

import time

from django.core.cache import cache
from redis.exceptions import RedisError

# Upper bounds in seconds, as in design.md's budgets and around them.
BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
COUNTS, BUCKET_COUNTS, SUMS = "metrics:requests", "metrics:buckets", "metrics:seconds"
QUIET = frozenset({"healthz", "readyz", "metrics"})


def valkey():
    """The client behind the cache."""
    return cache.client()


def key_of(name: str) -> str:
    """The key with the prefix of this portal, so that two on one Valkey do not mix."""
    return cache.make_key(name)


class MeasureMiddleware:
    """Counts each request by method, name of the address and status, and its time in a histogram.

    The name stands for the address: ids and what was searched for are in no label.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        began = time.perf_counter()
        response = self.get_response(request)
        match = request.resolver_match
        name = match.view_name if match and match.view_name else "unknown"
        if name not in QUIET:
            count(request.method, name, response.status_code, time.perf_counter() - began)
        return response


def count(method: str, name: str, status: int, seconds: float) -> None:
    """Add one request to the common counters."""
    if cache.is_silent():
        return
    method = method if method in {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} else "OTHER"
    bound = next((str(one) for one in BUCKETS if seconds <= one), "+Inf")
    try:
        with valkey().pipeline(transaction=False) as pipe:
            pipe.hincrby(key_of(COUNTS), f"{method}|{name}|{status}", 1)
            pipe.hincrby(key_of(BUCKET_COUNTS), f"{name}|{bound}", 1)
            pipe.hincrbyfloat(key_of(SUMS), name, round(seconds, 6))
            pipe.execute()
    except RedisError:
        cache.note_silence()


def counts() -> tuple[dict, dict, dict]:
    """The three counters as texts to numbers: requests, buckets (not yet summed up), seconds."""
    client = valkey()
    return tuple(
        {name.decode(): float(value) for name, value in client.hgetall(key_of(held)).items()}
        for held in (COUNTS, BUCKET_COUNTS, SUMS)
    )
