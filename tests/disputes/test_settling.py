"""Default, closure as not performed, late payment on the closed matter, reopening: the whole job through the acts."""
import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from governance.casework.forms.act_table import ACTS
from governance.casework.models import Clock, Matter
from governance.casework.sentences import sentence
from governance.casework.services import moving, recording, timing
from governance.casework.services.opening import open_matter
from governance.casework.services.verifying import verify_ledger
from governance.casework.workflow import Refused
from governance.organisation.models import User

pytestmark = pytest.mark.django_db


def who(name):
    return User.objects.get(username=name)


class Case:
    """One dispute and the short way to take a step in it, some days ago."""

    def __init__(self, channel="application", **facts):
        officer = who("cun1")
        self.matter = open_matter(
            kind="dispute", actor=officer, client_uuid=uuid.uuid4(), facts=facts,
            parties=[{"kind": "applicant", "name": "林大山"}, {"kind": "respondent", "name": "孙来福"}],
            values={"description": "院墙越界", "category": "homestead", "channel": channel,
                    "unit": officer.home_unit, "reported_at": at(60)},
        )

    def take(self, step, actor, days_ago, files=(), reason="", **facts):
        self.matter = moving.move(matter_id=self.matter.pk, step=step, actor=who(actor), facts=facts, files=files,
                                  reason=reason, acted_at=at(days_ago))
        return self.matter

    def mediated(self):
        self.take("accept", "wenshu", 59, committee=self.matter.township, initiative="applied")
        self.take("start", "wenshu", 58, mediators=[who("tiaojie")], rights_told_on=day(58))
        self.take("record_session", "tiaojie", 57, place="镇调解室", participants="双方", record="各让一步")
        return self

    def agreed(self, due_days_ago=(40, 20)):
        rows = [{"due_on": day(days), "what": f"第{n}期", "amount_yuan": 1500}
                for n, days in enumerate(due_days_ago, start=1)]
        self.take("agree", "tiaojie", 56, files=[paper()], agreed_on=day(56), terms="分期支付", manner="转账",
                  instalments=rows)
        return self

    def clocks(self, state="running"):
        return sorted(Clock.objects.filter(matter=self.matter, state=state).values_list("rule", flat=True))


def at(days_ago):
    return timezone.now() - timedelta(days=days_ago)


def day(days_ago):
    return timezone.localdate(at(days_ago))


def paper():
    return ("signed_agreement", SimpleUploadedFile("协议.pdf", b"%PDF-1.4"))


@pytest.fixture(autouse=True)
def township(qinghe, db):
    """Each test begins in the demo township."""


def test_a_debtor_pays_weeks_after_closure_and_the_quarrel_flares_up_again():
    case = Case().mediated().agreed()
    assert case.matter.status == "performing"
    first, second = case.matter.instalments.all()
    case.take("record_performance", "tiaojie", 41, instalment=first)
    case.take("apply_confirmation", "tiaojie", 40, court="云川县人民法院")
    case.take("record_default", "tiaojie", 18, urging="上门催促", advice="可向法院起诉")
    with pytest.raises(Refused) as refusal:
        case.take("close", "wenshu", 15)
    assert refusal.value.code == "way-missing"
    case.take("close", "wenshu", 15, way_after_default="suit")
    facts = case.matter.dispute
    assert (case.matter.outcome, facts.performance, case.matter.is_open) == ("written_agreement", "overdue", False)
    assert "dispute.performance" in case.clocks(), "performance is watched over after closure"
    case.take("record_performance", "tiaojie", 3, instalment=second)
    facts.refresh_from_db()
    assert facts.performance == "performed" and case.matter.status == "closed"
    assert case.matter.instalments.get(pk=second.pk).was_late and case.clocks() == []
    case.take("reopen", "bangongshi", 2, reason="又起争执")
    assert (case.matter.status, case.clocks()) == ("mediating", ["dispute.mediation"])
    case.take("record_session", "tiaojie", 1, place="村委会", participants="双方", record="和好如初")
    case.take("agree_orally", "tiaojie", 1, both_confirm=True, terms="互不追究", agreed_on=day(1))
    case.take("close", "wenshu", 0)
    assert case.matter.outcome == "oral_agreement" and not case.matter.is_open
    told = [sentence(event) for event in case.matter.events.for_timeline()]
    assert len(told) == case.matter.event_count and all("%(" not in line for line in told)
    assert verify_ledger()[1] is None


