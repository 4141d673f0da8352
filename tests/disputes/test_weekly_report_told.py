"""Whoever has the next act of a weekly report is told, once, and finds it in the inbox; deadlines come too."""
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from governance.casework.models import Message
from governance.casework.services.sending import in_words
from governance.organisation.models import Post, StandIn, Unit, User
from governance.organisation.registry import Refused
from governance.reporting import calendar
from governance.reporting.models import RollupVersion
from governance.reporting.services import rolling_up
from governance.reporting.services.setting import confirm_by, set_habits
from governance.reporting.tasks import look_at_report_deadlines, roll_up_last_week

pytestmark = pytest.mark.django_db
TOWNSHIP = ["bangongshi", "wenshu", "wenshu2"]


def who(name):
    return User.objects.get(username=name)


@pytest.fixture
def town(qinghe, db):
    return Unit.objects.get(level="township")


def told(subject, **more):
    rows = Message.objects.filter(subject=subject, channel="portal", **more)
    return sorted(rows.values_list("recipient__username", flat=True))


def confirm_all(version, but=()):
    for part in version.parts.filter(is_village=True).select_related("unit"):
        name = f"cun{part.position + 1}"
        if name not in but:
            rolling_up.confirm(part_id=part.pk, actor=who(name))


def waiting(client, name):
    client.force_login(who(name))
    return [item.text for item in client.get("/").context["desk"].others]


def every_officer():
    return sorted(Post.objects.filter(role="village_officer").values_list("user__username", flat=True))


def test_mondays_job_tells_every_officer_once_and_the_message_leads_there(town, client):
    day = timezone.localdate()
    StandIn.objects.create(post=who("cun1").posts.get(), user=who("wangge1"), from_on=day, to_on=day, reason="年休假")
    roll_up_last_week()
    roll_up_last_week()
    version = RollupVersion.objects.get()
    assert told("rollup_to_confirm") == sorted([*every_officer(), "wangge1"])
    message = Message.objects.get(subject="rollup_to_confirm", recipient=who("cun2"), channel="portal")
    assert "待您确认" in in_words(message) and version.rollup.period_code.split("W")[1].lstrip("0") in in_words(message)
    client.force_login(who("cun2"))
    answer = client.post(reverse("casework:notification-open", args=[message.pk]), follow=True)
    assert answer.redirect_chain[-1][0] == reverse("reporting:rollup", args=[version.rollup_id])
    assert answer.status_code == 200
    for name in ("cun2", "wangge1"):
        (text,) = waiting(client, name)
        assert "待您确认" in text and (name == "wangge1") == text.startswith("南庄村"), text
    assert waiting(client, "wenshu") == waiting(client, "zhenzhang") == waiting(client, "tiaojie") == []


def test_the_township_is_told_when_all_have_confirmed_then_the_leader(town, client):
    roll_up_last_week()
    version = RollupVersion.objects.get()
    confirm_all(version, but=("cun12",))
    assert told("rollup_complete") == [] and waiting(client, "cun1") == [] and waiting(client, "wenshu") == []
    confirm_all(version)
    assert told("rollup_complete") == TOWNSHIP
    assert "各村均已确认" in waiting(client, "wenshu")[0]
    rolling_up.review(version_id=version.pk, actor=who("wenshu"))
    assert "zhenzhang" in told("rollup_to_sign") and "待您签发" in waiting(client, "zhenzhang")[0]
    assert waiting(client, "wenshu") == []
    rolling_up.sign(version_id=version.pk, actor=who("zhenzhang"))
    assert waiting(client, "zhenzhang") == []


