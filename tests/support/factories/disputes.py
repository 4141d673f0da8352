"""A dispute that has everything (样样俱全的纠纷): what a page has to bear on a bad day."""
import uuid
from datetime import timedelta
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from governance.casework.models import Clock, Matter
from governance.casework.services import assigning, attaching, linking, moving, naming, parties, recording, timing
from governance.casework.services.opening import open_matter
from governance.organisation.models import Unit, User


def who(name):
    """A user by login name."""
    return User.objects.get(username=name)


def at(days_ago):
    """So many days ago."""
    return timezone.now() - timedelta(days=days_ago)


def day(days_ago):
    """The local day so many days ago."""
    return timezone.localdate(at(days_ago))


def photo(name="现场.png"):
    """A small picture."""
    held = BytesIO()
    Image.new("RGB", (8, 8), "white").save(held, "PNG")
    return SimpleUploadedFile(name, held.getvalue())


def paper(name="协议.pdf"):
    """A small paper."""
    return SimpleUploadedFile(name, b"%PDF-1.4")


def plain_dispute(description="院墙越界", **values):
    """A dispute of the first village, just registered."""
    officer = who("cun1")
    return open_matter(
        kind="dispute", actor=officer, client_uuid=uuid.uuid4(), facts={},
        parties=[{"kind": "applicant", "name": "林大山"}, {"kind": "respondent", "name": "孙来福"}],
        values={"description": description, "category": "homestead", "channel": "application",
                "unit": officer.home_unit, "reported_at": at(200), **values},
    )


def agreed_dispute(parties, *, description="院墙越界", records=("各让一步",)):
    """A dispute of the first village, mediated by the township in as many sessions as there are records, with an
    agreement in writing that is due today."""
    clerk, mediator, officer, today = who("wenshu"), who("tiaojie"), who("cun1"), timezone.localdate()
    matter = open_matter(
        kind="dispute", actor=officer, client_uuid=uuid.uuid4(), parties=parties,
        values={"description": description, "category": "homestead", "channel": "application",
                "unit": officer.home_unit},
    )

    def take(step, actor, files=(), **facts):
        moving.move(matter_id=matter.pk, step=step, actor=actor, facts=facts, files=files)

    take("accept", clerk, committee=matter.township, initiative="applied")
    take("start", clerk, mediators=[mediator], rights_told_on=today)
    for place, record in zip(("镇调解室", "村委会"), records, strict=False):
        take("record_session", mediator, place=place, participants="双方", record=record)
    take("agree", mediator, files=[("signed_agreement", paper())], terms="孙家支付1500元", manner="转账",
         instalments=[{"due_on": today, "what": "第一期", "amount_yuan": 1500}])
    matter.refresh_from_db()
    return matter


