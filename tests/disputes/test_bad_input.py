"""Bad input, as people send it: refused in their language, nothing typed is lost, nothing is written (错误输入)."""
import struct
import uuid
import zlib
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from disputes.models import Agreement, Instalment
from governance.casework.models import Attachment, Clock, Event, Matter, Message, NumberSeries, Party
from governance.casework.services import moving
from governance.casework.services.opening import open_matter
from governance.organisation.models import Change, Unit, User
from tests.support.screens import filled

pytestmark = pytest.mark.django_db

WRITTEN = (Matter, Event, Party, Attachment, Clock, Message, NumberSeries, Agreement, Instalment, Unit, Change)
TODAY = timezone.localdate


def who(name):
    return User.objects.get(username=name)


def at(days_ago):
    return timezone.now() - timedelta(days=days_ago)


def upload(name, content):
    return SimpleUploadedFile(name, content)


def bomb():
    """A PNG of 60,000 × 60,000 pixels in a few bytes."""
    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.fixture(autouse=True)
def township(qinghe, db, settings, tmp_path):
    settings.ATTACHMENT_ROOT = tmp_path / "files"


def everything(settings) -> list:
    """What is written anywhere: rows by table, states of matters, files on the disk."""
    rows = [(model.__name__, model.objects.count()) for model in WRITTEN]
    states = list(Matter.objects.order_by("pk").values_list("pk", "version", "status", "address", "next_due_at"))
    return [rows, states, sorted(path.name for path in Path(settings.ATTACHMENT_ROOT).rglob("*") if path.is_file())]


LANGUAGES = {"zh-hans": 0, "en": 1}


class Sender:
    """Sends a page's own form with something wrong in it, in one language, and sees that nothing is written."""

    def __init__(self, client, settings, language):
        self.client, self.settings, self.language = client, settings, language
        self.headers = {"accept-language": language}

    def enter(self, name):
        """Log in; the language that a person reads is that of their account."""
        User.objects.filter(username=name).update(language=self.language)
        self.client.force_login(who(name))

    def refused(self, user, address, said, kept=(), **typed):
        """Send it; the answer says one of `said` (Chinese, English) in the language and keeps what was typed."""
        self.enter(user)
        page = self.client.get(address, headers=self.headers)
        assert page.status_code == 200, page.status_code
        data = {**filled(page.context["form"]), **typed}
        before = everything(self.settings)
        answer = self.client.post(address, data, headers=self.headers)
        text = answer.content.decode()
        assert answer.status_code in (409, 422), answer.status_code
        assert said[LANGUAGES[self.language]] in strip_tags(text), strip_tags(text)[:3000]
        for words in kept:
            assert words in text, "nothing typed is lost"
        assert everything(self.settings) == before
        return answer


@pytest.fixture(params=LANGUAGES)
def sender(request, client, settings):
    return Sender(client, settings, request.param)


def good(**changed):
    """A register form as it should be."""
    village = who("cun1").home_unit
    return {
        "category": "homestead", "description": "院墙越界半米", "unit": village.pk, "channel": "application",
        "parties-0-kind": "applicant", "parties-0-name": "林大山", "parties-1-kind": "respondent",
        "parties-1-name": "孙来福", **changed,
    }


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"occurred_at": "2026-02-30T09:00"}, ("日期时间不对", "not a date and time")),
        ({"parties-0-phone": "12345"}, ("12345”不是电话号码", "12345” is not a telephone number")),
        ({"category": "hazard_fire"}, ("hazard_fire", "hazard_fire is not one of the available choices")),
        ({"description": " "}, ("必填", "required")),
    ],
    ids=["2026-02-30", "phone of five digits", "category of another kind", "nothing said"],
)
@pytest.mark.parametrize(("user", "page"), [("wenshu", "/report/dispute/"), ("cun1", "/report/quick/")])
def test_a_report_with_something_wrong(sender, user, page, change, said):
    sender.refused(user, page, said, kept=["孙来福"], **good(**change))


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("现场.jpg", b"\xff\xd8\xff" + b"0" * (30 * 1024 * 1024), ("超过20 MB", "larger than 20 MB")),
        ("现场.jpg", b"MZ\x90\x00" + b"\x00" * 400, ("与文件名不符", "is not what its name says")),
        ("现场.png", bomb(), ("像素", "too many pixels")),
        ("程序.exe", b"MZ\x90\x00", ("程序.exe", "cannot be taken")),
    ],
    ids=["30 MB", "exe named jpg", "picture bomb", "exe"],
)
@pytest.mark.parametrize(("user", "page"), [("wenshu", "/report/dispute/"), ("cun1", "/report/quick/")])
def test_a_report_with_a_bad_file(sender, user, page, name, content, said):
    sender.refused(user, page, said, kept=["孙来福", "院墙越界半米"], **good(photos=upload(name, content)))


