"""Acts on posts: appoint, end, transfer, stand-ins; the three administrations exclude each other (三员分立)."""
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..models import SEPARATED_ROLES, SERVICE_ROLES, Duty, Post, PostProposal, Role, StandIn, User
from ..registry import Refused
from ..visibility import COOLING, is_oneself, require_person, require_right, require_unit
from .recording import record_change

# Called as hook(post=…, successor=Post or None, on=last day, actor=…) inside the transaction that ends a post;
# the floors above register here what follows for their own work.
HANDOVER_HOOKS = []


@transaction.atomic
def appoint(*, user, unit, role, from_on, actor, title="", to_on=None) -> Post:
    """Give a person a post; security administrators only, in their area, and never to themselves.

    Separated roles are refused beside any other, of whatever days.
    """
    require_right(actor, "organisation.change_post")
    require_unit(actor, unit)
    require_person(actor, user)
    _refuse_oneself(actor, user)
    user = _locked(user)
    _refuse_disorder(from_on, to_on)
    if not user.is_active:
        raise Refused("user-inactive", _("The account is not active."), ["user"])
    if not (unit.valid_from <= from_on and (unit.valid_to is None or from_on <= unit.valid_to)):
        raise Refused("unit-closed", _("The unit does not exist on that day."), ["unit", "from_on"])
    if user.is_service and role not in SERVICE_ROLES:
        raise Refused("role-not-for-programs", _("A service account cannot hold this role."), ["role"])
    refuse_mixed_roles(user, role, from_on)
    if Post.objects.filter(user=user, unit=unit, role=role).overlapping(from_on, to_on).exists():
        raise Refused("post-exists", _("The person holds this post already in these days."), ["role"])
    post = Post.objects.create(
        user=user, unit=unit, role=role, title=title.strip(), from_on=from_on, to_on=to_on
    )
    PostProposal.objects.filter(user=user, unit=unit, role=role).delete()
    _record(post, "appointed", actor, from_on=from_on, to_on=to_on)
    return post


def refuse_mixed_roles(user, role, from_on) -> None:
    """Raise Refused when ``role`` would mix an administration with any other role of the same person.

    Counts posts held and stood in for now, on any later day, and within 30 days before, whatever the days of the
    new one: else an administrator would prepare today what to become tomorrow. Accounts with the same mobile phone
    are one person.
    """
    since = min(timezone.localdate(), from_on) - COOLING
    accounts = User.objects.of_one_person(user)
    roles = set(Post.objects.filter(user__in=accounts).overlapping(since, None).values_list("role", flat=True))
    standing = StandIn.objects.filter(user__in=accounts).overlapping(since, None)
    roles |= set(standing.values_list("post__role", flat=True))
    roles.discard(role)
    if roles and (role in SEPARATED_ROLES or roles & SEPARATED_ROLES):
        raise Refused(
            "role-excludes-other",
            _("System, security and audit administration exclude each other and every other role, also those of "
              "later days and of the last 30 days."), ["role"],
        )


@transaction.atomic
def end_post(*, post, to_on, actor, successor=None) -> Post:
    """End a post; ``to_on`` is its last day. Duties and stand-ins of the post end with it.

    Nobody ends a post of their own, and an auditor's needs two hands (`ending`): Refused `second-hand-needed`.
    """
    require_right(actor, "organisation.change_post")
    require_unit(actor, post.unit, "post")
    _refuse_oneself(actor, post.user)
    if actor is not None and post.role == Role.AUDITOR:
        raise Refused(
            "second-hand-needed",
            _("An auditor’s post ends when the security administrator asks for it and the system administrator "
              "agrees."),
        )
    return end_for_good(post=post, to_on=to_on, actor=actor, successor=successor)


def end_for_good(*, post, to_on, actor, successor=None) -> Post:
    """What ending a post does, once all who have to have agreed; within their transaction."""
    post = Post.objects.select_for_update().get(pk=post.pk)
    if post.to_on is not None and post.to_on <= to_on:
        raise Refused("post-ended", _("The post has ended already."))
    _refuse_disorder(post.from_on, to_on)
    post.to_on = to_on
    post.save(update_fields=["to_on"])
    Duty.objects.filter(post=post, from_on__lte=to_on).overlapping(to_on, None).update(to_on=to_on)
    StandIn.objects.filter(post=post, from_on__gt=to_on).delete()
    StandIn.objects.filter(post=post, to_on__gt=to_on).update(to_on=to_on)
    _record(post, "post_ended", actor, to_on=to_on)
    for hook in HANDOVER_HOOKS:
        hook(post=post, successor=successor, on=to_on, actor=actor)
    return post


