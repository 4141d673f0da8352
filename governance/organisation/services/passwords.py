"""Acts on one's own password (修改口令), and using up a one-time code."""
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from ..models import HadPassword, LoginSession, User
from ..registry import Refused
from .alerts import alert_change
from .lockouts import wrong_inside_until
from .logins import Outcome, record
from .recording import record_change

REMEMBERED = 5


@transaction.atomic
def change_password(*, user, password) -> User:
    """Set a person's own new password; every session ends, that of the caller has to be taken along.

    ValidationError for one that is too easy; Refused `password-used` for one of the last five.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    validate_password(password, user)
    had = list(user.had_passwords.order_by("-since", "-pk")[:REMEMBERED])
    if any(check_password(password, kept) for kept in {user.password, *(row.password_hash for row in had)}):
        raise Refused(
            "password-used", _("This is your password already, or one of the last five."), ["new_password1"]
        )
    user.set_password(password)
    user.must_change_password = False
    user.one_time_code_expires_at = None
    user.save(update_fields=["password", "must_change_password", "one_time_code_expires_at"])
    HadPassword.objects.create(user=user, password_hash=user.password)
    HadPassword.objects.filter(pk__in=[row.pk for row in had[REMEMBERED - 1:]]).delete()
    LoginSession.objects.filter(person=user).delete()
    alert_change(user, record_change(subject_type="user", subject_id=user.pk, verb="password_changed", actor=user))
    return user


def check_old_password(*, user, password, client) -> None:
    """Compare the password that a person has; wrong ones are counted and stand in the login log.

    Refused `password-wrong`, and `too-many-tries` for a while after too many of them.
    """
    require_tries_left(user)
    if not user.check_password(password):
        record(Outcome.OLD_WRONG, client, person=user)
        raise Refused("password-wrong", _("This is not your password."), ["old_password"])


def require_tries_left(user) -> None:
    """Refused `too-many-tries` while too many codes or old passwords were wrong."""
    until = wrong_inside_until(user)
    if until is not None:
        raise Refused(
            "too-many-tries",
            _("Too many wrong tries. Try again from %(at)s.") % {"at": date_format(localtime(until), "H:i")},
        )


def use_up_code(user) -> bool:
    """A one-time code works once: whether this login is the one; the account has no password then until one is chosen.

    The given object learns what was written, so that the session which begins with it holds.
    """
    unusable = make_password(None)
    first = User.objects.filter(pk=user.pk, password=user.password, must_change_password=True)
    if not first.update(password=unusable):
        return False
    user.password = unusable
    return True
