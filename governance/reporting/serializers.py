"""Figures, tables and weekly reports as the interface gives them: shape and wording only (统计输出)."""
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from governance.organisation.serializers import PersonBrief, UnitBrief

from . import calendar, registry
from .models import RollupVersion

MOST_ID = 2**63 - 1
_PERIODS = (calendar.WEEK, calendar.MONTH, calendar.QUARTER, calendar.YEAR, calendar.DAYS)
_FORMATS = (registry.NUMBER, registry.PERCENT, registry.DIFFERENCE, registry.YUAN, registry.DAYS)
_PERIOD_HELP = _("2026-W47, 2026-11, 2026-11.25 (month up to the 25th), 2026-Q4, 2026, or 2026-11-01..2026-11-20")


@extend_schema_field(OpenApiTypes.STR)
class PeriodField(serializers.Field):
    """The code of a period; cleans to the period."""

    def to_internal_value(self, data):
        """The period."""
        try:
            return calendar.parse(str(data))
        except calendar.PeriodUnknown as fault:
            raise serializers.ValidationError(_("There is no such period."), code="period-unknown") from fault


class PeriodOutput(serializers.Serializer):
    """A period (周期): both days are included; stocks count at the cut-off."""

    code = serializers.CharField(help_text=_("Code: 2026-W47, 2026-11, 2026-11.25, 2026-Q4, 2026, or two days."))
    kind = serializers.ChoiceField(_PERIODS, help_text=_("What kind of period it is."))
    label = serializers.CharField(help_text=_("In words."))
    first_on = serializers.DateField(source="first", help_text=_("First day."))
    last_on = serializers.DateField(source="last", help_text=_("Last day."))
    cut_off_at = serializers.DateTimeField(
        source="cut_off", help_text=_("Up to when things are known; now, while the period still runs.")
    )


class MetricOutput(serializers.Serializer):
    """A figure of the registry (指标): what is counted, in words."""

    code = serializers.CharField(help_text=_("Permanent code."))
    name = serializers.CharField(help_text=_("Name."))
    definition = serializers.CharField(help_text=_("What is counted, in words."))
    group = serializers.CharField(help_text=_("Heading in the glossary."))
    source = serializers.CharField(help_text=_("Document that asks for it; empty if it is the portal's own."))
    kind = serializers.CharField(help_text=_("Code of the kind of matters that it counts."))
    grain = serializers.ChoiceField(
        [registry.PER_MATTER, registry.PER_EVENT, registry.STOCK],
        help_text=_("`matter`: each matter once; `event`: each time; `stock`: what stands at the cut-off."),
    )
    format = serializers.ChoiceField(
        _FORMATS, help_text=_("How `value` is to be read: number, percent, difference, yuan or days.")
    )
    better = serializers.CharField(help_text=_("`up`, `down`, or empty where neither is better."))
    has_denominator = serializers.SerializerMethodField(help_text=_("Whether it has a denominator N."))
    has_rows = serializers.SerializerMethodField(help_text=_("Whether the matters behind it can be listed."))

    def get_has_denominator(self, metric) -> bool:
        """Rates and differences have one."""
        return metric.denominator is not None

    def get_has_rows(self, metric) -> bool:
        """Not where something other than matters is counted."""
        return metric.numerator.base.source is None


class FigureOutput(serializers.Serializer):
    """A counted figure (统计数): exactly what the page shows, with n beside every rate."""

    metric = serializers.CharField(source="metric.code", help_text=_("Code of the figure."))
    n = serializers.IntegerField(help_text=_("Rows that count."))
    total = serializers.IntegerField(
        allow_null=True, help_text=_("Rows of the denominator N; null where the figure has none.")
    )
    value = serializers.SerializerMethodField(
        help_text=_("The figure as a number, in the unit that `format` names; null for a percentage of fewer than five "
                    "rows, and for sums and days of nothing.")
    )
    text = serializers.CharField(help_text=_("As the page shows it: a rate always with n/N."))

    def get_value(self, figure) -> float | None:
        """By the format of the metric."""
        return figure.number


class FigureAt(serializers.Serializer):
    """A figure of one unit."""

    unit = UnitBrief(help_text=_("The unit and everything below it."))
    figure = FigureOutput(allow_null=True, help_text=_("Null where the posts do not reach it."))