@transaction.atomic
def transfer_post(*, post, user, from_on, actor, title="") -> Post:
    """Hand a post over to another person from a day on, with its duties; returns the successor's post."""
    successor = appoint(
        user=user, unit=post.unit, role=post.role, title=title or post.title, from_on=from_on, actor=actor
    )
    move_duties(post, successor, from_on)
    end_post(post=post, to_on=from_on - timedelta(days=1), actor=actor, successor=successor)
    return successor


def move_duties(post, successor, from_on, unit_of=lambda unit_id: unit_id) -> None:
    """Have the open duties of ``post`` go on under ``successor`` from a day on."""
    for duty in Duty.objects.filter(post=post).overlapping(from_on, None):
        Duty.objects.create(
            line=duty.line, unit_id=unit_of(duty.unit_id), post=successor, responsibility=duty.responsibility,
            from_on=max(from_on, duty.from_on), to_on=duty.to_on,
        )
    Duty.objects.filter(post=post, from_on__gte=from_on).delete()


@transaction.atomic
def set_stand_in(*, post, user, from_on, to_on, reason, actor) -> StandIn:
    """Have ``user`` stand in for a post from a day to a day; security administrators only, and not themselves."""
    require_right(actor, "organisation.change_standin")
    require_unit(actor, post.unit, "post")
    require_person(actor, user)
    _refuse_oneself(actor, user)
    user = _locked(user)
    _refuse_disorder(from_on, to_on)
    if user.pk == post.user_id:
        raise Refused("stand-in-is-holder", _("Nobody stands in for themselves."), ["user"])
    if not user.is_active:
        raise Refused("user-inactive", _("The account is not active."), ["user"])
    if user.is_service:
        raise Refused("role-not-for-programs", _("A service account stands in for nobody."), ["user"])
    if from_on < post.from_on or (post.to_on is not None and to_on > post.to_on):
        raise Refused("stand-in-outside-post", _("The post is not held on all of these days."), ["from_on"])
    if not reason.strip():
        raise Refused("reason-missing", _("State the reason."), ["reason"])
    if StandIn.objects.filter(post=post, user=user).overlapping(from_on, to_on).exists():
        raise Refused("stand-in-exists", _("This person stands in already in these days."), ["user"])
    refuse_mixed_roles(user, post.role, from_on)
    stand_in = StandIn.objects.create(
        post=post, user=user, from_on=from_on, to_on=to_on, reason=reason.strip()
    )
    _record(post, "stand_in_set", actor, stand_in=user.pk, from_on=from_on, to_on=to_on)
    return stand_in


@transaction.atomic
def end_stand_in(*, stand_in, on, actor) -> None:
    """End a stand-in early; ``on`` is its last day. One that has not begun by then is taken back."""
    require_right(actor, "organisation.change_standin")
    stand_in = StandIn.objects.select_for_update(of=("self",)).select_related("post__unit").get(pk=stand_in.pk)
    require_unit(actor, stand_in.post.unit, "post")
    if stand_in.to_on <= on:
        raise Refused("stand-in-ended", _("The stand-in has ended already."))
    _record(stand_in.post, "stand_in_ended", actor, stand_in=stand_in.user_id, to_on=on)
    if stand_in.from_on > on:
        stand_in.delete()
        return
    stand_in.to_on = on
    stand_in.save(update_fields=["to_on"])


def _locked(user):
    """Serialise appointments of one person, so that two at once cannot mix separated roles.

    Not the key: acts on matters hold a matter's row and name this user, and what follows here asks for matters.
    """
    return User.objects.select_for_update(no_key=True).get(pk=user.pk)


def _refuse_oneself(actor, user):
    if is_oneself(actor, user):
        raise Refused(
            "not-for-oneself", _("Nobody decides on their own posts: another security administrator does."), ["user"]
        )


def _refuse_disorder(from_on, to_on):
    if to_on is not None and to_on < from_on:
        raise Refused("days-unordered", _("The last day lies before the first day."), ["to_on"])


def _record(post, verb, actor, **facts):
    data = {key: value.isoformat() if hasattr(value, "isoformat") else value for key, value in facts.items()}
    record_change(
        subject_type="user", subject_id=post.user_id, verb=verb, actor=actor,
        data={"post": post.pk, "unit": post.unit_id, "role": post.role, **data},
    )
