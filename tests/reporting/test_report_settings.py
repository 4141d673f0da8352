"""A township whose months end on the 25th says so once; every monthly table then covers and cites these days."""
import io
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone
from docx import Document

from governance.organisation.models import Change, Unit, User
from governance.organisation.sentences import tell
from governance.reporting import calendar
from governance.reporting.models import ReportSetting
from governance.reporting.services.setting import cut_day_for, setting_of
from tests.support.screens import open_page, send

pytestmark = pytest.mark.django_db


def who(name):
    return User.objects.get(username=name)


@pytest.fixture
def town(qinghe, db):
    return Unit.objects.get(level="township")


def test_only_the_office_sets_it_and_the_change_stands_in_the_log(town, client):
    for name in ("wenshu", "zhenzhang", "cun1", "xitong"):
        assert open_page(client, who(name), "reporting:settings").status_code == 403, name
    assert send(client, who("bangongshi"), "reporting:settings", month_cut_day=40).status_code == 422
    assert not ReportSetting.objects.exists()
    assert send(client, who("bangongshi"), "reporting:settings", month_cut_day=25, confirm_days=1).status_code == 302
    assert (setting_of(town.pk).month_cut_day, setting_of(town.pk).confirm_days) == (25, 1)
    (change,) = tell(Change.objects.filter(subject_type="report_setting").for_list())
    assert change.actor == who("bangongshi")
    assert [(one["before"], one["after"]) for one in change.differences] == [
        ("月末（自然月）", "25日"), ("2个工作日", "1个工作日")
    ]
    send(client, who("bangongshi"), "reporting:settings")
    assert Change.objects.filter(subject_type="report_setting").count() == 1, "nothing changed, nothing recorded"


def test_monthly_tables_cover_the_townships_month_and_cite_it(town, client):
    page = open_page(client, who("wenshu"), "reporting:tables")
    assert page.context["period"].code.count(".") == 0 and "自然月" in page.content.decode()
    ReportSetting.objects.create(
        township=town, month_cut_day=25, changed_by=who("bangongshi"), changed_at=timezone.now()
    )
    for name in ("wenshu", "cun1", "zhenzhang"):
        page = open_page(client, who(name), "reporting:tables")
        period = page.context["period"]
        assert period == calendar.last_complete(calendar.MONTH, timezone.localdate(), cut=25)
        assert (period.first.day, period.last.day) == (26, 25)
        assert "截至25日" in page.content.decode()
        assert all(one.code.endswith(".25") for one in page.context["choices"] if one.kind == calendar.MONTH)
    form = client.get(reverse("reporting:table-file", args=["weekly", period.code, "docx"]))
    text = "\n".join(p.text for p in Document(io.BytesIO(b"".join(form.streaming_content))).paragraphs)
    assert "截至25日" in text
    named = open_page(client, who("wenshu"), "reporting:tables", period="2026-10").context["period"]
    assert (named.first, named.last) == (date(2026, 10, 1), date(2026, 10, 31)), "a code means what it says"


def test_townships_that_differ_are_counted_by_calendar_months(town):
    other = Unit.objects.create(
        code="340101999", name="别镇", short_name="别镇", name_key="b", level="township", parent=town.parent,
        path=f"{town.parent.path}999999/", valid_from=date(2020, 1, 1),
    )
    Unit.objects.filter(pk=other.pk).update(township=other)
    other.refresh_from_db()
    ReportSetting.objects.create(
        township=town, month_cut_day=25, changed_by=who("bangongshi"), changed_at=timezone.now()
    )
    assert (cut_day_for([town]), cut_day_for([town, other]), cut_day_for([])) == (25, 0, 0)
