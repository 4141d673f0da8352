"""What a dispute is to the kernel (纠纷): its table, words, forms and facts, bound together."""
from django.utils.translation import gettext_lazy as _

from governance.casework.registry import BY_BOTH, BY_RESPONSIBILITY, BY_UNIT, CaseKind, Vocabulary, register
from governance.casework.registry import Term as T

from .querysets.page import whole
from .retention import ERASES, RETENTION
from .services import agreeing, mediating, on_the_spot, redating, registering
from .workflow import WORKFLOW
from .workflow.effects import opening_clocks
from .workflow.guards import AGREEMENTS

CATEGORIES = Vocabulary("dispute.category", _("Dispute categories"), (
    T("marriage_family", "婚姻家庭", "Marriage and family"), T("neighbour", "邻里", "Neighbours"),
    T("homestead", "房屋宅基地", "House and homestead"), T("contract", "合同", "Contract"),
    T("production", "生产经营", "Production and business"), T("damages", "损害赔偿", "Damages"),
    T("land_forest", "山林土地", "Land and forest"), T("requisition", "征地拆迁", "Requisition"),
    T("environment", "环境污染", "Environment"), T("traffic", "道路交通事故", "Road accident"),
    T("property_service", "物业", "Property service"), T("medical", "医疗", "Medical"),
    T("labour", "劳动争议", "Labour"), T("consumer", "消费", "Consumer"), T("tourism", "旅游", "Tourism"),
    T("wage_arrears", "拖欠农民工工资", "Wage arrears", "labour"),
    T("e_commerce", "电子商务", "E-commerce", "consumer"), T("other", "其他", "Other"),
), item=_("Type of dispute"))
SOURCES = Vocabulary("dispute.source", _("Dispute sources"), (
    T("investigation", "排查发现", "Investigation"), T("application", "当事人申请", "Application of a party"),
    T("grid_report", "网格员上报", "Report of a grid worker"), T("police_referral", "公安移送", "Police"),
    T("court_pre_filing", "法院委派(诉前)", "Court, before filing"),
    T("court_in_case", "法院委托(诉中)", "Court, in the case"),
    T("petition_transfer", "信访转入", "Petition"), T("hotline_transfer", "热线转入", "Hotline"),
    T("superior", "上级交办", "Superior"), T("online", "网上申请", "Online"),
))
OUTCOMES = Vocabulary("dispute.outcome", _("Mediation results"), (
    T("written_agreement", "达成书面协议", "Written agreement"), T("oral_agreement", "达成口头协议", "Oral agreement"),
    T("failed", "调解不成", "Mediation failed"), T("withdrawn", "撤回", "Withdrawn"),
    T("declined", "不予受理", "Declined"),
), fixed=True)
OTHERS = (
    Vocabulary("dispute.initiative", _("Initiative"), (
        T("own", "主动调解", "Own initiative"), T("applied", "申请调解", "On application"),
        T("delegated", "接受委托移送调解", "Delegated or referred"),
    ), fixed=True),
    Vocabulary("dispute.mediation_kind", _("Kinds of mediation"), (
        T("people", "人民调解", "People's mediation"), T("administrative", "行政调解", "Administrative mediation"),
        T("professional", "行业性专业性调解", "Professional mediation"),
    ), fixed=True),
    Vocabulary("dispute.procedure", _("Court procedure"), (
        T("ordinary", "普通程序", "Ordinary procedure"), T("simple", "简易程序", "Simple procedure"),
    ), fixed=True),
    Vocabulary("dispute.declined_ground", _("Grounds for declining"), (
        T("reserved", "依法由专门机关管辖处理", "Reserved to a special authority"),
        T("forbidden", "法律法规禁止采用民间调解", "Private mediation forbidden"),
        T("seized", "法院、公安或行政机关已受理或已解决", "Court, police or authority seized or has decided"),
        T("refused", "一方当事人明确拒绝调解", "A party clearly refuses"),
    ), fixed=True),
    Vocabulary("dispute.referral", _("Referral"), (
        T("court", "引导诉讼", "Court"), T("arbitration", "仲裁", "Arbitration"),
        T("administrative", "行政裁决/复议/主管部门", "Administrative organ"), T("police", "公安", "Police"),
        T("labour_inspection", "劳动监察", "Labour inspection"), T("legal_aid", "法律援助", "Legal aid"),
        T("notary", "公证", "Notary"),
    )),
    Vocabulary("dispute.performance", _("Performance"), (
        T("performed", "已履行", "Performed"), T("partly", "部分履行", "Partly performed"),
        T("overdue", "逾期未履行", "Overdue"), T("enforced", "申请强制执行", "Enforcement applied for"),
    ), fixed=True),
    Vocabulary("dispute.instalment", _("Instalments"), (
        T("open", "待履行", "Outstanding"), T("partly", "部分履行", "Partly performed"),
        T("performed", "已履行", "Performed"),
    ), fixed=True),
    Vocabulary("dispute.check_finding", _("What a check of performance found"), (
        T("performed", "已履行", "Performed"), T("partly", "部分履行", "Partly performed"),
        T("not_performed", "未履行", "Not performed"), T("unreachable", "联系不上", "Out of reach"),
    ), fixed=True),
    Vocabulary("dispute.confirmation", _("Judicial confirmation"), (
        T("confirmed", "裁定有效", "Confirmed"), T("refused", "驳回申请", "Refused"),
    ), fixed=True),
    Vocabulary("dispute.confirmation_state", _("Where confirmation stands"), (
        T("possible", "可以申请", "Can be applied for"), T("applied", "已共同申请", "Applied for"),
        T("waived", "双方不申请", "Waived by both"), T("confirmed", "裁定有效", "Confirmed"),
        T("refused", "驳回申请", "Refused"),
    ), fixed=True),
    Vocabulary("dispute.way_after_default", _("Way after a default"), (
        T("suit", "引导起诉", "Suit"), T("enforcement", "申请强制执行", "Enforcement"),
    ), fixed=True),
    Vocabulary("dispute.revisit_manner", _("How a revisit is made"), (
        T("visit", "上门", "Visit"), T("phone", "电话", "Phone"), T("office", "约见", "At the office"),
    )),
    Vocabulary("dispute.satisfied", _("Satisfaction"), (
        T("satisfied", "满意", "Satisfied"), T("neutral", "基本满意", "Neutral"),
        T("dissatisfied", "不满意", "Dissatisfied"), T("no_answer", "未表态", "No answer"),
    ), fixed=True),
)