class FiguresOutput(FigureAt):
    """A figure of a unit and a period, and of the places below it (单项统计)."""

    metric = MetricOutput(help_text=_("What is counted."))
    period = PeriodOutput(help_text=_("Over which days."))
    below = FigureAt(many=True, help_text=_("Places side by side below it: villages of a township, townships of a "
                                            "district; as far as the posts reach."))


class FigureQuery(serializers.Serializer):
    """Over which period and unit."""

    period = PeriodField(help_text=_PERIOD_HELP)
    unit = serializers.IntegerField(
        required=False, min_value=1, max_value=MOST_ID,
        help_text=_("Id of a unit that the caller's posts reach; left out: the widest of them."),
    )


class RowsQuery(FigureQuery):
    """Which rows."""

    part = serializers.ChoiceField(["n", "N"], default="n", help_text=_("Numerator or denominator."))


class RowOutput(serializers.Serializer):
    """A matter behind a figure."""

    matter = serializers.IntegerField(help_text=_("Id of the matter."))
    number = serializers.CharField(help_text=_("Number."))
    times = serializers.IntegerField(help_text=_("How often it counts: once for each event, clock or instalment."))


class ColumnOutput(serializers.Serializer):
    """A column of a table."""

    heading = serializers.CharField(help_text=_("Heading as the form words it."))
    group = serializers.CharField(help_text=_("Heading above several columns; empty if none."))
    metric = serializers.CharField(help_text=_("Code of its figure; the registry may not have it yet."))


class TableOutput(serializers.Serializer):
    """A table that superiors ask for (上报表样)."""

    code = serializers.CharField(help_text=_("Permanent code."))
    title = serializers.CharField(help_text=_("Title."))
    periods = serializers.ListField(
        child=serializers.CharField(), help_text=_("Kinds of periods that it is filed for.")
    )
    columns = ColumnOutput(many=True, help_text=_("Columns in their order."))


class LineOutput(serializers.Serializer):
    """A line of a table: one unit."""

    unit = UnitBrief(help_text=_("The unit and everything below it."))
    is_total = serializers.BooleanField(help_text=_("Whether it is the township's total."))
    figures = FigureOutput(
        many=True, help_text=_("Its figures; those that the posts do not reach, or that no app declares, are missing.")
    )


class CountedTable(serializers.Serializer):
    """A table over a period, counted now (上报表)."""

    table = TableOutput(help_text=_("The form."))
    period = PeriodOutput(help_text=_("Over which days."))
    lines = LineOutput(many=True, help_text=_("Villages, and their township's total below them."))


class TableQuery(serializers.Serializer):
    """Over which period."""

    period = PeriodField(required=False, help_text=_PERIOD_HELP)


class VersionOutput(serializers.Serializer):
    """A version of a weekly report (版本): frozen once the leader has signed."""

    number = serializers.IntegerField(help_text=_("Number of the version."))
    state = serializers.ChoiceField(RollupVersion.State.choices, help_text=_("How far it has come."))
    is_frozen = serializers.BooleanField(help_text=_("Whether nothing of it changes any more."))
    cut_off_at = serializers.DateTimeField(help_text=_("Up to when things were known when it was counted."))
    confirm_by = serializers.DateTimeField(allow_null=True, help_text=_("Until when villages are to confirm."))
    returned_at = serializers.DateTimeField(
        allow_null=True, help_text=_("When the leader sent it back; null unless it waits to be handed up again.")
    )
    returned_reason = serializers.CharField(help_text=_("Why it was sent back; empty if it was not."))
    reviewed_by = PersonBrief(allow_null=True, help_text=_("Who reviewed it for the township."))
    reviewed_at = serializers.DateTimeField(allow_null=True, help_text=_("When."))
    signed_by = PersonBrief(allow_null=True, help_text=_("The leader who signed it."))
    signed_at = serializers.DateTimeField(allow_null=True, help_text=_("When."))


class LatestOutput(VersionOutput):
    """The latest version, and how many of the caller's villages stand by it."""

    villages = serializers.IntegerField(help_text=_("Villages that the caller's posts reach."))
    confirmed = serializers.IntegerField(help_text=_("How many of them have confirmed."))
    missing = serializers.SerializerMethodField(help_text=_("Those that have not, by name."))

    def get_missing(self, version) -> UnitBrief(many=True):
        """Read together with the version."""
        return UnitBrief([part.unit for part in version.missing], many=True).data


