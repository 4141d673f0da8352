"""One JSON line per request and per warning, with a request id and without personal data (日志)."""

import json
import logging
import time
import uuid
from contextvars import ContextVar

REQUEST_ID = ContextVar("request_id", default="")
access = logging.getLogger("portal.access")


class JsonFormatter(logging.Formatter):
    """Format a record as one JSON line; ``extra={"fields": {...}}`` adds to it."""

    def format(self, record):
        """Return the line; an exception is added as text."""
        line = {
            "at": time.strftime("%Y-%m-%dT%H:%M:%S%z", time.localtime(record.created)),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "request": REQUEST_ID.get(),
        }
        line.update(getattr(record, "fields", {}))
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def is_not_readiness(record) -> bool:
    """Leave out that /readyz answered 503: whoever asks it is told, every few seconds."""
    return getattr(getattr(record, "request", None), "path", "") != "/readyz"


class RequestLogMiddleware:
    """Give each request an id, return it as X-Request-ID and log path, status and time.

    The query string is left out: people search for names. The user appears as a primary key.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        token = REQUEST_ID.set(uuid.uuid4().hex)
        started = time.perf_counter()
        try:
            response = self.get_response(request)
            response["X-Request-ID"] = REQUEST_ID.get()
            access.info("request", extra={"fields": self._facts(request, response, started)})
            return response
        finally:
            REQUEST_ID.reset(token)

    @staticmethod
    def _facts(request, response, started):
        return {
            "method": request.method,
            "path": request.path,
            "status": response.status_code,
            "ms": round((time.perf_counter() - started) * 1000),
            "user": getattr(getattr(request, "user", None), "pk", None),
        }
