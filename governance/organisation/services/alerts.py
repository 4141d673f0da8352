"""Telling people at once what happens to their own account (账号提醒): logins on strange browsers, password, factor."""
from django.utils import timezone

from .logins import device_name
from .telling import tell


def alert_login(person, record) -> None:
    """A login on a browser that is new for somebody who had others; `record` is its entry in the login log."""
    data = {"device": device_name(record.device) or "—", "address": record.address or "—"}
    _alert(person, "login_new", f"login:{record.pk}", data)


def alert_change(person, change) -> None:
    """The person's password or second factor is another, as this change says."""
    _alert(person, f"own_{change.verb}", f"{change.verb}:{change.pk}", {})


def _alert(person, subject, key, data) -> None:
    """The words are the floor above's."""
    tell([person], subject, key=key, data={"day": timezone.localdate().isoformat(), **data})
