"""Figures of disputes (纠纷指标), each with its definition in words; what they count stands in `querysets.counted`."""
from functools import partial

from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from governance.casework.registry import get as get_kind
from governance.casework.services.vocabularies import counting_under, term_label
from governance.reporting.registry import (
    DAYS,
    DIFFERENCE,
    MEDIAN,
    OLDEST,
    PER_EVENT,
    PERCENT,
    STOCK,
    SUM,
    YUAN,
    Base,
    Choice,
    Column,
    Metric,
    Part,
    Table,
    one_of,
    register,
    register_table,
)

from .models import InvestigationRound
from .querysets import counted
from .querysets.counted import AGREED, KIND, PENDING, SETTLED, UNSETTLED

CATEGORIES = get_kind(KIND).categories
OFFICIAL = tuple(term for term in CATEGORIES.terms if not term.counts_under)
BUREAU = "人民调解统计表"
COMMITTEE = "纠纷周/月报"
FOUND_BY = ("investigation", "grid_report")

REPORTED = Base(
    "reported", KIND, counted.reported, ("channel", "category", "is_accepted", "standing"),
    beside={"is_accepted": counted.with_acceptance, "standing": counted.with_standing},
)
ACCEPTED = Base("accepted", KIND, counted.accepted, ("initiative",), "people")
CONCLUDED = Base("concluded", KIND, counted.concluded, ("result", "level", "initiative", "category"))
REFERRED = Base("referred", KIND, counted.referred, ("way",), subject="subject")
AGREEMENTS = Base("agreements", KIND, counted.agreements, ("form", "is_confirmed"), "amount", subject="subject")
APPLIED = Base("confirmations_applied", KIND, counted.confirmations_applied, subject="subject")
DECIDED = Base("confirmations_decided", KIND, counted.confirmations_decided, ("ruling",), subject="subject")
DUE = Base("instalments_due", KIND, counted.instalments_due, ("is_on_time",), subject="subject")
PERFORMED = Base("instalments_performed", KIND, counted.instalments_performed, (), "amount", subject="subject")
CLOCKS = Base(
    "clocks_due", KIND, counted.clocks_due, ("is_local", "is_on_time", "is_on_time_unextended"), subject="subject"
)
FIRST_CLOSED = Base("first_closed", KIND, counted.first_closed, ("came_back",))
CLOSED = Base("closed", KIND, counted.closed)
IN_STOCK = Base(
    "stock", KIND, counted.in_stock, ("standing", "category"), "age_days",
    beside={"standing": counted.with_standing, "age_days": counted.with_age},
)

SETTLED_IN_PERIOD = Part(CONCLUDED, (one_of("result", *AGREED),))
ENDED_IN_PERIOD = Part(CONCLUDED, (one_of("result", *AGREED, "failed", "withdrawn"),))


def all_rounds(user):
    """Every round, withdrawn ones too: whoever gets the figure over a unit gets the rounds that it counts there.

    A round is a day on which a village went round; the list shows that, no remark and no number.
    """
    return InvestigationRound.objects.all()


def held_rounds(rounds, period):
    """Those of the period that were not withdrawn."""
    return rounds.held().within(period)


def listed_rounds(rounds):
    """The newest first, with village, investigation and who recorded it; one query."""
    return rounds.select_related("unit", "campaign", "recorded_by").order_by("-held_on", "-pk")


def lazy_text(function):
    """Make a function's text in the reader's language, whenever it is shown."""
    return lazy(function, str)


def of_category(code: str) -> Choice:
    """The disputes that count under an official category; what counts under none counts under "other"."""
    if code != "other":
        return Choice("category", partial(counting_under, CATEGORIES.code, code))
    return Choice("category", _counting_under_a_named_one, excluded=True)


def _counting_under_a_named_one() -> frozenset:
    named = (counting_under(CATEGORIES.code, term.code) for term in OFFICIAL if term.code != "other")
    return frozenset().union(*named)


@lazy_text
def category_name(code: str) -> str:
    """The category's label as the township words it, in the reader's language."""
    return term_label(CATEGORIES.code, code)


FOUND_GROUP, SETTLED_GROUP = _("Found and accepted"), _("Settled")
PERFORMED_GROUP, TIME_GROUP, STOCK_GROUP = _("Performed"), _("In time"), _("In stock")

SWEEPS = Base(
    "sweeps", KIND, held_rounds, source=all_rounds, listed=listed_rounds, template="disputes/_round_table.html"
)

