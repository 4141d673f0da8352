"""Letting somebody read one matter, by name and with a reason (授权查看): sight alone, no right to act in it."""
from django.utils.translation import gettext as _

from ..models import MatterUserGrant
from ..workflow import Refused
from . import granting
from .assigning import INSTRUCTORS
from .door import passage

# Why a matter was named to somebody, when it was for reading only.
GROUND = "named"


def let_read(*, matter_id, actor, person, reason, origin="web") -> MatterUserGrant:
    """Name a member of staff in the matter, so that they see it; they are told.

    By the kind's clerks, by leaders and their office. Refused: `reason-missing`, `person-is-named-in-matter`,
    `staff-match-open`, `sees-it-already`.
    """
    with passage(matter_id=matter_id, actor=actor, origin=origin) as act:
        act.require_role((*act.kind.manage_roles, *INSTRUCTORS))
        _require_reason(reason)
        granting.require_free(act.matter, person)
        grants = MatterUserGrant.objects.filter(content_object=act.matter, user=person)
        if grants.exclude(ground="reporter").exists() or not granting.grant_if_blind(
            act.matter, person, ground=GROUND
        ):
            raise Refused("sees-it-already", _("%(name)s sees this matter already.") % {"name": person.name})
        event = act.event("read_granted", data={"user": person.pk},
                          personal={"user": person.name, "reason": reason}, changes=False)
        act.tell(person, "read_granted", key=f"read_granted:{event.pk}")
        return grants.get()


def take_back(*, matter_id, grant_id, actor, version, reason, origin="web") -> None:
    """Take the reading back; whoever reported the matter keeps what they reported.

    Refused: `reason-missing`, `grant-not-found` (also for those who were named because they work in it).
    """
    with passage(matter_id=matter_id, actor=actor, version=version, origin=origin) as act:
        act.require_role((*act.kind.manage_roles, *INSTRUCTORS))
        _require_reason(reason)
        grants = MatterUserGrant.objects.filter(content_object=act.matter, ground=GROUND).select_related("user")
        row = grants.filter(pk=grant_id).first()
        if row is None:
            raise Refused("grant-not-found", _("There is no such permission to read."))
        granting.revoke(act.matter, row.user, ground=GROUND)
        act.event("read_withdrawn", data={"user": row.user_id},
                  personal={"user": row.user.name, "reason": reason}, changes=False)


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused("reason-missing", _("Give a reason."), missing=("reason",))
