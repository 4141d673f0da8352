"""Keeping the login log: who logged in, who tried to, on which browsers people are known (登录记录)."""
import hashlib
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac

from ..models import KnownDevice, LoginRecord, User

Outcome = LoginRecord.Outcome
KEEP_DAYS_AT_LEAST = 180
BATCH = 5000
# By which marks browsers and systems are told apart, the first that fits.
_BROWSERS = (("MicroMessenger", "微信"), ("DingTalk", "钉钉"), ("Edg", "Edge"), ("Firefox", "Firefox"),
             ("Chrome", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = (("Windows", "Windows"), ("HarmonyOS", "HarmonyOS"), ("Android", "Android"), ("iPhone", "iPhone"),
            ("iPad", "iPad"), ("Mac OS", "macOS"), ("Linux", "Linux"))


@dataclass(frozen=True)
class Client:
    """Where a try comes from: address, what the browser calls itself, the mark that the portal left in it ("" none)."""

    address: str | None = None
    device: str = ""
    mark: str = ""


def hash_of_name(name: str) -> str:
    """What stands for a typed login name."""
    name = User.normalize_username(name.strip()).casefold()
    return salted_hmac("organisation.LoginRecord", name, algorithm="sha256").hexdigest()


def hash_of_mark(mark: str) -> str:
    """What stands for the mark of a browser; marks are random."""
    return hashlib.sha256(mark.encode()).hexdigest()


def record(outcome, client: Client, *, name="", person=None, by=None) -> LoginRecord:
    """Write an entry; the same refusal within a minute adds to the last one."""
    now = timezone.now()
    if person is None and name:
        person = User.objects.filter(username=User.normalize_username(name.strip())).first()
    name = person.username if person else name
    values = {"outcome": outcome, "person": person, "by": by, "address": client.address,
              "name_hash": hash_of_name(name) if name else ""}
    if outcome == Outcome.LOCKED:
        same = {**values, "name_hash": values["name_hash"] if person else ""}
        again = LoginRecord.objects.filter(**same, at__gt=now - timedelta(minutes=1), at__lte=now).first()
        if again is not None:
            LoginRecord.objects.filter(pk=again.pk).update(count=F("count") + 1)
            return again
        values = same
    return LoginRecord.objects.create(
        **values, at=now, device=client.device, known=known_as(person, client.mark),
    )


def device_name(told: str) -> str:
    """What a browser says about itself in two words that its owner knows; "" for what says nothing known."""
    names = [next((name for mark, name in known if mark in told), "") for known in (_SYSTEMS, _BROWSERS)]
    return " · ".join(filter(None, names))


def know_device(person, mark: str) -> bool:
    """Remember a browser in which a person has logged in; whether it is a new one of somebody who had others."""
    had_others = KnownDevice.objects.filter(user=person).exists()
    _row, is_new = KnownDevice.objects.update_or_create(
        user=person, mark_hash=hash_of_mark(mark), defaults={"last_at": timezone.now()}
    )
    return is_new and had_others


def prune_logins(now=None) -> int:
    """Remove records whose time is over, in batches; how many went."""
    days, removed = max(settings.KEEP_LOGINS_DAYS, KEEP_DAYS_AT_LEAST), 0
    rows = LoginRecord.objects.filter(at__lt=(now or timezone.now()) - timedelta(days=days)).order_by("pk")
    while ids := list(rows.values_list("pk", flat=True)[:BATCH]):
        LoginRecord.objects.filter(pk__in=ids).delete()
        removed += len(ids)
    return removed


def known_as(person, mark: str) -> str:
    """The hash of a mark if it is one of the person's browsers, "" else."""
    if person is None or not mark:
        return ""
    return hash_of_mark(mark) if KnownDevice.objects.filter(user=person, mark_hash=hash_of_mark(mark)).exists() else ""
