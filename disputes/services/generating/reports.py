"""The demo township's last weekly reports, each at another step, and the stock of its last days (演示周报)."""
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from governance.casework.models import Message
from governance.organisation.models import Unit, User
from governance.reporting import calendar
from governance.reporting.models import Rollup, RollupPart, RollupVersion
from governance.reporting.services import rolling_up
from governance.reporting.services.facts import fill_days

from .township import TOWNSHIP

STOCK_DAYS = 42
SIX, NINE, NOON = timedelta(hours=6), timedelta(hours=9), timedelta(hours=12)
COMMENTS = ("两起已到户核实", "", "秋收后地界纠纷较多，已安排逐户走访", "", "", "本周无新增")
REMARKS = ("秋收后土地边界类增多，已列入专项排查。", "本周平稳，逾期履行的一起已督促。")


def make_reports(today: date) -> int:
    """Weeks that are not there yet: last week waits for villages, the one before for the leader, two are filed."""
    township = Unit.objects.get(code=TOWNSHIP)
    week, made = calendar.last_complete(calendar.WEEK, today), 0
    for place in range(4):
        if not Rollup.objects.filter(township=township, period_code=week.code).exists():
            with transaction.atomic():
                _make_week(township, week, place)
            made += 1
        week = week.previous()
    fill_days(today - timedelta(days=STOCK_DAYS), today - timedelta(days=1))
    return made


def _make_week(township, week, place: int) -> None:
    """One week as it went: computed on Monday at six, confirmed that morning, reviewed and signed on Tuesday."""
    version = rolling_up.roll_up(township=township, period=week, now=week.end + SIX)
    missing = {0: 4, 1: 1}.get(place, 0)
    parts = list(version.parts.filter(is_village=True).order_by("position"))
    for part in parts[: len(parts) - missing]:
        number = part.position + 1
        rolling_up.confirm(
            part_id=part.pk, actor=User.objects.get(username=f"cun{number}"), comment=COMMENTS[number % len(COMMENTS)],
        )
        RollupPart.objects.filter(pk=part.pk).update(confirmed_at=week.end + NINE + timedelta(minutes=7 * number))
    if place == 0:
        return
    rolling_up.review(version_id=version.pk, actor=User.objects.get(username="wenshu"), remark=REMARKS[place % 2])
    RollupVersion.objects.filter(pk=version.pk).update(reviewed_at=week.end + NOON)
    if place > 1:
        rolling_up.sign(version_id=version.pk, actor=User.objects.get(username="zhenzhang"))
        RollupVersion.objects.filter(pk=version.pk).update(signed_at=week.end + timedelta(days=1) + NINE)
    # Of weeks gone by people know; the leader has yet to look at what waits for the signature.
    told = Message.objects.filter(subject__startswith="rollup_", data__rollup=version.rollup_id)
    told = told.exclude(subject="rollup_to_sign") if place == 1 else told
    told.update(read_at=timezone.now())
