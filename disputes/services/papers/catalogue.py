"""Which papers there are, what each needs and what stands in it (文书目录), domain reference §8."""
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from .facts import BLANK, Facts, day, moment

RIGHTS = (
    "一、人民调解委员会调解民间纠纷不收取任何费用，在当事人自愿、平等的基础上进行。\n"
    "二、当事人有权选择或者接受人民调解员，接受、拒绝或者要求终止调解，要求公开或者不公开进行，自主表达意愿、自愿达成协议。\n"
    "三、当事人应当如实陈述纠纷事实，遵守调解现场秩序，尊重人民调解员，尊重对方当事人行使权利。\n"
    "四、调解协议具有法律约束力，当事人应当按照约定履行；可以自协议生效之日起三十日内共同向人民法院申请司法确认。\n"
    "五、不因未经调解或者调解不成而妨碍当事人依法通过仲裁、行政、司法等途径维护权利。"
)


@dataclass(frozen=True)
class Paper:
    """A paper (文书): code, Chinese title, its rows (heading, text), who signs; `lacks` says what is missing."""

    code: str
    title: str
    rows: Callable[[Facts], list]
    signs: tuple[str, ...]
    lacks: Callable[[Facts], object] = lambda facts: ""
    shows_contact: bool = False


def _no_agreement(facts):
    return "" if facts.agreement else _("There is no agreement yet.")


def _agreement_is(form: str, message):
    return lambda facts: "" if facts.agreement and facts.agreement.form == form else message


def _sessions(facts, kind):
    return [row for row in facts.sessions if row.kind == kind]


def _needs_session(kind, message):
    return lambda facts: "" if _sessions(facts, kind) else message


def _session_rows(kind):
    def rows(facts):
        found = []
        for session in _sessions(facts, kind):
            found += [
                ("时间", moment(session.held_at)), ("地点", session.place), ("参加人", session.participants),
                ("被调查人" if kind == "inquiry" else "当事人", session.heard or facts.names()),
                ("告知事项", session.told or "已告知当事人权利义务。"), ("记录", session.record),
                ("结果", session.result or BLANK), ("记录人", session.recorder.name),
            ]
        return found

    return rows


def _agreement_rows(facts):
    agreement = facts.agreement
    return [
        ("编号", agreement.number), ("当事人情况", facts.people_in_words(contact=True)),
        ("纠纷主要事实", agreement.facts), ("争议事项", agreement.disputed_points or BLANK),
        ("责任", agreement.responsibility or BLANK), ("协议内容", agreement.terms),
        ("履行方式和期限", facts.instalments()),
        ("份数", f"本协议一式{agreement.copies}份，当事人各执一份，人民调解委员会留存一份。"),
    ]


PARTY, MEDIATOR = "当事人(签名、盖章或者按指印)", "人民调解员(签名)"
SEAL, CLERK = "人民调解委员会(印章)", "登记人(签名)"
PAPERS = {paper.code: paper for paper in (
    Paper("application", "人民调解申请书", lambda f: [
        ("双方当事人", f.people_in_words()), ("纠纷简况", f.matter.description),
        ("申请事项", f.dispute.application or BLANK), ("声明", "申请人自愿申请人民调解，已知晓权利义务。"),
    ], ("申请人(签名)",)),
    Paper("registration", "人民调解受理登记表", lambda f: [
        ("时间", moment(f.matter.reported_at)), ("编号", f.number), ("当事人", f.people_in_words()),
        ("案件来源", f.channel), ("类型", f.category), ("简况", f.matter.description),
    ], (PARTY, CLERK)),
    Paper("rights", "人民调解权利义务告知书", lambda f: [
        ("当事人", f.names()), ("告知内容", RIGHTS), ("告知日期", day(f.dispute.rights_told_on)),
    ], (PARTY, MEDIATOR)),
    Paper("inquiry", "人民调解调查笔录", _session_rows("inquiry"), ("被调查人(签名)", "调查人(签名)", "记录人(签名)"),
          _needs_session("inquiry", _("No inquiry is recorded yet."))),
    Paper("session", "人民调解笔录", _session_rows("mediation"), (PARTY, MEDIATOR, "记录人(签名)"),
          _needs_session("mediation", _("No mediation session is recorded yet."))),
    Paper("agreement", "人民调解协议书", _agreement_rows, (PARTY, MEDIATOR, SEAL),
          _agreement_is("written", _("There is no written agreement yet.")), shows_contact=True),
    Paper("oral_agreement", "人民调解口头协议登记表", lambda f: [
        ("编号", f.agreement.number), ("当事人", f.names()), ("纠纷主要事实", f.agreement.facts),
        ("协议内容", f.agreement.terms), ("履行方式和期限", f.instalments()),
        ("调解员", "、".join(f.mediators) or BLANK),
    ], (MEDIATOR, SEAL), _agreement_is("oral", _("There is no oral agreement yet."))),
    Paper("failed", "人民调解不成告知书", lambda f: [
        ("当事人", f.names()), ("理由", f.ending.reason or BLANK),
        ("可寻途径", f.ending.advice or "可以依法申请仲裁、行政处理或者向人民法院起诉。"),
    ], (MEDIATOR, SEAL), lambda f: "" if f.matter.outcome == "failed" and f.ending else _("Mediation has not failed.")),
    Paper("sender_reply", "委派委托调解复函", lambda f: [
        ("主送", f.dispute.sender), ("来函号", f.dispute.sender_reference or BLANK), ("当事人", f.names()),
        ("结果", f.dispute.sender_reply or f.outcome), ("协议", f.agreement.number if f.agreement else "无"),
        ("材料清单", "调解笔录、协议书等，共＿＿份。"),
    ], (SEAL,), lambda f: "" if f.dispute.sender else _("It was not sent here by anybody.")),
    Paper("confirmation", "司法确认申请书", lambda f: [
        ("双方当事人", f.people_in_words(contact=True)),
        ("请求", f"请求确认{f.committee}于{day(f.agreement.agreed_on)}主持达成的{f.agreement.number}调解协议有效。"),
        ("事实和理由", f.agreement.facts),
        ("承诺", "双方出于解决纠纷的目的自愿达成协议，没有恶意串通、规避法律的行为，不损害国家、集体和他人利益。"),
        ("此致", (f.confirmation.court if f.confirmation else "") or f"{BLANK}人民法院"),
        ("附件", "人民调解协议书＿份，身份证明由申请人自行提交。"),
    ], ("申请人(共同签名)",), _no_agreement, shows_contact=True),
    Paper("revisit", "人民调解回访记录", lambda f: [
        ("协议编号", f.agreement.number if f.agreement else "无"), ("事由", f.matter.title),
        ("时间", day(f.revisit.visited_on)), ("回访情况", f.revisit.finding), ("履行情况", f.instalments()),
        ("回访人", f.revisit.visitor.name),
    ], ("被回访人(签名)", "回访人(签名)"), lambda f: "" if f.revisit else _("No revisit is recorded yet.")),
    Paper("dossier", "人民调解卷宗", lambda f: [
        ("卷宗号", f.dispute.dossier_number or BLANK), ("编号", f.number), ("当事人", f.names()),
        ("类型", f.category),
        ("调解员", "、".join(f.mediators) or BLANK), ("受理日期", day(f.matter.accepted_at)),
        ("结案日期", day(f.matter.closed_at)), ("结果", f.outcome or BLANK), ("目录", f.contents()),
    ], (CLERK,)),
)}
