"""Campaigns are extended and cancelled with a reason; live, frozen and taken out, each reader's numbers are one."""
import io
import re
import shutil
import subprocess
import uuid
from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from docx import Document
from openpyxl import load_workbook

from disputes.models import Campaign
from disputes.services import campaigns as acts
from disputes.services.campaign_counts import board
from disputes.services.campaign_papers import summary_as_word
from disputes.services.generating import make_township
from disputes.tasks import remind_campaigns
from governance.casework.models import Matter, Message
from governance.casework.services.opening import open_matter
from governance.ledgers.services.exporting import Order, open_export, order_export
from governance.organisation.models import Change, Unit
from governance.organisation.sentences import tell
from tests.support.screens import open_page, send

from .test_campaigns import TODAY, announce, dispute, home, refused, report, sum_up, who

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def township(db):
    make_township()


def told(subject):
    rows = Message.objects.filter(subject=subject, channel="portal", recipient__username__startswith="cun")
    return sorted(rows.values_list("recipient__username", flat=True))


def hidden_ones():
    """One that only the named see, and one to which the second mediator and the second officer are parties."""
    dispute(is_confidential=True)
    for name in ("tiaojie2", "wenshu2"):
        open_matter(
            kind="dispute", actor=who("cun1"), client_uuid=uuid.uuid4(), facts={},
            parties=[{"kind": "applicant", "name": "林大山"},
                     {"kind": "respondent", "name": who(name).name, "phone": who(name).phone}],
            values={"title": "田埂", "description": "越界", "category": "land_forest", "channel": "investigation",
                    "unit": home("cun1"), "reported_at": timezone.now() - timedelta(days=5)},
        )


def test_it_is_extended_with_a_reason_and_villages_are_told(client):
    campaign = announce(begin=-10, end=-1, report_by=0)
    report(campaign, "cun1")
    later = TODAY() + timedelta(days=7)
    refused("reason-missing", acts.extend, campaign_id=campaign.pk, actor=who("bangongshi"), ends_on=later,
            report_by=later, reason=" ")
    refused("not-longer", acts.extend, campaign_id=campaign.pk, actor=who("bangongshi"), ends_on=campaign.ends_on,
            report_by=campaign.report_by, reason="汛情")
    refused("not-longer", acts.extend, campaign_id=campaign.pk, actor=who("bangongshi"),
            ends_on=campaign.ends_on - timedelta(days=1), report_by=later, reason="汛情")
    refused("not-your-right", acts.extend, campaign_id=campaign.pk, actor=who("wenshu"), ends_on=later,
            report_by=later, reason="汛情")
    answer = send(client, who("bangongshi"), "disputes:campaign-extend", campaign.pk, ends_on=later.isoformat(),
                  report_by=later.isoformat(), reason="汛情影响走访")
    assert answer.status_code == 302 and told("campaign_moved") == ["cun1", "cun2", "cun3"]
    campaign.refresh_from_db()
    assert campaign.state_on(TODAY()) == Campaign.State.RUNNING and campaign.reports.held().count() == 1
    change = tell(Change.objects.filter(verb="extended").for_list())[0]
    assert "汛情影响走访" in change.sentence and len(change.differences) == 2


def test_cancelled_it_keeps_reports_stops_counting_and_villages_are_told(client):
    campaign = announce()
    dispute()
    report(campaign, "cun1", 1)
    refused("not-your-right", acts.cancel, campaign_id=campaign.pk, actor=who("wenshu"), reason="合并")
    assert send(client, who("bangongshi"), "disputes:campaign-cancel", campaign.pk, reason="").status_code == 422
    answer = send(client, who("bangongshi"), "disputes:campaign-cancel", campaign.pk, reason="并入年度排查")
    assert answer.status_code == 302 and told("campaign_cancelled") == ["cun1", "cun2", "cun3"]
    dispute()
    campaign.refresh_from_db()
    assert campaign.reports.held().count() == 1
    assert board(campaign, None)["total"]["found"] == 1, "what comes later does not count"
    for act in (report, lambda c: sum_up(c, may_lack=True)):
        refused("campaign-cancelled", act, campaign)
    refused("campaign-cancelled", acts.cancel, campaign_id=campaign.pk, actor=who("bangongshi"), reason="再来")
    before = Message.objects.count()
    remind_campaigns()
    assert Message.objects.count() == before
    for name in ("bangongshi", "cun2"):
        page = open_page(client, who(name), "disputes:campaign", campaign.pk).content.decode()
        assert "并入年度排查" in page and "campaign-sum-up" not in page and "立即报告" not in page
    assert open_page(client, who("zhenzhang"), "disputes:campaign-summary", campaign.pk).status_code == 404
    with pytest.raises(IntegrityError), transaction.atomic():
        Campaign.objects.filter(pk=campaign.pk).update(figures=None)