def test_the_day_of_an_instalment_is_moved_by_a_written_change_and_by_nothing_else():
    case = Case().mediated().agreed((-5,))
    clock = Clock.objects.get(matter=case.matter, rule="dispute.performance")
    with pytest.raises(Refused) as refusal:
        timing.propose_extension(matter_id=case.matter.pk, clock_id=clock.pk, actor=who("wenshu"), days=10,
                                 version=case.matter.version, reason="对方要求缓一缓")
    assert refusal.value.code == "extension-not-allowed"
    assert not ACTS["extend"].fits(clock)


def test_a_court_delegation_has_its_own_clock_and_owes_a_reply():
    case = Case("court_pre_filing", sender="云川县人民法院", material_signed_on=day(60))
    case.mediated()
    assert "dispute.court_pre_filing" in case.clocks() and "dispute.mediation" not in case.clocks()
    case.take("fail", "tiaojie", 50, reason="分歧较大", advice="可向人民法院起诉")
    case.take("refer", "wenshu", 49, way="court", authority="云川县人民法院")
    case.take("close", "wenshu", 48)
    assert case.matter.outcome == "failed" and case.clocks() == ["dispute.sender_reply"]
    case.take("record_sender_reply", "wenshu", 47, sender_reply="调解不成")
    assert case.clocks() == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"terms": " "}, "terms-missing"),
        ({"instalments": [{"due_on": timezone.localdate() - timedelta(days=90), "what": "早"}]},
         "instalment-before-agreement"),
        ({"agreed_on": timezone.localdate() + timedelta(days=2)}, "agreement-in-the-future"),
        ({"effective_on": timezone.localdate() - timedelta(days=80)}, "effective-before-agreed"),
    ],
)
def test_an_agreement_that_cannot_be_is_refused_whole(change, code):
    case = Case().mediated()
    facts = {"agreed_on": day(56), "terms": "分期", "manner": "转账", **change}
    with pytest.raises(Refused) as refusal:
        case.take("agree", "tiaojie", 56, files=[paper()], **facts)
    assert refusal.value.code == code
    assert not case.matter.agreements.exists() and not case.matter.attachments.exists()


def test_no_agreement_without_a_second_party_a_session_or_the_signed_paper():
    case = Case()
    case.take("accept", "wenshu", 59, committee=case.matter.township, initiative="applied")
    case.take("start", "wenshu", 58, mediators=[who("tiaojie")], rights_told_on=day(58))
    facts = {"agreed_on": day(56), "terms": "和解"}
    with pytest.raises(Refused) as refusal:
        case.take("agree", "tiaojie", 56, files=[paper()], **facts)
    assert refusal.value.code == "session-missing"
    case.take("record_session", "tiaojie", 57, place="镇", participants="双方", record="谈")
    with pytest.raises(Refused) as refusal:
        case.take("agree", "tiaojie", 56, **facts)
    assert refusal.value.code == "evidence-missing"
    case.matter.parties.filter(kind="respondent").update(removed_at=timezone.now())
    with pytest.raises(Refused) as refusal:
        case.take("agree", "tiaojie", 56, files=[paper()], **facts)
    assert refusal.value.code == "agreement-needs-second-party"


def test_a_dispute_open_for_long_turns_yellow_without_anybody_touching_it():
    case = Case()
    old, young = case.matter, Case().matter
    Matter.objects.filter(pk=young.pk).update(reported_at=at(29))
    assert (old.grade, old.grade_rule) == ("yellow", "long-open"), "typed when it was old already"
    Matter.objects.filter(pk=old.pk).update(grade="green", grade_rule="none")
    Matter.objects.filter(pk=young.pk).update(grade="green", grade_rule="none")
    assert moving.regrade_aged() == 1
    old.refresh_from_db(), young.refresh_from_db()
    assert (old.grade, old.grade_rule, young.grade) == ("yellow", "long-open", "green")
    assert old.events.last().verb == "grade_raised"
    assert moving.regrade_aged() == 0
    assert verify_ledger()[1] is None


def test_violence_at_home_found_out_later_makes_the_dispute_confidential():
    case = Case()
    recording.correct_facts(matter_id=case.matter.pk, actor=who("wenshu"), version=case.matter.version, values={},
                            facts={"is_domestic_violence": True}, reason="走访得知")
    assert not Matter.objects.visible_to(who("zhenzhang")).filter(pk=case.matter.pk).exists()
    assert Matter.objects.visible_to(who("wenshu")).get(pk=case.matter.pk).is_confidential
