"""Agreements with their performance, and reports to investigations, as tables to be taken out (协议、专项排查导出)."""
import time
from functools import lru_cache

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.casework.models import Matter, MatterUnit
from governance.casework.services.vocabularies import all_terms
from governance.ledgers.registry import DATE, MONEY, SERIAL, WHOLE, Export, ExportColumn, register_export

from .models import Agreement, Campaign, CampaignVillage, Instalment, PerformanceCheck
from .services import campaign_counts
from .workflow import ConfirmationState

FORMS = {"written": "书面", "oral": "口头"}


def agreements(scope):
    """Agreements in force that were made in the period in these places, as far as the user sees their matters.

    Eight queries for each chunk; unique partial index `agreement_one_in_force`.
    """
    seen = Matter.objects.visible_to(scope.user).counted().filter(kind="dispute")
    further = MatterUnit.objects.filter(unit_id__in=scope.unit_ids).values_list("matter_id", flat=True)
    in_place = seen.filter(unit_id__in=scope.unit_ids) | seen.filter(pk__in=list(further))
    rows = Agreement.objects.in_force().filter(
        matter__in=in_place.order_by().values("pk"), agreed_on__gte=scope.from_on, agreed_on__lte=scope.to_on
    )
    current = Instalment.objects.filter(replaced_on=None).order_by("position", "pk").prefetch_related(
        Prefetch("checks", PerformanceCheck.objects.select_related("checked_by"))
    )
    return rows.select_related("matter__unit__parent", "matter__dispute", "confirmation").prefetch_related(
        "matter__parties", "matter__mediators__user", Prefetch("instalments", current, "current")
    ).order_by("agreed_on", "pk")


def lines(agreement):
    """One line for each instalment; one for an agreement under which nothing is due later."""
    return [(agreement, instalment) for instalment in agreement.current] or [(agreement, None)]


def _agreement(read):
    return lambda line: read(line[0])


def _instalment(read):
    return lambda line: read(line[1]) if line[1] is not None else None


@lru_cache(maxsize=1)
def _terms(minute: int) -> dict:
    """The vocabularies, asked for once a minute rather than for every cell."""
    return all_terms()


