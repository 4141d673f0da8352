"""Ending an auditor's post (免去安全审计员): whom the administrators fear is not sent away by one of them."""
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..models import Post, PostEnding, Role
from ..registry import Refused
from ..visibility import is_oneself, require_right, require_unit
from .appointing import end_for_good
from .recording import record_change
from .telling import overseers, tell

WAITS = timedelta(days=14)


@transaction.atomic
def ask_to_end(*, post, to_on, actor) -> PostEnding:
    """Ask for the end of an auditor's post; the auditors and the system administrators are told at once.

    Refused: `post-not-auditors`, `not-for-oneself`, `post-ended`, `days-unordered`.
    """
    require_right(actor, "organisation.change_post")
    require_unit(actor, post.unit, "post")
    post = Post.objects.select_for_update(of=("self",)).select_related("user", "unit").get(pk=post.pk)
    if post.role != Role.AUDITOR:
        raise Refused("post-not-auditors", _("Only an auditor’s post needs this."))
    if is_oneself(actor, post.user):
        raise Refused("not-for-oneself", _("Nobody decides on their own posts: another security administrator does."))
    if post.to_on is not None and post.to_on <= to_on:
        raise Refused("post-ended", _("The post has ended already."))
    if to_on < post.from_on:
        raise Refused("days-unordered", _("The last day lies before the first day."), ["to_on"])
    now = timezone.now()
    PostEnding.objects.filter(post=post, agreed_at=None, dropped_at=None).update(dropped_by=actor, dropped_at=now)
    row = PostEnding.objects.create(post=post, to_on=to_on, asked_by=actor, asked_at=now, lapses_at=now + WAITS)
    _record(row, "ending_asked", actor)
    return row


@transaction.atomic
def agree_to_end(*, ending, actor) -> Post:
    """End the auditor's post. The second hand: a system administrator over it."""
    row = _waiting(ending, actor)
    require_right(actor, "organisation.agree_to_ending_post")
    row.agreed_by, row.agreed_at = actor, timezone.now()
    row.save(update_fields=["agreed_by", "agreed_at"])
    post = end_for_good(post=row.post, to_on=row.to_on, actor=actor)
    _record(row, "ending_agreed", actor)
    return post


@transaction.atomic
def drop_ending(*, ending, actor) -> None:
    """Take the request back, or turn it down: by who asked or who could agree."""
    row = _waiting(ending, actor)
    if row.asked_by_id != actor.pk:
        require_right(actor, "organisation.agree_to_ending_post")
    row.dropped_by, row.dropped_at = actor, timezone.now()
    row.save(update_fields=["dropped_by", "dropped_at"])
    _record(row, "ending_dropped", actor, is_told=False)


def _waiting(ending, actor) -> PostEnding:
    rows = PostEnding.objects.waiting(timezone.now()).select_for_update(of=("self",))
    row = rows.select_related("post__user", "post__unit").filter(pk=ending.pk).first()
    if row is None:
        raise Refused("request-not-waiting", _("This request does not wait any longer."))
    require_unit(actor, row.post.unit, "post")
    return row


def _record(row, verb, actor, is_told=True) -> None:
    post, day = row.post, row.to_on.isoformat()
    record_change(
        subject_type="user", subject_id=post.user_id, verb=verb, actor=actor,
        data={"post": post.pk, "unit": post.unit_id, "role": post.role, "to_on": day},
    )
    if is_told:
        told = overseers(post.unit, Role.AUDITOR, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN)
        tell(told, verb, key=f"{verb}:{row.pk}", data={"by": actor.username, "account": post.user.username, "day": day})
