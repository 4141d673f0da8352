"""Sight of one matter given by name (点名授权), only where a post does not give it already."""
from django.contrib.auth.models import Permission
from django.utils.translation import gettext as _

from ..models import MatterUserGrant, StaffMatch
from ..visibility import Sight, walled_user_ids
from ..workflow import Refused


def grant_if_blind(matter, user, *, ground: str) -> bool:
    """Name the user in the matter unless a post of theirs reaches it; True if a grant was written."""
    sight = Sight.of(user, fresh=True)
    others = list(matter.other_units.values_list("unit_id", flat=True))
    if sight.roles_over(matter, others) - {"handler", "reporter"}:
        return False
    grant, _created = MatterUserGrant.objects.get_or_create(
        user=user, content_object=matter, permission=view_permission(), defaults={"ground": ground}
    )
    if grant.ground != ground and ground != "reporter":
        grant.ground = ground
        grant.save(update_fields=["ground"])
    return True


def revoke(matter, user, *, ground: str = "") -> None:
    """Take a grant by name back; the reporter keeps what they reported."""
    grants = MatterUserGrant.objects.filter(content_object=matter, user=user)
    (grants.filter(ground=ground) if ground else grants).delete()
    if user.pk == matter.creator_id and ground:
        grant_if_blind(matter, user, ground="reporter")


def require_free(matter, user) -> None:
    """Refused when somebody named in the matter, recused, or with an open staff question is to handle it."""
    if walled_user_ids(matter.pk, [user.pk]):
        raise Refused(
            "person-is-named-in-matter", _("%(name)s is named in this matter, or stepped aside.") % {"name": user.name}
        )
    if StaffMatch.objects.filter(
        party__matter=matter, party__removed_at=None, user=user, answer=StaffMatch.Answer.OPEN
    ).exists():
        raise Refused(
            "staff-match-open",
            _("A party has the name of %(name)s. Answer first whether it is the same person.") % {"name": user.name},
        )


def view_permission() -> Permission:
    return Permission.objects.get(content_type__app_label="casework", codename="view_matter")
