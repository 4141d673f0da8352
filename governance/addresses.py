"""From which address somebody comes (来源地址): only proxies named in PORTAL_TRUSTED_PROXIES are believed.

X-Forwarded-For is written by whoever likes. Each proxy appends whom it was asked by, so the list is read from its end:
the first address that is no trusted proxy is the one that a trusted proxy saw with its own eyes.
"""

import ipaddress
from functools import lru_cache

from django.conf import settings

# A proxy on the same machine that comes over a socket of the file system has no address.
SOCKET = "unix"
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
        else:
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
        """Whether the operator named this address, its network, or the socket."""
        trusted = read_proxies(tuple(settings.TRUSTED_PROXIES))
        if not peer:
            return SOCKET in trusted
        address = _read(peer)
        return address is not None and any(address in network for network in trusted if network != SOCKET)


@lru_cache(maxsize=8)
def read_proxies(named: tuple) -> list:
    """Networks and the word for the socket; ValueError for what is neither, so that a slip is seen at the start."""
    return [SOCKET if one == SOCKET else ipaddress.ip_network(one, strict=False) for one in named]


def address_of(request) -> str | None:
    """The client's address as it can be stored; None for a socket without one."""
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