class FullDispute:
    """Three rounds: failed and referred, agreed and in default, agreed anew and being performed.

    Two sides with four parties, sessions, two mediators, two agreements of six instalments, confirmation, referral,
    an extension, a pause, links, files, instructions, permissions to read, sixty entries.
    """

    def __init__(self):
        self.mediators = [who("tiaojie"), who("tiaojie2")]
        second = Unit.objects.filter(level="village").exclude(pk=who("cun1").home_unit_id).first()
        self.matter = plain_dispute(
            "宅基地院墙越界，涉及两户四人", channel="court_pre_filing", occurred_at=at(201), other_units=[second],
        )
        self._people()
        self._first_round()
        self._second_round()
        self._third_round()
        self._desk()
        self.matter = Matter.objects.get(pk=self.matter.pk)

    def take(self, step, actor, days_ago, files=(), reason="", **facts):
        """Take a step some days ago."""
        self.matter = moving.move(
            matter_id=self.matter.pk, step=step, actor=who(actor), facts=facts, files=files, reason=reason,
            acted_at=at(days_ago),
        )

    def _now(self) -> dict:
        return {"matter_id": self.matter.pk, "version": Matter.objects.get(pk=self.matter.pk).version}

    def _people(self) -> None:
        for kind, name in (("applicant", "林小河"), ("respondent", "孙来旺"), ("witness", "周见证")):
            parties.add_party(**self._now(), actor=who("wenshu"),
                              party={"kind": kind, "name": name, "phone": "13812345678", "address": "三组12号"})

    def _first_round(self) -> None:
        self.take("accept", "wenshu", 199, committee=self.matter.township, initiative="delegated",
                  handler=who("tiaojie"))
        self.take("start", "wenshu", 198, mediators=self.mediators, rights_told_on=day(198), is_chosen=True)
        self.take("record_inquiry", "tiaojie", 197, place="村委会", heard="周见证", participants="调解员",
                  record="属实")
        self._held(196)
        self.take("fail", "tiaojie", 190, reason="分歧较大", advice="可向人民法院起诉")
        self.take("refer", "wenshu", 189, way="court", authority="云川县人民法院")
        self.take("record_sender_reply", "wenshu", 188, sender_reply="调解不成")
        self.take("close", "wenshu", 187)
        self.take("reopen", "bangongshi", 180, reason="双方愿意再谈")

    def _second_round(self) -> None:
        self._held(179)
        self._held(178)
        self._agree(175, [170, 160, 150, 140, 130, 120])
        first, second, third = self.matter.instalments.order_by("position")[:3]
        self.take("record_performance", "tiaojie", 171, instalment=first)
        self.take("record_performance", "tiaojie", 161, instalment=second, is_partial=True, performed_yuan=300)
        self.take("record_check", "tiaojie", 148, instalment=third, found="unreachable", finding="外出务工")
        self.take("record_default", "tiaojie", 118, urging="上门催促", advice="可向法院起诉")
        self.take("remediate", "tiaojie", 20)

    def _third_round(self) -> None:
        mediation = Clock.objects.live().get(matter=self.matter, rule="dispute.mediation")
        timing.pause_clock(**self._now(), clock_id=mediation.pk, actor=who("wenshu"), reason="鉴定", started_at=at(18),
                           files=[("", paper("鉴定委托书.pdf"))])
        timing.resume_clock(**self._now(), clock_id=mediation.pk, actor=who("wenshu"), ended_at=at(16))
        asked = timing.propose_extension(**self._now(), clock_id=mediation.pk, actor=who("wenshu"), days=10,
                                         reason="等待鉴定", consents=["consent-both-parties"])
        timing.decide_extension(**self._now(), extension_id=asked.pk, actor=who("shuji1"), approve=True)
        self._held(14)
        self._agree(12, [10, 8, 2, -10, -40, -70])
        first, second, third = self.matter.agreements.in_force().get().instalments.order_by("position")[:3]
        self.take("record_performance", "tiaojie", 10, instalment=first)
        self.take("record_check", "tiaojie", 7, instalment=second, found="not_performed", finding="推说没钱")
        self.take("record_check", "tiaojie", 1, instalment=third, found="unreachable", finding="电话不通")
        self.take("apply_confirmation", "tiaojie", 9, court="云川县人民法院")
        self.take("record_police_report", "tiaojie", 9, police_told_at=at(9), police_station="派出所")
        self.take("record_revisit", "tiaojie", 1, manner="visit", satisfied="neutral", finding="部分履行")

    def _held(self, days_ago) -> None:
        self.take("record_session", "tiaojie", days_ago, place="镇调解室", participants="双方", record="各抒己见",
                  result="继续协商")

    def _agree(self, days_ago, dues) -> None:
        rows = [{"due_on": day(due), "what": f"第{n}期", "amount_yuan": 1000} for n, due in enumerate(dues, 1)]
        self.take("agree", "tiaojie", days_ago, files=[("signed_agreement", paper())], agreed_on=day(days_ago),
                  terms="分六期支付", manner="转账", instalments=rows, amount_yuan=6000)

    def _desk(self) -> None:
        """What gathers around a matter: notes, files, links, tasks, instructions, permissions, corrections."""
        pk, clerk = self.matter.pk, who("wenshu")
        for number in range(3):
            attaching.attach(matter_id=pk, actor=clerk, files=[("", photo(f"现场{number}.png"))])
            other = plain_dispute(f"相邻的第{number}件事", category="neighbour")
            linking.link(matter_id=pk, other_id=other.pk, actor=clerk, relation=("related", "same_affair")[number % 2])
        for number in range(3):
            task = assigning.instruct(matter_id=pk, actor=who("zhenzhang"), assignee=who("tiaojie"), text="抓紧办结",
                                      due_on=day(-number))
            if number:
                assigning.finish_assignment(assignment_id=task.pk, actor=who("tiaojie"), text="已办")
        assigning.give_task(matter_id=pk, actor=clerk, assignee=who("cun1"), text="实地丈量", due_on=day(-3))
        naming.let_read(matter_id=pk, actor=clerk, person=who("cun5"), reason="协助调查")
        river = self.matter.parties.get(name="林小河")
        parties.reveal_contact(matter_id=pk, party_id=river.pk, actor=clerk, reason="核对")
        recording.correct_date(event_id=self.matter.events.get(verb="record_police_report").pk, actor=clerk,
                               version=None, acted_at=at(8), reason="笔误")
        while self.matter.events.count() < 60:
            recording.note(matter_id=pk, actor=clerk, text="已与双方联系")
