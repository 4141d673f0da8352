"""Every address of the portal, asked by those who may not see a matter: nothing of it leaks."""
import io
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import get_resolver, reverse
from django.utils import timezone

from disputes.models import CampaignFinding
from disputes.services import campaigns
from disputes.services.generating import make_township
from disputes.workflow import WORKFLOW
from governance.casework.forms.act_table import ACTS
from governance.casework.models import Attachment, Clock, Event, Party
from governance.casework.services import assigning, attaching, bulk
from governance.casework.services.opening import open_matter
from governance.ledgers.services import exporting, importing
from governance.organisation.models import User
from governance.reporting import calendar
from governance.reporting.services import rolling_up
from tests.support import worlds

SECRET, NAME, PHONE = "院墙越界半米争执", "林大山", "13812345678"
# Addresses that show matters: how each is asked for. {m} matter, {a} attachment, {p} party, {e} event, {c} clock.
ASKED = {
    "casework:inbox": "/", "casework:matters": "/matters/?q=x", "casework:stuck": "/matters/stuck/",
    "casework:matter": "/matters/{m}/", "casework:step": "/matters/{m}/steps/accept/",
    "casework:act": "/matters/{m}/acts/note/", "casework:act-on": "/matters/{m}/acts/reveal/{p}/",
    "casework:bulk": "/matters/bulk/note/?m={m}.1", "casework:bulk-run": "/matters/bulk/runs/{r}/",
    "casework:bulk-runs": "/matters/bulk/runs/",
    "casework:retention-ending": "/retention/ending/", "casework:personal-data": "/personal-data/",
    "casework:personal-data-give": "/personal-data/give/",
    "casework:search": "/search/?q=院墙", "casework:attachment": "/attachments/{a}/",
    "casework:notifications": "/notifications/", "casework:notification-open": "/notifications/1/open/",
    "casework:report": "/report/", "casework:quick-report": "/report/quick/", "casework:register": "/report/dispute/",
    "reporting:dashboard": "/reports/dashboard/", "casework:reveal-log": "/audit/reveals/",
    "disputes:papers": "/disputes/{m}/papers/",
    "disputes:paper": "/disputes/{m}/papers/registration/", "organisation:changes": "/organisation/changes/",
    "ledgers:exports": "/ledgers/exports/", "ledgers:export-new": "/ledgers/exports/new/dispute/",
    "ledgers:export": "/ledgers/exports/{x}/", "ledgers:export-file": "/ledgers/exports/{x}/file/",
    "ledgers:imports": "/ledgers/imports/", "ledgers:import": "/ledgers/imports/{i}/",
    "ledgers:import-columns": "/ledgers/imports/{i}/columns/", "ledgers:import-enter": "/ledgers/imports/{i}/enter/",
    "ledgers:import-places": "/ledgers/imports/{i}/places/", "ledgers:import-again": "/ledgers/imports/{i}/again/",
    "ledgers:import-cancel": "/ledgers/imports/{i}/cancel/",
    "ledgers:import-undo": "/ledgers/imports/{i}/undo/", "ledgers:import-file": "/ledgers/imports/{i}/file/",
    "reporting:rollups": "/reports/weeks/", "reporting:rollup": "/reports/weeks/{rk}/",
    "reporting:rollup-file": "/reports/weeks/{rk}/file/xlsx/", "reporting:tables": "/reports/tables/",
    "reporting:cell": "/reports/versions/{rv}/cells/reported/n/?part={rt}",
    "reporting:confirm": "/reports/parts/{rt}/confirm/", "reporting:part-return": "/reports/parts/{rt}/return/",
    "reporting:version-act": "/reports/versions/{rv}/sign/", "reporting:compute": "/reports/compute/",
    "reporting:behind": "/reports/behind/?metric=reported&part=n&unit={ru}&period={ry}",
    "reporting:table-file": "/reports/tables/weekly/{ry}/file/docx/",
    "ledgers:export-log": "/ledgers/exports/log/", "ledgers:export-matters": "/ledgers/exports/log/{x}/",
}
# Addresses of a campaign of the first village, to which the matter is attached, and of a round that it held.
ASKED |= {
    "disputes:campaigns": "/disputes/campaigns/", "disputes:campaign": "/disputes/campaigns/{k}/",
    "disputes:campaign-found": "/disputes/campaigns/{k}/found/", "disputes:rounds": "/disputes/rounds/",
    "disputes:campaign-village": "/disputes/campaigns/{k}/villages/{v}/",
    "disputes:campaign-finding": "/disputes/campaigns/{k}/villages/{v}/finding/",
    "disputes:campaign-return": "/disputes/campaigns/{k}/villages/{v}/return/",
    "disputes:campaign-new": "/disputes/campaigns/new/",
    "disputes:campaign-correct": "/disputes/campaigns/{k}/correct/",
    "disputes:campaign-extend": "/disputes/campaigns/{k}/extend/",
    "disputes:campaign-cancel": "/disputes/campaigns/{k}/cancel/",
    "disputes:campaign-remind": "/disputes/campaigns/{k}/remind/",
    "disputes:campaign-sum-up": "/disputes/campaigns/{k}/sum-up/",
    "disputes:campaign-summary": "/disputes/campaigns/{k}/summary/",
    "disputes:campaign-summary-word": "/disputes/campaigns/{k}/summary.docx",
    "disputes:round-withdraw": "/disputes/rounds/{w}/withdraw/",
}
# The auditor reads the numbers of what left the portal there, and nothing else of it.
NUMBERS_FOR = {("shenji", "ledgers:export-matters")}
API = "/api/v1"
ASKED |= {
    "casework-api:matters": f"{API}/matters/?q=院墙", "casework-api:matter": f"{API}/matters/{{m}}/",
    "casework-api:deliveries": f"{API}/webhooks/deliveries/",
    "casework-api:timeline": f"{API}/matters/{{m}}/timeline/", "casework-api:clocks": f"{API}/clocks/",
    "casework-api:matter-clocks": f"{API}/matters/{{m}}/clocks/", "casework-api:steps": f"{API}/matters/{{m}}/steps/",
    "disputes-api:disputes": f"{API}/disputes/", "disputes-api:dispute": f"{API}/disputes/{{m}}/",
    "casework-api:inbox": f"{API}/inbox/", "casework-api:messages": f"{API}/messages/",
    "casework-api:attachment": f"{API}/attachments/{{a}}/",
    "casework-api:people": f"{API}/matters/{{m}}/people/?act=task",
    **{f"casework-api:{part}": f"{API}/matters/{{m}}/{part}/"
       for part in ("acts", "attachments", "assignments", "links", "readers", "staff-questions")},
}
ASKED |= {
    "reporting-api:figure": f"{API}/figures/reported/?period={{ry}}&unit={{ru}}",
    "reporting-api:figure-rows": f"{API}/figures/reported/rows/?period={{ry}}&unit={{ru}}",
    "reporting-api:table": f"{API}/tables/weekly/?period={{ry}}", "reporting-api:rollups": f"{API}/rollups/",
    "reporting-api:rollup": f"{API}/rollups/{{rk}}/",
    "reporting-api:rollup-cell": f"{API}/rollups/{{rk}}/cells/reported/?unit={{ru}}",
}
# Each step and each act is sent to: whoever does not see the matter gets 404.
SENT = {
    f"disputes-api:step-{step.name}": f"{API}/disputes/{{m}}/steps/{step.name}/"
    for step in WORKFLOW.steps if not step.hidden
}
SUBJECTS = {None: "", Party: "{p}/", Event: "{e}/", Clock: "{c}/", Attachment: "{a}/"}
SENT |= {
    f"casework-api:act-{act.name}": f"{API}/matters/{{m}}/acts/{act.name}/" + SUBJECTS.get(act.subject, "1/")
    for act in ACTS.values() if act.name != "correct"
}
SENT["disputes-api:act-correct"] = f"{API}/disputes/{{m}}/acts/correct/"
# A report is one page for many: each reader finds their own villages there, and a walled one empty lists.
SHARED = {"reporting:rollup", "reporting:rollup-file", "reporting:table-file", "reporting-api:table",
          "reporting-api:rollup"}
