"""Telling people of what was done to accounts and posts (告知): the floor above carries the words to them."""
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..models import Post, Role, User
from ..registry import Notice, register_notice

# Called as teller(recipients, subject, key=…, data=…) in the transaction of the act; registered by the floors above.
TELLERS = []
_WAITING = "organisation:waiting"

for _notice in (
    Notice("code_asked_own", _(
        "%(by)s asked for a one-time code in place of your password. If you did not want this, tell the security "
        "administrator at once."
    ), "organisation:me"),
    Notice("code_asked", _("%(by)s asked for a one-time code for the account %(account)s."), _WAITING),
    Notice("code_released_own", _(
        "%(by)s released a one-time code in place of your password. If you did not get it, tell the auditor at once."
    ), "organisation:me"),
    Notice("code_released", _("%(by)s released the one-time code for the account %(account)s."), _WAITING),
    Notice("ending_asked", _("%(by)s asked for the end of the auditor’s post of %(account)s on %(day)s."), _WAITING),
    Notice("ending_agreed", _("%(by)s agreed: the auditor’s post of %(account)s ends on %(day)s."), _WAITING),
):
    register_notice(_notice)


def tell(recipients, subject: str, *, key: str, data: dict) -> None:
    """Tell people at once, each once for a key."""
    for teller in TELLERS:
        teller(recipients, subject, key=key, data=data)


def overseers(unit, *roles) -> list[User]:
    """Who holds one of these administrations over a unit today, or stands in for it; without a unit, over the top."""
    today = timezone.localdate()
    posts = Post.objects.on(today).with_role(*roles)
    posts = posts.reaching(unit) if unit is not None else posts.filter(unit__parent=None)
    return list(User.objects.active().holding(posts.values_list("pk", flat=True), today).by_name())


def unit_of(person):
    """The unit by which a person is overseen: the home unit, or that of the first post."""
    post = None if person.home_unit_id else person.posts.select_related("unit").order_by("pk").first()
    return post.unit if post else person.home_unit


def watchers(person) -> list[User]:
    """The security administrators and auditors over a person."""
    return overseers(unit_of(person), Role.SECURITY_ADMIN, Role.AUDITOR)
