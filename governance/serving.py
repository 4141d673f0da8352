"""How gunicorn serves the portal (网页进程配置): `gunicorn governance.wsgi -c python:governance.serving`.

Questions of health have a socket and threads of their own in every worker, which no page can use up.
"""

import contextlib
import os
import socket
import threading
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

worker_class = "gthread"
workers = int(os.environ.get("PORTAL_WEB_PROCESSES") or 2)
threads = 4
# What a worker has no thread for stays in the common queue, where another worker or a free thread takes it.
worker_connections = threads
keepalive = 0
preload_app = True
loglevel = "warning"
control_socket_disable = True
# The longest that gunicorn can take; the front refuses it before, in words.
limit_request_line = 8190
# A worker whose main thread does not move any more is replaced; pages run in others.
timeout = 60
# What is under way when a worker is told to stop.
graceful_timeout = 25

HEALTH_THREADS = 4
HEALTH_SECONDS = 5

_health: socket.socket | None = None


def on_starting(server) -> None:
    """Open the socket that PORTAL_HEALTH_SOCKET names, once for all workers."""
    global _health
    path = os.environ.get("PORTAL_HEALTH_SOCKET")
    if not path:
        return
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)
    _health = socket.socket(socket.AF_UNIX)
    _health.bind(path)
    os.chmod(path, 0o660)
    _health.listen(64)
    _health.setblocking(False)


def post_worker_init(worker) -> None:
    """Begin to answer questions of health."""
    if _health is None:
        return
    for _number in range(HEALTH_THREADS):
        threading.Thread(target=_HealthServer(_health, worker.wsgi).serve_forever, daemon=True).start()


class _Handler(WSGIRequestHandler):
    def address_string(self):
        """A unix socket has no address."""
        return ""

    def log_message(self, *_arguments):
        """The application logs what there is to log."""


class _HealthServer(WSGIServer):
    """Answers one request after the other on a socket that others serve too."""

    address_family = socket.AF_UNIX

    def __init__(self, listener, application):
        super().__init__(("", 0), _Handler, bind_and_activate=False)
        self.socket.close()
        self.socket = listener
        self.server_name, self.server_port = "portal", 80
        self.setup_environ()
        self.set_app(application)

    def get_request(self):
        """A connection, with little time to ask."""
        connection, _address = self.socket.accept()
        connection.setblocking(True)
        connection.settimeout(HEALTH_SECONDS)
        return connection, ("", 0)

    def handle_error(self, request, client_address):
        """Whoever asked is gone, or asked nothing."""
