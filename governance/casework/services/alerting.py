"""What the floor below tells people of their own accounts becomes messages (账号提醒)."""
from django.utils.translation import gettext_lazy as _

from governance.organisation.services import alerts

from ..registry import MessageKind, register_message
from .notifying import tell

_SENTENCES = {
    "login_new": _(
        "Your account was opened on %(day)s on a device on which you had not logged in before: %(device)s, "
        "%(address)s. If it was not you, change your password and tell the security administrator at once."
    ),
    "own_password_changed": _(
        "Your password was changed on %(day)s. If it was not you, tell the security administrator at once."
    ),
    "own_second_factor_set": _(
        "A second factor was set up for your account on %(day)s. If it was not you, tell the security administrator "
        "at once."
    ),
    "own_second_factor_removed": _(
        "The second factor of your account was taken away on %(day)s. If you did not want this, tell the auditor at "
        "once."
    ),
}


def register() -> None:
    """Give the alerts their words and carry them."""
    for subject, sentence in _SENTENCES.items():
        register_message(MessageKind(subject, sentence, "organisation:me"))
    if tell not in alerts.TELLERS:
        alerts.TELLERS.append(tell)