register(
    Metric(
        "sweeps", _("Rounds of investigation"),
        _("Investigation rounds held in the period: villages' reports to concentrated investigations (also to one that "
          "was cancelled later) and routine rounds that villages have recorded with their day."),
        Part(SWEEPS), grain=PER_EVENT, group=FOUND_GROUP, source=COMMITTEE,
    ),
    Metric(
        "found", _("Found by investigation"),
        _("Disputes reported in the period whose source is investigation or a grid worker's report."),
        Part(REPORTED, (one_of("channel", *FOUND_BY),)), group=FOUND_GROUP, source=COMMITTEE,
    ),
    Metric(
        "reported", _("Newly reported"), _("Disputes reported in the period, from any source."), Part(REPORTED),
        group=FOUND_GROUP, source=COMMITTEE,
    ),
    Metric(
        "accepted", _("Disputes accepted"), _("Disputes accepted in the period."), Part(ACCEPTED), group=FOUND_GROUP,
        source=BUREAU,
    ),
    Metric(
        "mediation_rate", _("Mediation rate"),
        _("Of the disputes reported in the period: those accepted up to the cut-off / all of them."),
        Part(REPORTED, (one_of("is_accepted", True),)), Part(REPORTED), format=PERCENT, group=FOUND_GROUP,
        better="up",
    ),
    Metric(
        "referred", _("Passed on"),
        _("Referrals made in the period after mediation failed: to court, arbitration, an authority or the police."),
        Part(REFERRED), grain=PER_EVENT, group=SETTLED_GROUP, source=COMMITTEE,
    ),
    Metric(
        "settled", _("Disputes settled"),
        _("Disputes whose last result in the period is an agreement, written or oral."), SETTLED_IN_PERIOD,
        group=SETTLED_GROUP, source=COMMITTEE, better="up",
    ),
    Metric(
        "settled_by_village", _("Settled by villages"),
        _("Settled in the period by the committee of a village or community."),
        Part(CONCLUDED, (one_of("result", *AGREED), one_of("level", "village", "community"))),
        group=SETTLED_GROUP, source=COMMITTEE,
    ),
    Metric(
        "settled_by_township", _("Settled by the township"),
        _("Settled in the period by the township's committee or that of a department."),
        Part(CONCLUDED, (one_of("result", *AGREED), one_of("level", "township", "department", "district"))),
        group=SETTLED_GROUP, source=COMMITTEE,
    ),
    Metric(
        "settled_in_writing", _("Written agreements"),
        _("Disputes whose last result in the period is a written agreement."),
        Part(CONCLUDED, (one_of("result", "written_agreement"),)), group=SETTLED_GROUP, source=BUREAU,
    ),
    Metric(
        "settled_orally", _("Oral agreements"), _("Disputes whose last result in the period is an oral agreement."),
        Part(CONCLUDED, (one_of("result", "oral_agreement"),)), group=SETTLED_GROUP, source=BUREAU,
    ),
    Metric(
        "failed", _("Mediation failed"), _("Disputes whose last result in the period is that mediation failed."),
        Part(CONCLUDED, (one_of("result", "failed"),)), group=SETTLED_GROUP, source=COMMITTEE,
    ),
    Metric(
        "settle_rate", _("Settled of those concluded"),
        _("Settled in the period / concluded in it (agreement, failed or withdrawn)."), SETTLED_IN_PERIOD,
        ENDED_IN_PERIOD, format=PERCENT, group=SETTLED_GROUP, source=COMMITTEE, better="up",
    ),
    Metric(
        "success_rate", _("Success of mediation"),
        _("Settled in the period / accepted in the period, as the justice bureau counts."), SETTLED_IN_PERIOD,
        Part(ACCEPTED), format=PERCENT, group=SETTLED_GROUP, source=BUREAU, better="up",
    ),
    Metric(
        "cohort_settle_rate", _("Settled of those reported"),
        _("Of the disputes reported in the period: those settled up to the cut-off / all, as the political-legal "
          "committee counts."),
        Part(REPORTED, (one_of("standing", SETTLED),)), Part(REPORTED), format=PERCENT, group=SETTLED_GROUP,
        source=COMMITTEE, better="up",
    ),
    Metric(
        "performed_rate", _("Performance"),
        _("Instalments performed by their day / instalments whose day lay in the period; one replaced by a written "
          "change before its day does not count."),
        Part(DUE, (one_of("is_on_time", True),)), Part(DUE), grain=PER_EVENT, format=PERCENT, group=PERFORMED_GROUP,
        source=BUREAU, better="up",
    ),
    Metric(
        "agreements_yuan", _("Amount in agreements"), _("Sum of the amounts in the agreements reached in the period."),
        Part(AGREEMENTS, take=SUM), grain=PER_EVENT, format=YUAN, group=PERFORMED_GROUP, source=BUREAU,
    ),
    Metric(
        "performed_yuan", _("Amount performed"), _("Sum of what was paid on instalments performed in the period."),
        Part(PERFORMED, take=SUM), grain=PER_EVENT, format=YUAN, group=PERFORMED_GROUP, source=BUREAU,
    ),
    Metric(
        "instalments_performed", _("Instalments performed"), _("Instalments performed in the period, whenever due."),
        Part(PERFORMED), grain=PER_EVENT, group=PERFORMED_GROUP, source=BUREAU,
    ),
    Metric(
        "confirmed_rate", _("Judicial confirmation"),
        _("Written agreements of the period that a court has confirmed up to the cut-off / written agreements of the "
          "period."),
        Part(AGREEMENTS, (one_of("form", "written"), one_of("is_confirmed", True))),
        Part(AGREEMENTS, (one_of("form", "written"),)), grain=PER_EVENT, format=PERCENT, group=PERFORMED_GROUP,
        source=BUREAU,
    ),
    Metric(
        "confirmations_applied", _("Confirmations applied for"),
        _("Joint applications for judicial confirmation filed in the period."), Part(APPLIED), grain=PER_EVENT,
        group=PERFORMED_GROUP, source=BUREAU,
    ),
    Metric(
        "confirmations_granted", _("Confirmations granted"), _("Agreements that a court confirmed in the period."),
        Part(DECIDED, (one_of("ruling", "confirmed"),)), grain=PER_EVENT, group=PERFORMED_GROUP, source=BUREAU,
    ),
    Metric(
        "reopened", _("Came back"),
        _("Of the disputes first closed 90 days before the period: those reopened, or reported again as the same "
          "affair, within 90 days / all of them."),
        Part(FIRST_CLOSED, (one_of("came_back", True),)), Part(FIRST_CLOSED), format=PERCENT, group=SETTLED_GROUP,
        better="down",
    ),
)