def _label(vocabulary, code):
    return _terms(int(time.time() // 60)).get(vocabulary, {}).get(code, (code,))[0] if code else ""


def _parties(kind):
    return lambda agreement: "、".join(
        party.name for party in agreement.matter.parties.all() if party.kind == kind and party.removed_at is None
    )


def _village(agreement):
    unit = agreement.matter.unit
    return (unit.parent if unit.level == "grid" else unit).short_name


def _mediators(agreement):
    return "、".join(row.user.name for row in agreement.matter.mediators.all() if row.withdrawn_on is None)


def _days_late(instalment):
    """How many days late it was performed, or is by now; nothing if it is in time."""
    end = instalment.performed_on if instalment.is_performed else timezone.localdate()
    days = (end - instalment.due_on).days
    return days if days > 0 else None


def _state(instalment):
    if not instalment.is_performed and instalment.due_on < timezone.localdate():
        return "部分履行（逾期）" if instalment.state == "partly" else "逾期未履行"
    return _label("dispute.instalment", instalment.state)


def _last_check(read):
    """Of the check that was made last; nothing if none was."""
    def of_instalment(instalment):
        checks = instalment.checks.all()
        return read(checks[len(checks) - 1]) if checks else None

    return _instalment(of_instalment)


def _confirmation(agreement):
    """Where judicial confirmation stands; what could be applied for and was not is said so."""
    state = agreement.matter.dispute.confirmation_state
    return "未申请" if state == ConfirmationState.POSSIBLE else _label("dispute.confirmation_state", state)


class ReportLines:
    """The villages of every investigation that began in the period, in these places (各村报告情况).

    Counted for the user as on the board, five queries for each investigation.
    """

    def __init__(self, scope):
        self.scope = scope
        self.villages = CampaignVillage.objects.filter(
            unit_id__in=scope.unit_ids, campaign__starts_on__gte=scope.from_on, campaign__starts_on__lte=scope.to_on
        )

    def count(self) -> int:
        """How many lines there are."""
        return self.villages.count()

    def iterator(self, chunk_size):
        """Pairs of investigation and village with its counts."""
        wanted = set(self.villages.values_list("campaign_id", "unit_id"))
        rows = Campaign.objects.filter(pk__in={campaign for campaign, _unit in wanted}).order_by("starts_on", "pk")
        for campaign in rows:
            for village in campaign_counts.board(campaign, self.scope.user)["villages"]:
                if (campaign.pk, village["unit"].pk) in wanted:
                    yield campaign, village


REPORTED = {"missing": "未报告", "zero": "零报告", "found": "已报告"}
STATES = {
    "announced": "已部署", "running": "排查中", "reporting": "报告中", "summed_up": "已总结", "cancelled": "已取消",
}


def _campaign(read):
    return lambda line: read(line[0])


def _of_village(name):
    return lambda line: line[1][name]


def _report(read):
    return lambda line: read(line[1]["report"]) if line[1]["report"] is not None else None


register_export(Export(
    code="campaigns", label=_("Reports to concentrated investigations"), title="专项排查报告情况表",
    roles=("clerk", "office"), rows=ReportLines,
    columns=(
        ExportColumn("serial", "序号", None, 5.5, SERIAL),
        ExportColumn("title", "专项排查", _campaign(lambda row: row.title), 24),
        ExportColumn("starts_on", "开始日期", _campaign(lambda row: row.starts_on), 11.5, DATE),
        ExportColumn("ends_on", "截止日期", _campaign(lambda row: row.ends_on), 11.5, DATE),
        ExportColumn("report_by", "报告期限", _campaign(lambda row: row.report_by), 11.5, DATE),
        ExportColumn("state", "状态", _campaign(lambda row: STATES[row.state_on(timezone.localdate())]), 8),
        ExportColumn("village", "村(社区)", lambda line: line[1]["unit"].short_name, 10),
        ExportColumn("report", "报告情况", lambda line: REPORTED[campaign_counts.report_code(line[1])], 9),
        ExportColumn("reported_on", "报告日期", _report(lambda row: row.held_on), 11.5, DATE),
        ExportColumn("is_late", "是否逾期", _report(lambda row: "是" if row.is_late else "否"), 8),
        ExportColumn("found", "排查发现(件)", _of_village("found"), 8, WHOLE),
        ExportColumn("settled", "已化解(件)", _of_village("settled"), 8, WHOLE),
        ExportColumn("pending", "正在化解(件)", _of_village("pending"), 8, WHOLE),
        ExportColumn("unsettled", "未化解(件)", _of_village("unsettled"), 8, WHOLE),
        ExportColumn("comment", "说明", _report(lambda row: row.comment), 24),
        ExportColumn("recorded_by", "填报人", _report(lambda row: row.recorded_by.name), 9),
    ),
))
register_export(Export(
    code="agreements", label=_("Agreements with their performance"), title="调解协议及履行情况表",
    roles=("clerk", "office"), rows=agreements, spread=lines, matter_id=lambda line: line[0].matter_id,
    columns=(
        ExportColumn("serial", "序号", None, 5.5, SERIAL),
        ExportColumn("number", "编号", _agreement(lambda row: row.matter.number), 15),
        ExportColumn("village", "村(社区)", _agreement(_village), 9.5),
        ExportColumn(
            "category", "纠纷类型", _agreement(lambda row: _label("dispute.category", row.matter.category)), 10
        ),
        ExportColumn("applicants", "当事人姓名", _agreement(_parties("applicant")), 10),
        ExportColumn("respondents", "对方当事人", _agreement(_parties("respondent")), 10),
        ExportColumn("agreement", "协议书编号", _agreement(lambda row: row.number), 14),
        ExportColumn("form", "形式", _agreement(lambda row: FORMS.get(row.form, row.form)), 6),
        ExportColumn("agreed_on", "达成日期", _agreement(lambda row: row.agreed_on), 11.5, DATE),
        ExportColumn("effective_on", "生效日期", _agreement(lambda row: row.effective_on), 11.5, DATE),
        ExportColumn("terms", "协议内容", _agreement(lambda row: row.terms), 28),
        ExportColumn("amount", "协议涉及金额(元)", _agreement(lambda row: row.amount_yuan), 12, MONEY),
        ExportColumn("position", "期次", _instalment(lambda row: row.position), 5, WHOLE),
        ExportColumn("what", "应履行内容", _instalment(lambda row: row.what), 18),
        ExportColumn("due_yuan", "应履行金额(元)", _instalment(lambda row: row.amount_yuan), 12, MONEY),
        ExportColumn("due_on", "履行期限", _instalment(lambda row: row.due_on), 11.5, DATE),
        ExportColumn("state", "履行情况", _instalment(_state), 10),
        ExportColumn("performed_on", "实际履行日期", _instalment(lambda row: row.performed_on), 11.5, DATE),
        ExportColumn("performed_yuan", "已履行金额(元)", _instalment(lambda row: row.performed_yuan), 12, MONEY),
        ExportColumn("days_late", "逾期天数", _instalment(_days_late), 6, WHOLE),
        ExportColumn("checked_on", "核查日期", _last_check(lambda row: row.checked_on), 11.5, DATE),
        ExportColumn(
            "found", "核查结果", _last_check(lambda row: _label("dispute.check_finding", row.found)), 9
        ),
        ExportColumn("confirmation", "司法确认", _agreement(_confirmation), 9),
        ExportColumn("mediators", "调解员", _agreement(_mediators), 9),
        ExportColumn(
            "checked_by", "核查人", _last_check(lambda row: row.checked_by.name), 9, on_demand=True
        ),
        ExportColumn("finding", "核查情况", _last_check(lambda row: row.words), 28, on_demand=True),
        ExportColumn("copies", "份数", _agreement(lambda row: row.copies), 5, WHOLE, on_demand=True),
        ExportColumn("facts", "主要事实", _agreement(lambda row: row.facts), 28, on_demand=True),
        ExportColumn("manner", "履行方式", _agreement(lambda row: row.manner), 16, on_demand=True),
    ),
))
