"""One signed call to one address (推送调用): pinned to the address that was checked, no redirect, no proxy."""
import hashlib
import hmac
import http.client
import socket
import ssl
from urllib.parse import urlsplit

from .addresses import resolve

SECONDS = 10
MOST_READ = 1024


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """`sha256=` and the HMAC-SHA256 (hex) over `timestamp.body`."""
    digest = hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return f"sha256={digest}"


def call(url: str, body: bytes, headers: dict) -> int:
    """POST the body; the status of the answer. OSError or HTTPException if there is none."""
    parts = urlsplit(url)
    is_tls = parts.scheme == "https"
    port = parts.port or (443 if is_tls else 80)
    connection = _Pinned(parts.hostname, port, resolve(parts.hostname, port), is_tls)
    path = parts.path or "/"
    try:
        connection.request("POST", f"{path}?{parts.query}" if parts.query else path, body, headers)
        answer = connection.getresponse()
        answer.read(MOST_READ)
        return answer.status
    finally:
        connection.close()


class _Pinned(http.client.HTTPConnection):
    """Connects to an address that is already known; TLS is checked against the host's name."""

    def __init__(self, host, port, address, is_tls):
        super().__init__(host, port, timeout=SECONDS)
        self.address, self.is_tls = address, is_tls
        self.default_port = 443 if is_tls else 80

    def connect(self):
        """Open the connection."""
        self.sock = socket.create_connection((self.address, self.port), self.timeout)
        if self.is_tls:
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)
