"""Acts on sessions (登录会话): how many one person may have, ending one or all others."""
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..models import LoginSession, User
from ..registry import Refused
from .recording import record_change


def make_room(person) -> int:
    """End the sessions of a person that are too many once one more begins, the longest unused first; how many ended."""
    keep = max(settings.SESSIONS_PER_PERSON - 1, 0)
    surplus = list(LoginSession.objects.of(person).values_list("pk", flat=True)[keep:])
    if surplus:
        LoginSession.objects.filter(pk__in=surplus).delete()
    return len(surplus)


@transaction.atomic
def end_own_session(*, user, key) -> None:
    """End one of one's own sessions; `key` as the list of them names it."""
    ended, _rows = LoginSession.objects.filter(person=user, pk=key).delete()
    if not ended:
        raise Refused("session-not-found", _("This session has ended already."))
    record_change(subject_type="user", subject_id=user.pk, verb="session_ended", actor=user)


@transaction.atomic
def end_other_sessions(*, user, but) -> int:
    """End all of one's own sessions but the one with this key; how many ended."""
    ended, _rows = LoginSession.objects.filter(person=user).exclude(pk=but).delete()
    if ended:
        record_change(subject_type="user", subject_id=user.pk, verb="session_ended", actor=user, data={"count": ended})
    return ended


def end_all_of(user: User) -> None:
    """End every session of a locked person within an act of its own: their epoch makes any copy worthless."""
    user.session_epoch += 1
    user.save(update_fields=["session_epoch"])
    LoginSession.objects.filter(person=user).delete()


def forget_ended_sessions(now=None) -> int:
    """Remove the rows of sessions that nobody ended; how many went."""
    rows = LoginSession.objects.all()
    living = LoginSession.objects.living(now or timezone.now()).values("pk")
    removed, _rows = rows.exclude(pk__in=living).delete()
    return removed
