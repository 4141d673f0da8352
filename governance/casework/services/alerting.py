"""The words in which people are told what happens to their own accounts (账号提醒)."""
from django.utils.translation import gettext_lazy as _

from ..registry import MessageKind, register_message

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
    """Give the alerts their words."""
    for subject, sentence in _SENTENCES.items():
        register_message(MessageKind(subject, sentence, "organisation:me"))