EMPTY_FOR = {("tiaojie2", f"reporting{name}") for name in (
    ":cell", ":behind", "-api:figure", "-api:figure-rows", "-api:rollup-cell")}
# Addresses that never show a matter.
SILENT = {
    "favicon", "healthz", "metrics", "readyz",
    "keeping:state",
    "reporting:glossary", "reporting:settings", "set_language", "casework:queue-token",
    "casework:service-worker",
    "casework:draft",
    "organisation:guide", "casework:notifications-read", "casework:verify", "casework:seals", "casework:seal-of-day",
    "casework:vocabularies", "casework:term-add", "casework:term",
    "casework:filters", "casework:filter-save", "casework:filter", "casework:filter-move", "casework:filter-delete",
    "casework:lengths", "casework:length", "casework:retention", "casework:retention-set",
    "casework:hours", "casework:holidays",
    "casework:time-watch",
    "casework:holiday-year",
    "organisation:login", "organisation:logout", "organisation:me",
    "organisation:password", "organisation:users", "organisation:user-new", "organisation:users-import",
    "organisation:user", "organisation:user-edit", "organisation:user-code", "organisation:user-unlock",
    "organisation:user-close", "organisation:user-open", "organisation:post-hand-over",
    "organisation:clients", "organisation:client-new", "organisation:client", "organisation:token-new",
    "organisation:token-release", "organisation:token-revoke",
    "organisation:setup", "organisation:setup-stand", "organisation:users-template",
    "organisation:proposals", "organisation:proposal-decline", "organisation:waiting",
    "organisation:code-release", "organisation:code-drop", "organisation:ending-agree", "organisation:ending-drop",
    "organisation:appoint", "organisation:post-end", "organisation:stand-in", "organisation:stand-in-end",
    "organisation:session-end", "organisation:second-factor", "organisation:second-factor-set-up",
    "organisation:second-factor-codes", "organisation:second-factor-remove",
    "organisation:logins", "organisation:logins-file", "organisation:lockouts", "organisation:lockout-lift",
    "organisation-api:schema", "organisation-api:docs", "organisation-api:units", "organisation-api:unit",
    "casework:webhooks", "casework:webhook-new", "casework:webhook", "casework:webhook-act",
    "casework:delivery-again", "casework-api:delivery-again",
    "reporting-api:figures", "reporting-api:tables",
    "casework-api:vocabularies", "casework-api:messages-read", "casework-api:message-read",
    "organisation:units", "organisation:unit-new", "organisation:units-import", "organisation:unit-rename",
    "organisation:unit-close", "organisation:unit-merge",
    "organisation:duties", "organisation:duty-new", "organisation:duty-end",
    "disputes:paper-templates", "disputes:paper-template", "disputes:paper-template-file",
    "disputes:paper-template-default",
}
OUTSIDERS = ("cun2", "shuji2", "wangge2", "xinfang", "anjian", "xitong", "anquan", "shenji", "tiaojie2")


