"""Who is connected (连接): so many each and together; when it is full, whoever keeps waiting longest goes."""

import ipaddress
from collections import Counter

from .limits import Limits


class Crowd:
    """Counts connections by address; an IPv6 network of one subscriber counts as one."""

    def __init__(self, limits: Limits):
        self.limits = limits
        self.members: dict = {}
        self.counts: Counter = Counter()

    def enter(self, member, address: str) -> bool:
        """Let it in; False if nobody can go for it. Trusted proxies speak for many and are only counted together."""
        key = self._key(address)
        if key and self.counts[key] >= self.limits.connections_each and not self._make_place(key):
            return False
        if len(self.members) >= self.limits.connections and not self._make_place(None):
            return False
        self.members[member] = key
        self.counts[key] += 1
        return True

    def leave(self, member) -> None:
        """It is gone."""
        key = self.members.pop(member, "")
        if key == "":
            return
        self.counts[key] -= 1
        if not self.counts[key]:
            del self.counts[key]

    def _make_place(self, key) -> bool:
        """Send away whoever has owed something for longest: a request between two, a head, the rest of a body."""
        waiting = [one for one, held in self.members.items() if one.owes_since is not None and key in (None, held)]
        if not waiting:
            return False
        oldest = min(waiting, key=lambda one: one.owes_since)
        self.leave(oldest)
        oldest.send_away()
        return True

    def _key(self, address: str) -> str | None:
        if self.limits.trusts(address):
            return None
        try:
            parsed = ipaddress.ip_address(address.partition("%")[0])
        except ValueError:
            return address
        if parsed.version == 6 and parsed.ipv4_mapped is None:
            return str(ipaddress.ip_network((parsed, 64), strict=False))
        return str(parsed)