class WeekOutput(serializers.Serializer):
    """A week in the list of weekly reports (周报)."""

    id = serializers.IntegerField(help_text=_("Id of the weekly report."))
    township = UnitBrief(help_text=_("The township."))
    period = PeriodOutput(help_text=_("The week."))
    latest = LatestOutput(allow_null=True, help_text=_("Its latest version."))


class RollupLine(serializers.Serializer):
    """A village in a version (村级部分)."""

    unit = UnitBrief(source="part.unit", help_text=_("The village, or the township for what lies in none."))
    is_village = serializers.BooleanField(source="part.is_village", help_text=_("Whether it is a village."))
    confirmed_by = PersonBrief(source="part.confirmed_by", allow_null=True, help_text=_("Who confirmed it."))
    confirmed_at = serializers.DateTimeField(source="part.confirmed_at", allow_null=True, help_text=_("When."))
    comment = serializers.CharField(source="part.comment", help_text=_("The village's comment."))
    returned_at = serializers.DateTimeField(
        source="part.returned_at", allow_null=True,
        help_text=_("When the township sent it back; null unless it waits to be confirmed again."),
    )
    returned_reason = serializers.CharField(
        source="part.returned_reason", help_text=_("Why it was sent back; empty if it was not.")
    )
    figures = serializers.SerializerMethodField(help_text=_("Its figures, as the caller sees them."))

    def get_figures(self, row) -> FigureOutput(many=True):
        """In the order of the form."""
        return FigureOutput(row.figures.values(), many=True).data


class ChangeOutput(serializers.Serializer):
    """A figure that differs from the version before (差异)."""

    unit = UnitBrief(source="row.part.unit", help_text=_("The village."))
    metric = serializers.CharField(source="metric.code", help_text=_("Code of the figure."))
    before = serializers.CharField(help_text=_("As it was."))
    after = serializers.CharField(help_text=_("As it is."))


class RollupOutput(serializers.Serializer):
    """A version of a weekly report as the caller sees it: their villages, the matters they may see (周报)."""

    id = serializers.IntegerField(source="version.rollup_id", help_text=_("Id of the weekly report."))
    township = UnitBrief(source="version.rollup.township", help_text=_("The township."))
    period = PeriodOutput(source="version.rollup.period", help_text=_("The week."))
    version = VersionOutput(help_text=_("The version that is shown."))
    versions = serializers.SerializerMethodField(help_text=_("Every version, the latest first."))
    remark = serializers.CharField(source="version.remark", help_text=_("The township's note of the week."))
    lines = RollupLine(source="rows", many=True, help_text=_("Villages with their figures and confirmations."))
    total = serializers.SerializerMethodField(
        help_text=_("Figures of the whole township; null where the posts reach a part of it only.")
    )
    missing = UnitBrief(many=True, help_text=_("Villages that have not confirmed."))
    confidential = serializers.IntegerField(help_text=_("Confidential matters that are not counted in what is shown."))
    changes = serializers.SerializerMethodField(help_text=_("What differs from the version before."))

    def get_versions(self, seen) -> VersionOutput(many=True):
        """As the view read them."""
        return VersionOutput(self.context["versions"], many=True).data

    def get_total(self, seen) -> FigureOutput(many=True):
        """In the order of the form."""
        return None if seen.total is None else FigureOutput(seen.total.figures.values(), many=True).data

    def get_changes(self, seen) -> ChangeOutput(many=True):
        """As the view read them."""
        return ChangeOutput(self.context["changes"], many=True).data


class VersionQuery(serializers.Serializer):
    """Which version."""

    version = serializers.IntegerField(
        required=False, min_value=1, max_value=32_767, help_text=_("Number of the version; left out: the latest.")
    )


class CellQuery(VersionQuery):
    """Which cell."""

    unit = serializers.IntegerField(
        required=False, min_value=1, max_value=MOST_ID,
        help_text=_("Id of the village of the line; left out: the township's total."),
    )
    part = serializers.ChoiceField(["n", "N"], default="n", help_text=_("Numerator or denominator."))


class CellOutput(serializers.Serializer):
    """What is behind a cell of a version, as it was computed (单元格)."""

    figure = FigureOutput(help_text=_("The figure of the cell."))
    matters = serializers.ListField(
        child=serializers.IntegerField(),
        help_text=_("Ids of the matters that it counts; one stands there as often as it counts."),
    )
