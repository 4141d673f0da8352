"""From which address somebody comes (来源地址): only proxies named in PORTAL_TRUSTED_PROXIES are believed.

X-Forwarded-For is written by whoever likes. Each proxy appends whom it was asked by, so the list is read from its end:
the first address that is no trusted proxy is the one that a trusted proxy saw with its own eyes. Who spoke to the
portal's own front, or to a proxy before its socket, is REMOTE_ADDR before (`with_address_of_peer`).
"""

import ipaddress
from functools import lru_cache

from django.conf import settings

# Set in the web process, never by a header: the request came from our own front or a proxy before our socket.
THROUGH_SOCKET = "portal.through_socket"
_TOLD_BY_PROXIES = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "HTTP_X_REAL_IP")


class ClientAddressMiddleware:
    """REMOTE_ADDR is the client's own address afterwards; what an untrusted one says about itself is dropped."""

    def __init__(self, get_response):
        self.get_response = get_response
        read_proxies(tuple(settings.TRUSTED_PROXIES))

    def __call__(self, request):
        peer = request.META.get("REMOTE_ADDR", "")
        if self.is_trusted(peer):
            request.META["REMOTE_ADDR"] = self.client_behind(peer, request.META.get("HTTP_X_FORWARDED_FOR", ""))
        elif not request.META.get(THROUGH_SOCKET):
            for name in _TOLD_BY_PROXIES:
                request.META.pop(name, None)
        return self.get_response(request)

    def client_behind(self, peer: str, forwarded: str) -> str:
        """The last address of the list that is no trusted proxy; what cannot be read ends the list."""
        seen = peer
        for told in reversed([part.strip() for part in forwarded.split(",")]):
            address = _read(told)
            if address is None:
                break
            seen = str(address)
            if not self.is_trusted(seen):
                break
        return seen

    def is_trusted(self, peer: str) -> bool:
        """Whether the operator named this address or its network."""
        address = _read(peer)
        return address is not None and any(
            address in network for network in read_proxies(tuple(settings.TRUSTED_PROXIES))
        )


@lru_cache(maxsize=8)
def read_proxies(named: tuple) -> list:
    """The networks; ValueError for what is none, so that a slip is seen at the start."""
    return [ipaddress.ip_network(one, strict=False) for one in named]


def address_of(request) -> str | None:
    """The client's address as it can be stored; None where there is none."""
    address = _read(request.META.get("REMOTE_ADDR", ""))
    return str(address) if address else None


def _read(text: str):
    """An address, without the port that some proxies write behind it; an IPv4 one in the dress of IPv6 is IPv4."""
    text = text.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def with_address_of_peer(serve):
    """Where a request came through a socket file, put into REMOTE_ADDR who spoke to the proxy behind that file.

    Only our own front or the server's nginx can reach the file; the address that it added is the last one in
    X-Forwarded-For. What stands before it was said by that peer and is left for the settings to believe or not.
    """

    def serve_known(environ, start_response):
        if not environ.get("REMOTE_ADDR"):
            # What it tells about the way there is believed, as it let nobody else tell it.
            environ[THROUGH_SOCKET] = True
            said, _comma, peer = environ.pop("HTTP_X_FORWARDED_FOR", "").rpartition(",")
            environ["REMOTE_ADDR"] = peer.strip()
            if said.strip():
                environ["HTTP_X_FORWARDED_FOR"] = said.strip()
        return serve(environ, start_response)

    return serve_known