@pytest.mark.parametrize("ended", ["live", "summed_up", "cancelled"])
def test_live_and_frozen_numbers_agree_for_every_reader_and_open_their_lists(client, ended):
    campaign = announce()
    dispute()
    hidden_ones()
    # The clerks see confidential ones by their post; the second is a party to one and is told nothing of it.
    expected = {"bangongshi": 3, "zhenzhang": 3, "wenshu": 4, "wenshu2": 3, "cun1": 4}
    if ended == "summed_up":
        sum_up(campaign, may_lack=True)
    elif ended == "cancelled":
        acts.cancel(campaign_id=campaign.pk, actor=who("bangongshi"), reason="合并")
    campaign.refresh_from_db()
    assert board(campaign, None)["total"]["found"] == 4
    for name, count in expected.items():
        page = open_page(client, who(name), "disputes:campaign", campaign.pk)
        row = next(row for row in page.context["villages"] if row["unit"] == home("cun1"))
        listed = open_page(client, who(name), "disputes:campaign-found", campaign.pk, village=home("cun1").pk)
        assert row["found"] == len(listed.context["matters"]) == count, name
        assert page.context["confidential"] == (name in ("bangongshi", "zhenzhang")), name
        if ended == "summed_up" and name != "cun1":
            summary = open_page(client, who(name), "disputes:campaign-summary", campaign.pk)
            assert summary.context["summary"]["total"]["found"] == count
            assert f"共排查发现矛盾纠纷{count}件" in summary.content.decode()
            word = Document(io.BytesIO(summary_as_word(campaign, who(name))))
            assert word.tables[0].rows[-1].cells[2].text == str(count)


def test_the_board_costs_the_same_live_and_frozen(client, django_assert_max_num_queries):
    campaign = announce()
    for _n in range(3):
        dispute()
    client.force_login(who("bangongshi"))
    for act in (None, lambda: sum_up(campaign, may_lack=True)):
        if act:
            act()
        with django_assert_max_num_queries(15):
            assert client.get(reverse("disputes:campaign", args=[campaign.pk])).status_code == 200


def test_reports_are_taken_out_as_excel():
    campaign = announce()
    dispute()
    hidden_ones()
    report(campaign, "cun1", 4)
    report(campaign, "cun2")
    cancelled = announce(villages=("cun4",), begin=-9)
    acts.cancel(campaign_id=cancelled.pk, actor=who("bangongshi"), reason="合并")
    day = TODAY()
    row = order_export(actor=who("wenshu"), order=Order(
        code="campaigns", from_on=day - timedelta(days=30), to_on=day,
    ))
    _row, file = open_export(export_id=row.pk, actor=who("wenshu"))
    sheet = load_workbook(file).active
    lines = [[cell.value for cell in line] for line in sheet.iter_rows()]
    heads = next(line for line in lines if "报告情况" in line)
    place = {name: heads.index(name) for name in ("村(社区)", "报告情况", "排查发现(件)", "状态", "填报人")}
    found = {line[place["村(社区)"]]: [line[at] for at in place.values()] for line in lines if line[0] in (1, 2, 3, 4)}
    assert found["南庄村"] == ["南庄村", "已报告", 4, "报告中", who("cun1").name]
    assert found["北庙村"][1:3] == ["零报告", 0] and found["东岗村"][1:3] == ["未报告", 0]
    assert found["西河村"][3] == "已取消" and len(found) == 4
    assert Matter.objects.count() == 4


def test_figures_frozen_before_their_disputes_were_kept_find_them_again():
    """The migration gives what summing up gives today, grids and words of the township's own included."""
    campaign = announce()
    dispute()
    dispute("cun2", unit=Unit.objects.filter(parent=home("cun2")).first())
    dispute("cun3", category="wage_arrears")
    dispute("cun3", category="neighbour")
    campaign = sum_up(campaign, may_lack=True)
    kept = campaign.figures.pop("matters")
    campaign.save(update_fields=["figures"])
    step = import_module("disputes.migrations.0010_frozen_figures_name_their_disputes")
    step.name_disputes(apps, None)
    campaign.refresh_from_db()
    assert campaign.figures["matters"] == kept and len(kept) == 3
    step.name_disputes(apps, None)


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="no LibreOffice")
def test_the_summary_is_one_page(tmp_path):
    """As LibreOffice lays it out, with twelve villages and the longest conclusion."""
    campaign = announce(villages=[f"cun{number}" for number in range(1, 13)])
    for number in range(1, 7):
        dispute(f"cun{number}")
    campaign = acts.sum_up(campaign_id=campaign.pk, actor=who("bangongshi"), may_lack=True, conclusion="边界清" * 200)
    (tmp_path / "summary.docx").write_bytes(summary_as_word(campaign, who("bangongshi")))
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile", "--convert-to", "pdf",
         "--outdir", str(tmp_path), str(tmp_path / "summary.docx")], capture_output=True, timeout=120, check=True,
    )
    assert len(re.findall(rb"/Type\s*/Page\b", (tmp_path / "summary.pdf").read_bytes())) == 1
