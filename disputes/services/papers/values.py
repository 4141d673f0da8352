"""What may stand in the template of a paper (文书可用字段): names, and their values of one matter as plain text."""
import re
from datetime import timedelta
from types import SimpleNamespace

from django.utils import timezone

from .catalogue import Each, Paper
from .facts import Facts

COMMITTEE = "调解委员会"
# What XML cannot hold, and what docxtpl takes for a new paragraph or page; tabs and line ends stay.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def values_of(paper: Paper, facts) -> dict:
    """The only facts that a template reaches: name -> text, and name of a list -> rows of heading -> text.

    Contact data and blanks are decided in the facts, before any template is asked.
    """
    values = {COMMITTEE: _plain(facts.committee)}
    for row in paper.rows:
        if isinstance(row, Each):
            values[row.name] = [{name: _plain(text) for name, text in one.items()} for one in row.read(facts)]
        else:
            values |= {name: _plain(read(facts)) for name, read in row.fields.items()}
    return values


def names_in(paper: Paper) -> frozenset[str]:
    """Names of the texts of a paper."""
    rows = (row for row in paper.rows if not isinstance(row, Each))
    return frozenset({COMMITTEE, *(name for row in rows for name in row.fields)})


def lists_in(paper: Paper) -> dict[str, Each]:
    """Names of the lists of a paper."""
    return {row.name: row for row in paper.rows if isinstance(row, Each)}


def _plain(text) -> str:
    return _UNPRINTABLE.sub("", str(text))


class SampleFacts(Facts):
    """Invented facts (示例), with which a template is tried and its fields are explained."""

    def __init__(self):
        now = timezone.now()
        today = timezone.localdate()
        someone = SimpleNamespace(name="周调解")
        self.matter = SimpleNamespace(
            title="林家与孙家院墙越界纠纷", description="林家翻建院墙，孙家认为越界半米，双方争执。",
            reported_at=now, accepted_at=now, closed_at=None, outcome="written_agreement",
        )
        self.dispute = SimpleNamespace(
            application="请求调解院墙位置", rights_told_on=today, sender="清河县人民法院", sender_reference="",
            sender_reply="", dossier_number="", is_domestic_violence=False,
        )
        self.people = [
            SimpleNamespace(kind="applicant", name="林某某", discloses_contact=True),
            SimpleNamespace(kind="respondent", name="孙某某", discloses_contact=False),
        ]
        self.agreement = _sample_agreement(today)
        self.sessions = [
            SimpleNamespace(
                kind=kind, held_at=now - timedelta(days=days), place="镇调解室", participants="双方当事人", heard="",
                told="", record="双方各让一步。", result="", recorder=someone,
            ) for days in (2, 1) for kind in ("inquiry", "mediation")
        ]
        self.confirmation = None
        self.ending = SimpleNamespace(reason="双方分歧较大", advice="")
        self.revisit = SimpleNamespace(visited_on=today, finding="院墙已退回原界，双方无异议。", visitor=someone)
        self.mediators = [someone.name]
        self.committee, self.number = "清河镇人民调解委员会", "清河纠纷〔2026〕0042"
        self.channel, self.category, self.outcome = "当事人申请", "房屋宅基地", "达成书面协议"

    def contents(self) -> str:
        """What lies in the dossier."""
        return "1. 人民调解申请书\n2. 人民调解协议书"

    def _contact_of(self, party) -> dict:
        return {"address": "清河镇南庄村三组12号", "phone": "13800000000"}


def _sample_agreement(today):
    due = SimpleNamespace(position=1, due_on=today, what="支付补偿款", amount_yuan=1500, replaced_on=None)
    return SimpleNamespace(
        number="清河调协〔2026〕0042", form="written", facts="院墙越界半米。", disputed_points="", responsibility="",
        terms="孙家支付补偿款1500元，院墙维持现状。", manner="转账", copies=3, agreed_on=today,
        instalments=SimpleNamespace(all=lambda: [due]),
    )
