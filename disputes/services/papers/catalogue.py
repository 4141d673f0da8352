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
class Row:
    """A row (行): heading, and a text in which its fields stand as `{{ 名称 }}`; `fields`: name -> its reader."""

    heading: str
    text: str
    fields: dict[str, Callable[[Facts], str]]


@dataclass(frozen=True)
class Each:
    """Rows that come once for each of several (逐项): `name` of the list, of its `item`, and its `headings`."""

    name: str
    item: str
    headings: tuple[str, ...]
    read: Callable[[Facts], list[dict[str, str]]]


@dataclass(frozen=True)
class Paper:
    """A paper (文书): code, Chinese title, its rows, who signs; `lacks` says what is missing."""

    code: str
    title: str
    rows: tuple[Row | Each, ...]
    signs: tuple[str, ...]
    lacks: Callable[[Facts], object] = lambda facts: ""
    shows_contact: bool = False


def _read(heading: str, read, blank: str = "") -> Row:
    """A row with one field, named as its heading."""
    return Row(heading, f"{{{{ {heading} }}}}", {heading: lambda facts: read(facts) or blank})


def _text(heading: str, text: str, **fields) -> Row:
    """A row of fixed words, with fields between them."""
    return Row(heading, text, fields)


def _no_agreement(facts):
    return "" if facts.agreement else _("There is no agreement yet.")


def _agreement_is(form: str, message):
    return lambda facts: "" if facts.agreement and facts.agreement.form == form else message


def _sessions(facts, kind):
    return [row for row in facts.sessions if row.kind == kind]


def _needs_session(kind, message):
    return lambda facts: "" if _sessions(facts, kind) else message


def _each_session(kind: str, heard: str) -> Each:
    headings = ("时间", "地点", "参加人", heard, "告知事项", "记录", "结果", "记录人")

    def rows(facts):
        return [dict(zip(headings, (
            moment(session.held_at), session.place, session.participants, session.heard or facts.names(),
            session.told or "已告知当事人权利义务。", session.record, session.result or BLANK, session.recorder.name,
        ), strict=True)) for session in _sessions(facts, kind)]

    return Each("各次笔录", "本次", headings, rows)


PARTY, MEDIATOR = "当事人(签名、盖章或者按指印)", "人民调解员(签名)"
SEAL, CLERK = "人民调解委员会(印章)", "登记人(签名)"
_NAMES = _read("当事人", lambda f: f.names())
_NUMBER = _read("编号", lambda f: f.number)
_AGREEMENT_NUMBER = _read("编号", lambda f: f.agreement.number)
_AGREED_FACTS = _read("纠纷主要事实", lambda f: f.agreement.facts)
_TERMS = _read("协议内容", lambda f: f.agreement.terms)
_INSTALMENTS = _read("履行方式和期限", lambda f: f.instalments())
_MEDIATORS = _read("调解员", lambda f: "、".join(f.mediators), BLANK)


def _number_or_none(facts):
    return facts.agreement.number if facts.agreement else "无"