_ON_TIME = _(
    "Time limits that are the township's own duty and fell due in the period: those kept, after lawful pauses and "
    "extensions / all of them, open ones included. Residents' windows and other bodies' limits never count."
)
_UNEXTENDED = _("The same time limits: those kept within the length before any extension / all of them.")
for _code, _is_local, _name, _name_unextended in (
    ("statutory", False, _("Statutory time limits kept"), _("Statutory time limits kept without extension")),
    ("local", True, _("The township's own time limits kept"),
     _("The township's own time limits kept without extension")),
):
    _all = Part(CLOCKS, (one_of("is_local", _is_local),))
    register(
        Metric(
            f"on_time_{_code}", _name, _ON_TIME, Part(CLOCKS, (*_all.choices, one_of("is_on_time", True))), _all,
            grain=PER_EVENT, format=PERCENT, group=TIME_GROUP, better="up",
        ),
        Metric(
            f"on_time_{_code}_unextended", _name_unextended, _UNEXTENDED,
            Part(CLOCKS, (*_all.choices, one_of("is_on_time_unextended", True))), _all, grain=PER_EVENT,
            format=PERCENT, group=TIME_GROUP, better="up",
        ),
    )

register(
    Metric(
        "backlog", _("Open at the cut-off"), _("Disputes open at the cut-off."), Part(IN_STOCK), grain=STOCK,
        group=STOCK_GROUP, source=COMMITTEE, better="down",
    ),
    Metric(
        "pending", _("Being settled"), _("Open at the cut-off, and mediation has not ended."),
        Part(IN_STOCK, (one_of("standing", PENDING),)), grain=STOCK, group=STOCK_GROUP, source=COMMITTEE,
    ),
    Metric(
        "unsettled", _("Not settled"),
        _("Open at the cut-off, and mediation ended without an agreement (failed, withdrawn or declined)."),
        Part(IN_STOCK, (one_of("standing", UNSETTLED),)), grain=STOCK, group=STOCK_GROUP, source=COMMITTEE,
    ),
    Metric(
        "in_performance", _("Being performed"), _("Open at the cut-off with an agreement that is being performed."),
        Part(IN_STOCK, (one_of("standing", SETTLED),)), grain=STOCK, group=STOCK_GROUP,
    ),
    Metric(
        "net", _("Growth of the stock"), _("Reported in the period less closed in the period."), Part(REPORTED),
        Part(CLOSED), format=DIFFERENCE, group=STOCK_GROUP, better="down",
    ),
    Metric(
        "oldest_days", _("Age of the oldest"), _("Days since the oldest dispute open at the cut-off was reported."),
        Part(IN_STOCK, take=OLDEST), grain=STOCK, format=DAYS, group=STOCK_GROUP, better="down",
    ),
    Metric(
        "median_days", _("Median age"),
        _("Half of the disputes open at the cut-off were reported longer ago than this."),
        Part(IN_STOCK, take=MEDIAN), grain=STOCK, format=DAYS, group=STOCK_GROUP, better="down",
    ),
)

