"""One signed call to one address (推送调用): pinned to the address that was checked, no redirect, no proxy.

Its whole time is limited, from looking up the name to the end of the answer, however slowly the other side gives
one byte after the other.
"""
import contextlib
import hashlib
import hmac
import http.client
import socket
import ssl
import threading
import time
from urllib.parse import urlsplit

from .addresses import Forbidden, may_be_called, resolve

# For the whole call; whoever claims a delivery holds it for longer than this.
SECONDS = 10
MOST_READ = 1024


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """`sha256=` and the HMAC-SHA256 (hex) over `timestamp.body`."""
    digest = hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return f"sha256={digest}"


def call(url: str, body: bytes, headers: dict) -> int:
    """POST the body; the status of the answer. OSError or HTTPException if there is none in time."""
    parts, ends_at = urlsplit(url), time.monotonic() + SECONDS
    is_tls = parts.scheme == "https"
    port = parts.port or (443 if is_tls else 80)
    connection = _Pinned(parts.hostname, port, resolve(parts.hostname, port), is_tls, ends_at)
    path = parts.path or "/"
    try:
        with _ending(connection, ends_at) as check:
            connection.request("POST", f"{path}?{parts.query}" if parts.query else path, body, headers)
            answer = connection.getresponse()
            check()
            # The status is what counts; the rest is only taken so that the other side can finish.
            with contextlib.suppress(OSError, http.client.HTTPException):
                answer.read(MOST_READ)
            return answer.status
    finally:
        connection.close()


@contextlib.contextmanager
def _ending(connection, ends_at: float):
    """Cut the connection when its time is over, whatever it is doing; what fails then is a TimeoutError.

    Yields a check whether that has happened: a head that was cut off reads like a whole one.
    """

    def check():
        if time.monotonic() >= ends_at:
            raise TimeoutError(f"no whole answer within {SECONDS} s")

    timer = threading.Timer(max(0.0, ends_at - time.monotonic()), connection.cut)
    timer.daemon = True
    timer.start()
    try:
        yield check
    except (OSError, http.client.HTTPException, ValueError):
        check()
        raise
    finally:
        timer.cancel()


class _Pinned(http.client.HTTPConnection):
    """Connects to an address that is already known; TLS is checked against the host's name."""

    def __init__(self, host, port, address, is_tls, ends_at):
        super().__init__(host, port, timeout=SECONDS)
        self.address, self.is_tls, self.ends_at = address, is_tls, ends_at
        self.default_port = 443 if is_tls else 80

    def connect(self):
        """Open the connection; Forbidden if it has come to where it may not."""
        seconds = max(0.1, self.ends_at - time.monotonic())
        self.sock = socket.create_connection((self.address, self.port), seconds)
        if not may_be_called(self.sock.getpeername()[0].partition("%")[0]):
            raise Forbidden("address is not allowed")
        if self.is_tls:
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(self.sock, server_hostname=self.host, do_handshake_on_connect=False)
            self.sock.do_handshake()

    def cut(self) -> None:
        """End whatever waits for the other side."""
        with contextlib.suppress(OSError, AttributeError):
            self.sock.shutdown(socket.SHUT_RDWR)