@pytest.fixture
def mediated():
    """A dispute in mediation, a session held."""
    matter = open_matter(
        kind="dispute", actor=who("cun1"), client_uuid=uuid.uuid4(),
        parties=[{"kind": "applicant", "name": "林大山"}, {"kind": "respondent", "name": "孙来福"}],
        values={"description": "院墙越界", "category": "homestead", "channel": "application",
                "unit": who("cun1").home_unit, "reported_at": at(20)},
    )

    def take(step, actor, days_ago, **facts):
        moving.move(matter_id=matter.pk, step=step, actor=who(actor), facts=facts, acted_at=at(days_ago))

    take("accept", "wenshu", 19, committee=matter.township, initiative="applied")
    take("start", "wenshu", 18, mediators=[who("tiaojie")], rights_told_on=at(18).date())
    take("record_session", "tiaojie", 10, place="镇调解室", participants="双方", record="各让一步")
    matter.refresh_from_db()
    return matter


def agreement(evidence_signed_agreement=b"%PDF-1.4", **changed):
    return {"agreed_on": TODAY().isoformat(), "terms": "分两期付清", "manner": "转账",
            "evidence_signed_agreement": upload("协议.pdf", evidence_signed_agreement), **changed}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"due_1": (TODAY() - timedelta(days=5)).isoformat(), "what_1": "首期"},
         ("早于协议", "cannot be due before the agreement")),
        ({"agreed_on": "2026-02-30"}, ("没有这一天", "There is no such day")),
        ({"due_1": "2027-02-29", "what_1": "首期"}, ("没有这一天", "There is no such day")),
        ({"terms": ""}, ("必填", "required")),
        ({"evidence_signed_agreement": b"MZ\x90"}, ("与文件名不符", "is not what its name says")),
    ],
    ids=["instalment before agreement", "agreed on 2026-02-30", "due on 2027-02-29", "no terms", "no paper"],
)
def test_an_agreement_with_something_wrong(sender, mediated, change, said):
    kept = [] if "terms" in change else ["分两期付清"]
    page = reverse("casework:step", args=[mediated.pk, "agree"])
    sender.refused("tiaojie", page, said, kept=kept, **agreement(**change))


def test_an_agreement_without_a_second_party(sender, mediated):
    mediated.parties.filter(kind="respondent").update(removed_at=timezone.now())
    page = reverse("casework:step", args=[mediated.pk, "agree"])
    said = ("达成协议须有对方当事人", "An agreement needs a second party")
    sender.refused("tiaojie", page, said, kept=["分两期付清"], **agreement())


def test_a_closed_matter_is_not_edited_from_a_form_that_was_open_before(sender, mediated):
    page = reverse("casework:act", args=[mediated.pk, "correct"])
    sender.enter("wenshu")
    form = filled(sender.client.get(page).context["form"])
    asked_by = mediated.parties.first()
    moving.move(matter_id=mediated.pk, step="withdraw", actor=who("wenshu"), facts={"asked_by": asked_by})
    moving.move(matter_id=mediated.pk, step="close", actor=who("wenshu"))
    before = everything(sender.settings)
    answer = sender.client.post(page, {**form, "address": "别处", "reason": "试"}, headers=sender.headers)
    assert answer.status_code == 409
    said = ("事项已办结", "The matter is closed. Reopen it")[LANGUAGES[sender.language]]
    assert said in answer.content.decode()
    assert everything(sender.settings) == before


def test_a_division_file_with_a_missing_parent(sender):
    text = "区划代码,名称,上级代码\n340102,新县,\n340109101,无上级镇,340109\n"
    sender.enter("xitong")
    before = everything(sender.settings)
    sent = {"file": upload("区划.csv", text.encode()), "commit": "on"}
    answer = sender.client.post("/organisation/units/import/", sent, headers=sender.headers)
    said = ("没有上级单位340109", "The parent unit 340109 is not there")[LANGUAGES[sender.language]]
    assert said in strip_tags(answer.content.decode())
    assert everything(sender.settings) == before