def names(resolver, space=""):
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            inner = pattern.namespace or ""
            yield from names(pattern, f"{space}{inner}:" if inner else space)
        elif pattern.name:
            yield f"{space}{pattern.name}"


def test_every_address_has_its_entry_in_the_walk():
    found = {name for name in names(get_resolver()) if not name.startswith("admin")}
    unknown = found - set(ASKED) - set(SENT) - SILENT
    assert unknown == set(), "say how a new address is asked for, or that it shows no matter"


def campaign_of(officer, matter):
    """A campaign of the officer's village that found the matter, and a routine round held there."""
    office, today = User.objects.get(username="bangongshi"), timezone.localdate()
    campaign = campaigns.announce(
        actor=office, township=office.home_unit, villages=[officer.home_unit], client_uuid=uuid.uuid4(),
        values={"title": "专项排查", "text": "逐户走访", "categories": [], "starts_on": today, "ends_on": today,
                "report_by": today},
    )
    CampaignFinding.objects.create(campaign=campaign, matter=matter)
    held = campaigns.record_round(unit=officer.home_unit, actor=officer, held_on=today)
    return {"k": campaign.pk, "v": officer.home_unit_id, "w": held.pk}


def brought_in(clerk):
    """A ledger that was uploaded and checked: its rows hold the same words."""
    text = f"村,排查时间,纠纷类型,当事人,联系电话,简要情况\n南庄村,2024-03-05,邻里,{NAME},{PHONE},{SECRET}\n"
    batch = importing.take_in(
        actor=clerk, township=clerk.home_unit, kind="dispute", name="台账.csv", content=io.BytesIO(text.encode()),
    )
    importing.run(batch.pk)
    batch.refresh_from_db()
    assert batch.new_count == 1, (batch.state, batch.refusal_code)
    return batch


