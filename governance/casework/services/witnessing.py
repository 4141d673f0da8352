"""What the history says of the time, and who is told when it is doubted (时间校验)."""
from django.utils import timezone

from governance.organisation.models import Post, Role, User
from governance.organisation.services.timekeeping import LISTENERS, WITNESSES, Witness

from ..models import Event, Seal
from .notifying import tell

_NEWEST = 200
_ADMINISTRATORS = (Role.SYSTEM_ADMIN.value, Role.SECURITY_ADMIN.value)


def newest_events(after: int):
    """The last id, and the latest time among the newest events after one; index of the key."""
    return _latest(Event.objects.filter(pk__gt=after).order_by("-pk").values_list("pk", "at")[:_NEWEST], after)


def last_seal(after: int):
    """The last seal's number and time, if it comes after one."""
    return _latest(Seal.objects.filter(number__gt=after).order_by("-number").values_list("number", "at")[:1], after)


def tell_administrators(watch, verb: str) -> None:
    """Told once for each time that it happens."""
    now = timezone.now()
    held = Post.objects.on(timezone.localdate(now)).with_role(*_ADMINISTRATORS)
    people = User.objects.active().filter(pk__in=held.values("user"))
    tell(people, f"time_{verb}", key=f"time_{verb}:{now.isoformat()}", data={}, now=now)


def register() -> None:
    """Have the floor below ask and tell."""
    WITNESSES[:] = [Witness("events", newest_events), Witness("seals", last_seal)]
    if tell_administrators not in LISTENERS:
        LISTENERS.append(tell_administrators)


def _latest(rows, after: int):
    rows = list(rows)
    return max((pk for pk, _at in rows), default=after), max((at for _pk, at in rows), default=None)
