"""Which addresses may be called (推送地址): the intranet and the outside, never this machine or its neighbours' keys.

The name is resolved once, every address it has is checked, and the call goes to the address that was checked: a
name that changes between check and call gains nothing.
"""
import ipaddress
import socket
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from ...workflow import Refused

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
# Where providers of machines give out keys and settings to whoever asks from within.
_OF_PROVIDERS = frozenset(map(ipaddress.ip_address, (
    "100.100.100.200", "fd00:ec2::254", "fd20:ce::254", "168.63.129.16", "192.0.0.192", "169.254.169.254",
)))
# Looking up a name has no end of its own.
LOOK_UP_SECONDS = 5
_looking_up = ThreadPoolExecutor(8, thread_name_prefix="look-up")


class Forbidden(OSError):
    """The address may not be called."""


def check_url(url: str) -> str:
    """The address, if it may be subscribed; Refused `webhook-url-wrong`, `webhook-url-forbidden`."""
    try:
        parts = urlsplit(url)
        is_whole = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        is_whole = False
    if not is_whole or parts.username or parts.password or parts.fragment or not url.isascii() or " " in url:
        raise Refused(
            "webhook-url-wrong", _("Give an address like https://system.example/receive."), missing=("url",)
        )
    try:
        resolve(parts.hostname, parts.port or 443)
    except Forbidden:
        raise Refused(
            "webhook-url-forbidden", _("This address lies on the machine itself; it is not called."), missing=("url",)
        ) from None
    except OSError:
        pass  # a name that is not known yet is tried when there is something to deliver
    return url


def resolve(host: str, port: int) -> str:
    """The first address of the host; Forbidden if any of them may not be called, OSError if there is none in time."""
    asked = _looking_up.submit(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
    try:
        found = asked.result(LOOK_UP_SECONDS)
    except TooLate:
        asked.cancel()
        raise TimeoutError("the name was not found in time") from None
    addresses = [row[4][0].partition("%")[0] for row in found]
    for address in addresses:
        if not may_be_called(address):
            raise Forbidden("address is not allowed")
    return addresses[0]


def may_be_called(address: str) -> bool:
    """Whether no part of the address is this machine, its neighbour, a provider's own or none at all."""
    if settings.WEBHOOK_ALLOW_LOCAL:
        return True
    return not any(
        one.is_loopback or one.is_link_local or one.is_unspecified or one.is_multicast or one.is_reserved
        or one in _OF_PROVIDERS or is_of_this_machine(one)
        for one in _inner(ipaddress.ip_address(address))
    )


def is_of_this_machine(address) -> bool:
    """Whether one of this machine's own interfaces has the address: what leads there begins there; nothing is sent."""
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((str(address), 9))
            return ipaddress.ip_address(probe.getsockname()[0].partition("%")[0]) == address
    except OSError:
        return False


def _inner(address):
    """The address, and the one that lies within it (IPv4 in IPv6)."""
    if address.version == 4:
        return [address]
    within = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in _NAT64:
        within.append(ipaddress.ip_address(int(address) & 0xFFFFFFFF))
    held = [one for one in within if one is not None]
    # A mapped address is judged by what it holds; the wrapping itself counts as reserved.
    return held if address.ipv4_mapped or address in _NAT64 else [address, *held]