def make_place() -> dict:
    """A dispute of the first village; the second mediator is a party to it."""
    make_township()
    officer = User.objects.get(username="cun1")
    walled = User.objects.get(username="tiaojie2")
    matter = open_matter(
        kind="dispute", actor=officer, client_uuid=uuid.uuid4(),
        parties=[{"kind": "applicant", "name": NAME, "phone": PHONE},
                 {"kind": "respondent", "name": walled.name, "phone": walled.phone}],
        values={"description": SECRET, "category": "homestead", "channel": "application", "unit": officer.home_unit,
                "reported_at": calendar.last_complete(calendar.WEEK, timezone.localdate()).start},
    )
    paper = SimpleUploadedFile("证明.pdf", b"%PDF-1.4 x")
    (file,) = attaching.attach(matter_id=matter.pk, actor=officer, files=[("", paper)])
    clerk, handler = User.objects.get(username="wenshu"), User.objects.get(username="tiaojie")
    assigning.assign(matter_id=matter.pk, actor=clerk, version=matter.version, handler=handler)
    run = bulk.start_run(
        actor=clerk, act="note", chosen=[(matter.pk, 1)], facts={"text": SECRET}, client_uuid=uuid.uuid4()
    )
    bulk.carry_on(run.pk)
    today = timezone.localdate()
    taken = exporting.order_export(
        actor=clerk, order=exporting.Order(code="dispute", from_on=today.replace(day=1), to_on=today)
    )
    last_week = calendar.last_complete(calendar.WEEK, today)
    rolled_up = rolling_up.roll_up(township=officer.home_unit.township, period=last_week)
    return {
        **campaign_of(officer, matter),
        "rk": rolled_up.rollup_id, "rv": rolled_up.pk, "ry": f"{today.year - 1}-01-01..{today}",
        "ru": officer.home_unit_id, "rt": rolled_up.parts.get(unit=officer.home_unit).pk,
        "i": brought_in(clerk).pk, "m": matter.pk, "r": run.pk, "x": taken.pk, "a": file.pk,
        "p": Party.objects.filter(name=NAME).get().pk,
        "e": Event.objects.first().pk, "c": Clock.objects.first().pk,
    }


@pytest.fixture(scope="module")
def addressed(request, django_db_setup, django_db_blocker):
    """The place, made once: what stands in its addresses."""
    with worlds.kept(request, django_db_blocker, make_place) as made:
        yield made


@pytest.fixture
def place(addressed, db):
    """Each walk begins with all of it."""
    return addressed


@pytest.mark.parametrize("outsider", OUTSIDERS)
def test_nothing_leaks_to_whoever_may_not_see_it(place, client, outsider):
    client.force_login(User.objects.get(username=outsider), backend="governance.organisation.visibility.PostBackend")
    for name, address in ASKED.items():
        answer = client.get(address.format(**place))
        shown = b"".join(answer.streaming_content if answer.streaming else [answer.content]).decode(errors="ignore")
        for leak in (SECRET, NAME, PHONE, "-JF-"):
            assert leak not in shown or ((outsider, name) in NUMBERS_FOR and leak == "-JF-"), (outsider, name, leak)
        if "{" in address and name not in SHARED and (outsider, name) not in NUMBERS_FOR | EMPTY_FOR:
            assert answer.status_code in (403, 404, 405), (outsider, name, answer.status_code)
    for name, address in SENT.items():
        answer = client.post(address.format(**place), {"version": 1}, content_type="application/json")
        assert answer.status_code == 404, (outsider, name, answer.content)


def test_those_who_may_see_it_do(place, client):
    for insider in ("cun1", "wenshu", "zhenzhang"):
        client.force_login(User.objects.get(username=insider), backend="governance.organisation.visibility.PostBackend")
        assert SECRET in client.get(reverse("casework:matter", args=[place["m"]])).content.decode()
        assert SECRET[:6] in client.get("/search/?q=院墙").content.decode()