RECORDERS = {
    "accept": mediating.accept, "decline": mediating.decline, "start": mediating.start,
    "start_on_the_spot": mediating.start, "settle_on_the_spot": on_the_spot.settle_on_the_spot, "agree": agreeing.agree,
    "agree_orally": agreeing.agree_orally, "watch": agreeing.watch, "record_session": mediating.record_session,
    "record_inquiry": mediating.record_inquiry, "plan_session": mediating.plan_session,
    "tell_rights": mediating.tell_rights, "change_mediators": mediating.change_mediators, "fail": mediating.fail,
    "withdraw": mediating.withdraw, "record_police_report": mediating.record_police_report,
    "record_performance": agreeing.record_performance, "record_default": agreeing.record_default,
    "record_check": agreeing.record_check,
    "change_agreement": agreeing.change_agreement, "remediate": mediating.begin_anew,
    "apply_confirmation": agreeing.apply_confirmation, "waive_confirmation": agreeing.waive_confirmation,
    "decide_confirmation": agreeing.decide_confirmation, "refer": mediating.refer, "close": agreeing.close,
    "record_sender_reply": mediating.record_sender_reply, "record_revisit": mediating.record_revisit,
    "reopen": mediating.begin_anew,
}
FORMS = {
    "open": "DisputeOpenForm", "correct": "DisputeCorrectForm", "accept": "AcceptForm", "decline": "DeclineForm",
    "start": "StartForm", "agree": "AgreeForm", "agree_orally": "AgreeOrallyForm", "record_session": "SessionForm",
    "record_inquiry": "InquiryForm", "plan_session": "PlanSessionForm", "tell_rights": "RightsForm",
    "change_mediators": "MediatorsForm", "fail": "FailForm", "withdraw": "WithdrawForm",
    "record_police_report": "PoliceForm", "record_performance": "PerformanceForm", "record_default": "DefaultForm",
    "record_check": "CheckForm",
    "change_agreement": "ChangeAgreementForm", "apply_confirmation": "ApplyConfirmationForm",
    "decide_confirmation": "DecideConfirmationForm", "refer": "ReferForm", "close": "CloseForm",
    "settle_on_the_spot": "OnTheSpotForm", "record_sender_reply": "SenderReplyForm", "record_revisit": "RevisitForm",
}


def detail(matter, user) -> dict:
    """What the page of a dispute shows beside the kernel's parts; one query."""
    return whole(matter)


def performance_beside_outcome(matter) -> str:
    """An agreement and its performance are two facts: *agreed, not performed* stays so until somebody pays."""
    return matter.dispute.performance if matter.outcome in AGREEMENTS else ""


register(CaseKind(
    code="dispute", prefix="JF", label=_("Dispute"), numbering_name="纠纷", workflow=WORKFLOW, facts="dispute",
    facts_model="disputes.Dispute",
    reach={
        "grid_worker": BY_UNIT, "village_officer": BY_UNIT, "mediator": BY_UNIT, "clerk": BY_UNIT,
        "unit_head": BY_BOTH, "liaison": BY_RESPONSIBILITY, "leader": BY_UNIT, "office": BY_UNIT,
    },
    confidential_roles=("clerk",), open_roles=("grid_worker", "village_officer", "mediator", "clerk"),
    manage_roles=("clerk",),
    handling_roles=("mediator", "village_officer", "clerk", "grid_worker", "liaison", "unit_head"),
    reveal_roles=("clerk",), own_reveal_roles=("mediator", "village_officer"),
    categories=CATEGORIES, channels=SOURCES, outcomes=OUTCOMES, vocabularies=OTHERS,
    party_kinds=("applicant", "respondent", "representative", "witness"),
    open_facts=registering.open_facts, correct_facts=registering.correct_facts, recorders=RECORDERS,
    date_corrected=redating.date_corrected, days_beside=redating.days_beside, day_names=redating.DAY_NAMES,
    forms={name: f"disputes.forms.{form}" for name, form in FORMS.items()},
    bulk_steps={"accept": "disputes.forms.BulkAcceptForm"},
    grade=registering.grade, grade_rules=registering.GRADE_RULES, affects_grade=registering.was_revisited,
    regrade_after_days=registering.LONG_OPEN_DAYS,
    opening_clocks=opening_clocks,
    evidence={
        "signed_agreement": _("Signed agreement (scan or photo)"),
        "written_change": _("Written change, signed by both"),
    },
    sentences={"paper_made": _("Paper made: %(paper)s")}, detail=detail, detail_template="disputes/_detail.html",
    retention=RETENTION, erases=ERASES, outcome_note=performance_beside_outcome, outcome_notes="dispute.performance",
))
