"""Acts on duties: who answers for which line of work where, from a day to a day (责任矩阵)."""
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..models import SEPARATED_ROLES, Duty
from ..registry import Refused
from ..visibility import require_right, require_unit
from .recording import record_change


@transaction.atomic
def assign_duty(*, line, unit, post, responsibility, actor, from_on=None, to_on=None) -> Duty:
    """Make a post answer for a line of work in a unit and below it; system administrators only."""
    require_right(actor, "organisation.change_duty")
    require_unit(actor, unit)
    require_unit(actor, post.unit, "post")
    if post.role in SEPARATED_ROLES:
        raise Refused("duty-not-for-administrators", _("An administrator answers for no line of work."), ["post"])
    from_on = from_on or timezone.localdate()
    if to_on is not None and to_on < from_on:
        raise Refused("days-unordered", _("The last day lies before the first day."), ["to_on"])
    if post.to_on is not None and post.to_on < from_on:
        raise Refused("post-ended", _("The post has ended already."), ["post"])
    same = Duty.objects.filter(line=line, unit=unit, post=post, responsibility=responsibility)
    if same.overlapping(from_on, to_on).exists():
        raise Refused("duty-exists", _("This duty is assigned already."), ["post"])
    duty = Duty.objects.create(
        line=line, unit=unit, post=post, responsibility=responsibility, from_on=from_on, to_on=to_on
    )
    _record(duty, "duty_assigned", actor, from_on)
    return duty


@transaction.atomic
def end_duty(*, duty, actor, to_on=None) -> None:
    """End a duty; ``to_on`` is its last day (today). One that would end before it began is taken back."""
    require_right(actor, "organisation.change_duty")
    duty = Duty.objects.select_for_update(of=("self",)).select_related("unit").get(pk=duty.pk)
    require_unit(actor, duty.unit)
    to_on = to_on or timezone.localdate() - timedelta(days=1)
    if duty.to_on is not None and duty.to_on <= to_on:
        raise Refused("duty-ended", _("The duty has ended already."))
    _record(duty, "duty_ended", actor, to_on)
    if duty.from_on > to_on:
        duty.delete()
        return
    duty.to_on = to_on
    duty.save(update_fields=["to_on"])


def _record(duty, verb, actor, day):
    record_change(
        subject_type="duty", subject_id=duty.pk, verb=verb, actor=actor,
        data={
            "line": duty.line, "unit": duty.unit_id, "post": duty.post_id,
            "responsibility": duty.responsibility, "on": day.isoformat(),
        },
    )