_ACCEPTED_PEOPLE = _("People concerned in the disputes accepted in the period.")
register(
    Metric(
        "people", _("People concerned"), _ACCEPTED_PEOPLE, Part(ACCEPTED, take=SUM), group=FOUND_GROUP, source=BUREAU,
    ),
    *(
        Metric(
            f"accepted.{code}", name, _("Disputes accepted in the period, by whose initiative mediation began."),
            Part(ACCEPTED, (one_of("initiative", code),)), group=FOUND_GROUP, source=BUREAU,
        )
        for code, name in (
            ("own", _("Own initiative")), ("applied", _("On application")), ("delegated", _("Delegated or referred")),
        )
    ),
)

BY_CATEGORY, SETTLED_BY_CATEGORY = _("Newly reported, by category"), _("Settled, by category")
for _code in (term.code for term in OFFICIAL):
    register(
        Metric(
            f"reported.{_code}", category_name(_code),
            _("Disputes of this category reported in the period; a local category counts under its official one."),
            Part(REPORTED, (of_category(_code),)), group=BY_CATEGORY, source=COMMITTEE,
        ),
        Metric(
            f"settled.{_code}", category_name(_code),
            _("Disputes of this category whose last result in the period is an agreement."),
            Part(CONCLUDED, (one_of("result", *AGREED), of_category(_code))), group=SETTLED_BY_CATEGORY, source=BUREAU,
        ),
    )

# The forms that superiors ask for, with their headings as filed (domain: figures, tables that superiors ask for).
register_table(Table(
    "weekly", _("Report on disputes found and settled"), ("week", "month", "quarter", "year"),
    (
        Column(_("Rounds of investigation"), "sweeps"), Column(_("Newly reported"), "reported"),
        Column(_("Disputes accepted"), "accepted"), Column(_("Disputes settled"), "settled"),
        Column(_("Settled of those reported"), "cohort_settle_rate"), Column(_("Being settled"), "pending"),
        Column(_("Not settled"), "unsettled"),
        *(Column(category_name(term.code), f"reported.{term.code}", BY_CATEGORY) for term in OFFICIAL),
        Column(_("Settled by villages"), "settled_by_village"),
        Column(_("Settled by the township"), "settled_by_township"), Column(_("Passed on upward"), "referred"),
    ),
    screen=(
        "sweeps", "found", "reported", "accepted", "settled", "settle_rate", "failed", "performed_rate", "pending",
        "unsettled", "backlog",
    ),
))
register_table(Table(
    "mediation", _("Statistics of people's mediation"), ("quarter", "year", "month"),
    (
        Column(_("Total number"), "accepted"), Column(_("Succeeded"), "settled"),
        Column(_("Success of mediation"), "success_rate"),
        *(Column(category_name(term.code), f"settled.{term.code}", SETTLED_BY_CATEGORY) for term in OFFICIAL),
        Column(_("Own initiative"), "accepted.own"), Column(_("On application"), "accepted.applied"),
        Column(_("Delegated or referred"), "accepted.delegated"), Column(_("Oral agreements"), "settled_orally"),
        Column(_("Written agreements"), "settled_in_writing"), Column(_("People concerned"), "people"),
        Column(_("Amount (yuan)"), "agreements_yuan"), Column(_("Instalments performed"), "instalments_performed"),
        Column(_("Judicial confirmation"), "confirmations_granted"),
    ),
))