def test_what_is_returned_is_told_with_its_reason(town, client):
    roll_up_last_week()
    version = RollupVersion.objects.get()
    confirm_all(version)
    part = version.parts.get(unit=who("cun3").home_unit)
    with pytest.raises(Refused, match="reason-missing"):
        rolling_up.return_part(part_id=part.pk, actor=who("wenshu"), reason=" ")
    with pytest.raises(Refused, match="not-your-right"):
        rolling_up.return_part(part_id=part.pk, actor=who("cun4"), reason="漏报")
    client.force_login(who("wenshu"))
    client.post(reverse("reporting:part-return", args=[part.pk]), {"reason": "漏报一起"})
    assert told("rollup_returned") == ["cun3"] and "被退回" in waiting(client, "cun3")[0]
    page = client.get(reverse("reporting:rollup", args=[version.rollup_id])).content.decode()
    assert "漏报一起" in page
    with pytest.raises(Refused, match="part-not-confirmed"):
        rolling_up.return_part(part_id=part.pk, actor=who("wenshu"), reason="漏报")
    confirm_all(version)
    assert told("rollup_complete") == sorted(TOWNSHIP * 2), "complete once more"
    part.refresh_from_db()
    assert (part.returned_at, part.returned_reason) == (None, "")
    rolling_up.review(version_id=version.pk, actor=who("wenshu"))
    with pytest.raises(Refused, match="reason-missing"):
        rolling_up.send_back(version_id=version.pk, actor=who("zhenzhang"), reason="")
    rolling_up.send_back(version_id=version.pk, actor=who("zhenzhang"), reason="备注不完整")
    assert told("rollup_sent_back") == TOWNSHIP and told("rollup_back") == every_officer()
    assert "被领导退回" in waiting(client, "wenshu")[0]
    rolling_up.review(version_id=version.pk, actor=who("wenshu"))
    assert told("rollup_to_sign", recipient=who("zhenzhang")) == ["zhenzhang"] * 2, "a new state, a new message"


def test_villages_are_reminded_on_the_last_morning_and_the_township_after_closing(town, monkeypatch):
    roll_up_last_week()
    version = RollupVersion.objects.get()
    confirm_all(version, but=("cun5", "cun6"))
    end = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
    RollupVersion.objects.update(confirm_by=end)
    for hours_before, officers, township in ((30, [], []), (8, ["cun5", "cun6"], [])):
        monkeypatch.setattr(timezone, "now", lambda at=end - timedelta(hours=hours_before): at)
        look_at_report_deadlines()
        look_at_report_deadlines()
        assert [name for name in told("rollup_due") if name.startswith("cun")] == officers
        assert told("rollup_over") == township
    assert told("rollup_due", recipient=who("shuji5")) == ["shuji5"], "on the last day the head is told too"
    monkeypatch.setattr(timezone, "now", lambda: end + timedelta(minutes=5))
    look_at_report_deadlines()
    look_at_report_deadlines()
    assert told("rollup_over") == TOWNSHIP
    assert "12个村（社区）中有2个未确认" in in_words(Message.objects.filter(subject="rollup_over").first())


def test_the_office_finds_it_in_the_inbox_when_the_time_is_over(town, client):
    roll_up_last_week()
    assert waiting(client, "bangongshi") == []
    RollupVersion.objects.update(confirm_by=timezone.now() - timedelta(minutes=1))
    assert "12个村（社区）逾时未确认" in waiting(client, "bangongshi")[0]


def test_who_confirmed_other_figures_confirms_again_and_whoever_handed_up_hands_up_again(town):
    roll_up_last_week()
    version = RollupVersion.objects.get()
    confirm_all(version)
    rolling_up.review(version_id=version.pk, actor=who("wenshu"))
    from tests.disputes.test_weekly_rollup import report

    report(1)
    rolling_up.roll_up(township=town, period=calendar.last_complete(calendar.WEEK, timezone.localdate()))
    assert told("rollup_again") == ["cun1"] and told("rollup_unreviewed") == TOWNSHIP


@pytest.mark.parametrize(
    ("computed", "days", "expected"),
    [
        ("2026-11-23T06:00+08:00", 2, "2026-11-24T17:30+08:00"),
        ("2026-11-23T06:00+08:00", 1, "2026-11-23T17:30+08:00"),
        ("2026-11-23T18:00+08:00", 1, "2026-11-24T17:30+08:00"),
        ("2026-11-27T10:00+08:00", 2, "2026-11-30T17:30+08:00"),
        # National Day: the first working day after 1-7 October, and the Saturday that is worked.
        ("2026-10-05T06:00+08:00", 3, "2026-10-10T17:30+08:00"),
    ],
)
def test_the_deadline_is_the_closing_of_a_working_day(town, computed, days, expected):
    set_habits(actor=who("bangongshi"), township=town, month_cut_day=0, confirm_days=days)
    found = confirm_by(township_id=town.pk, now=datetime.fromisoformat(computed))
    assert found == datetime.fromisoformat(expected)


@pytest.mark.parametrize("name", ["cun1", "wenshu", "zhenzhang", "bangongshi", "wangge1"])
def test_the_inbox_stays_within_its_budget(town, client, name, django_assert_max_num_queries):
    roll_up_last_week()
    client.force_login(who(name))
    client.get("/")
    with django_assert_max_num_queries(15):
        assert client.get("/").status_code == 200
