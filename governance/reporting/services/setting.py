"""A township's own habits of reporting (报表设置): read with their usual values, changed by its office on record."""
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from governance.casework.calendar import SHANGHAI
from governance.casework.services.arranging import working_calendar
from governance.casework.visibility import Sight
from governance.organisation.models import Unit
from governance.organisation.registry import Refused
from governance.organisation.services.recording import record_change

from ..models import ReportSetting

KEEPERS = ("office",)


def setting_of(township_id) -> ReportSetting:
    """The township's habits, the usual ones (not saved) where it has said nothing."""
    return ReportSetting.objects.filter(pk=township_id).first() or ReportSetting(township_id=township_id)


def cut_day_for(units) -> int:
    """The last day of a month that these units count, 0 for calendar months or where their townships differ."""
    townships = {unit.township_id for unit in units if unit.township_id}
    rows = dict(ReportSetting.objects.filter(pk__in=townships).values_list("pk", "month_cut_day"))
    days = {rows.get(pk, 0) for pk in townships}
    return days.pop() if len(days) == 1 else 0


def confirm_by(*, township_id, now) -> datetime:
    """Until when villages confirm what is computed now: the closing of the last of the township's working days."""
    calendar, local = working_calendar(), timezone.localtime(now, SHANGHAI)
    closing = calendar.hours[-1][1]
    # What is computed after closing is for the next day.
    before = local.date() if local.time() >= closing else local.date() - timedelta(days=1)
    last = calendar.add_working_days(before, setting_of(township_id).confirm_days)
    return datetime.combine(last, closing, SHANGHAI)


def townships_kept_by(user) -> list[Unit]:
    """Townships whose habits the user sets."""
    at = Sight.of(user).roles_at
    ids = set().union(*(at.get(role, ()) for role in KEEPERS))
    return list(Unit.objects.filter(pk__in=ids, level="township", valid_to=None).in_tree_order())


@transaction.atomic
def set_habits(*, actor, township, month_cut_day: int, confirm_days: int) -> ReportSetting:
    """Say on which day the township's months end and how long villages have to confirm; by its office.

    Reports that are computed, and periods named by their code, stay as they are. Refused: `not-your-right`,
    `cut-day-wrong`, `confirm-days-wrong`.
    """
    if township.pk not in {unit.pk for unit in townships_kept_by(actor)}:
        raise Refused("not-your-right", _("Your posts do not give you the right to do this here."))
    if not 0 <= month_cut_day <= ReportSetting.LAST_CUT_DAY:
        raise Refused("cut-day-wrong", _("Give a day from 1 to 28, or the end of the month."), ("month_cut_day",))
    if not 1 <= confirm_days <= 5:
        raise Refused("confirm-days-wrong", _("Give 1 to 5 working days."), ("confirm_days",))
    Unit.objects.select_for_update(no_key=True).get(pk=township.pk)
    held = setting_of(township.pk)
    before = {"month_cut_day": held.month_cut_day, "confirm_days": held.confirm_days}
    after = {"month_cut_day": month_cut_day, "confirm_days": confirm_days}
    if before == after:
        return held
    row, _made = ReportSetting.objects.update_or_create(
        pk=township.pk, defaults={**after, "changed_by": actor, "changed_at": timezone.now()}
    )
    record_change(
        subject_type="report_setting", subject_id=township.pk, verb="set", actor=actor,
        data={"before": before, "after": after},
    )
    return row
