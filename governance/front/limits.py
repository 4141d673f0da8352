"""How much time and room a client gets (限额)."""

import ipaddress
import os
import time
from dataclasses import dataclass, field

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Seconds, bytes and counts; measured in docs/performance.md."""

    # A whole head, counted from its first byte, or from the opening of the connection.
    head_seconds: float = 10
    # Between two requests on one connection.
    idle_seconds: float = 30
    # A body or an answer: so long at once, longer by what has passed at the lowest speed, and never longer than that.
    grace_seconds: float = 20
    lowest_speed: int = 8 * 1024
    longest_seconds: float = 900
    # A worker that has not answered.
    answer_seconds: float = 120
    # A request that is whole, for a free place before the workers.
    queue_seconds: float = 30
    # After a refusal what still comes is thrown away for so long, so that the refusal can be read.
    linger_seconds: float = 20
    # An ordered stop: what is under way is answered.
    stop_seconds: float = 12
    head_bytes: int = 32 * 1024
    # One line of it, and how many there may be: as the workers take them.
    line_bytes: int = 8000
    lines: int = 100
    body_bytes: int = 100 * MEGABYTE
    # Kept in memory; what is longer goes to the disk.
    memory_bytes: int = 256 * 1024
    # Of all bodies and answers together, on the disk and in memory.
    room_bytes: int = 512 * MEGABYTE
    # Requests handed on at once, and requests about the portal's health.
    places: int = 64
    health_places: int = 4
    connections: int = 900
    # A whole town hall may stand behind one address.
    connections_each: int = 400
    trusted: tuple = field(default=())

    @classmethod
    def of_environment(cls) -> "Limits":
        """The limits with what the settings PORTAL_MAX_BODY_MB and PORTAL_TRUSTED_PROXIES say."""
        megabytes = int(os.environ.get("PORTAL_MAX_BODY_MB") or cls.body_bytes // MEGABYTE)
        listed = [part.strip() for part in _listed_proxies().split(",")]
        return cls(
            body_bytes=megabytes * MEGABYTE,
            room_bytes=max(cls.room_bytes, 4 * megabytes * MEGABYTE),
            trusted=tuple(ipaddress.ip_network(part, strict=False) for part in listed if part),
        )

    def trusts(self, address: str) -> bool:
        """Whether a proxy at this address is believed when it says for whom it asks."""
        try:
            parsed = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(parsed in network for network in self.trusted)


def _listed_proxies() -> str:
    """Reached over HTTPS, the portal has a proxy before it: on this machine, unless it is named."""
    is_tls = (os.environ.get("PORTAL_TLS") or "").lower() in {"1", "true", "yes", "on"}
    return os.environ.get("PORTAL_TRUSTED_PROXIES") or usual_proxies(is_tls)


def usual_proxies(is_tls: bool) -> str:
    """Which proxies are believed where none is named; the settings ask here as well."""
    return "127.0.0.1,::1" if is_tls else ""


class Pace:
    """How long one body or answer may take: a grace, and more for what has passed at the lowest speed."""

    def __init__(self, limits: Limits):
        self.limits = limits
        self.began = time.monotonic()
        self.passed = 0

    def left(self) -> float:
        """Seconds until it is too slow; TimeoutError if there are none."""
        limits = self.limits
        allowed = min(limits.longest_seconds, limits.grace_seconds + self.passed / limits.lowest_speed)
        seconds = self.began + allowed - time.monotonic()
        if seconds <= 0:
            raise TimeoutError
        return seconds


class NoRoom(Exception):
    """Bodies and answers fill what they may fill together."""


class Room:
    """What all bodies and answers take together (缓冲总量)."""

    def __init__(self, limits: Limits):
        self.most = limits.room_bytes
        self.taken = 0

    def take(self, count: int) -> None:
        """Count so many bytes; NoRoom beyond the limit."""
        if self.taken + count > self.most:
            raise NoRoom
        self.taken += count

    def give_back(self, count: int) -> None:
        """They are gone."""
        self.taken -= count