PAPERS = {paper.code: paper for paper in (
    Paper("application", "人民调解申请书", (
        _read("双方当事人", lambda f: f.people_in_words()), _read("纠纷简况", lambda f: f.matter.description),
        _read("申请事项", lambda f: f.dispute.application, BLANK),
        _text("声明", "申请人自愿申请人民调解，已知晓权利义务。"),
    ), ("申请人(签名)",)),
    Paper("registration", "人民调解受理登记表", (
        _read("时间", lambda f: moment(f.matter.reported_at)), _NUMBER,
        _read("当事人", lambda f: f.people_in_words()), _read("案件来源", lambda f: f.channel),
        _read("类型", lambda f: f.category), _read("简况", lambda f: f.matter.description),
    ), (PARTY, CLERK)),
    Paper("rights", "人民调解权利义务告知书", (
        _NAMES, _text("告知内容", RIGHTS), _read("告知日期", lambda f: day(f.dispute.rights_told_on)),
    ), (PARTY, MEDIATOR)),
    Paper("inquiry", "人民调解调查笔录", (_each_session("inquiry", "被调查人"),),
          ("被调查人(签名)", "调查人(签名)", "记录人(签名)"),
          _needs_session("inquiry", _("No inquiry is recorded yet."))),
    Paper("session", "人民调解笔录", (_each_session("mediation", "当事人"),), (PARTY, MEDIATOR, "记录人(签名)"),
          _needs_session("mediation", _("No mediation session is recorded yet."))),
    Paper("agreement", "人民调解协议书", (
        _AGREEMENT_NUMBER, _read("当事人情况", lambda f: f.people_in_words(contact=True)), _AGREED_FACTS,
        _read("争议事项", lambda f: f.agreement.disputed_points, BLANK),
        _read("责任", lambda f: f.agreement.responsibility, BLANK), _TERMS, _INSTALMENTS,
        _text("份数", "本协议一式{{ 份数 }}份，当事人各执一份，人民调解委员会留存一份。",
              份数=lambda f: str(f.agreement.copies)),
    ), (PARTY, MEDIATOR, SEAL),
          _agreement_is("written", _("There is no written agreement yet.")), shows_contact=True),
    Paper("oral_agreement", "人民调解口头协议登记表", (
        _AGREEMENT_NUMBER, _NAMES, _AGREED_FACTS, _TERMS, _INSTALMENTS, _MEDIATORS,
    ), (MEDIATOR, SEAL), _agreement_is("oral", _("There is no oral agreement yet."))),
    Paper("failed", "人民调解不成告知书", (
        _NAMES, _read("理由", lambda f: f.ending.reason, BLANK),
        _read("可寻途径", lambda f: f.ending.advice, "可以依法申请仲裁、行政处理或者向人民法院起诉。"),
    ), (MEDIATOR, SEAL), lambda f: "" if f.matter.outcome == "failed" and f.ending else _("Mediation has not failed.")),
    Paper("sender_reply", "委派委托调解复函", (
        _read("主送", lambda f: f.dispute.sender), _read("来函号", lambda f: f.dispute.sender_reference, BLANK), _NAMES,
        _read("结果", lambda f: f.dispute.sender_reply or f.outcome), _read("协议", _number_or_none),
        _text("材料清单", "调解笔录、协议书等，共＿＿份。"),
    ), (SEAL,), lambda f: "" if f.dispute.sender else _("It was not sent here by anybody.")),
    Paper("confirmation", "司法确认申请书", (
        _read("双方当事人", lambda f: f.people_in_words(contact=True)),
        _text("请求", "请求确认{{ 调解委员会 }}于{{ 协议日期 }}主持达成的{{ 协议编号 }}调解协议有效。",
              协议日期=lambda f: day(f.agreement.agreed_on), 协议编号=lambda f: f.agreement.number),
        _read("事实和理由", lambda f: f.agreement.facts),
        _text("承诺", "双方出于解决纠纷的目的自愿达成协议，没有恶意串通、规避法律的行为，不损害国家、集体和他人利益。"),
        _text("此致", "{{ 法院 }}", 法院=lambda f: (f.confirmation and f.confirmation.court) or f"{BLANK}人民法院"),
        _text("附件", "人民调解协议书＿份，身份证明由申请人自行提交。"),
    ), ("申请人(共同签名)",), _no_agreement, shows_contact=True),
    Paper("revisit", "人民调解回访记录", (
        _read("协议编号", _number_or_none), _read("事由", lambda f: f.matter.title),
        _read("时间", lambda f: day(f.revisit.visited_on)), _read("回访情况", lambda f: f.revisit.finding),
        _read("履行情况", lambda f: f.instalments()), _read("回访人", lambda f: f.revisit.visitor.name),
    ), ("被回访人(签名)", "回访人(签名)"), lambda f: "" if f.revisit else _("No revisit is recorded yet.")),
    Paper("dossier", "人民调解卷宗", (
        _read("卷宗号", lambda f: f.dispute.dossier_number, BLANK), _NUMBER, _NAMES,
        _read("类型", lambda f: f.category), _MEDIATORS, _read("受理日期", lambda f: day(f.matter.accepted_at)),
        _read("结案日期", lambda f: day(f.matter.closed_at)), _read("结果", lambda f: f.outcome, BLANK),
        _read("目录", lambda f: f.contents()),
    ), (CLERK,)),
)}
