"""An official ledger as a table that is taken out (台账导出): the layout's columns over the matters one sees."""
from collections import Counter
from datetime import datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property

from governance.casework.models import Matter, MatterUnit
from governance.casework.services.vocabularies import all_terms
from governance.organisation.models import Unit

from ...layout import Column, Layout, Reads, render
from ...registry import DATE, MONEY, SERIAL, TEXT, WHOLE, Export, ExportColumn, Scope

_FORMS = {Reads.SERIAL: SERIAL, Reads.COUNT: WHOLE, Reads.YUAN: MONEY, Reads.DAY: DATE}


def as_export(layout: Layout, *, label, roles, reveal_roles) -> Export:
    """The ledger as a table: its words are those of the day on which it is made."""
    words = _Words()
    return Export(
        code=layout.kind, label=label, title=layout.title, roles=tuple(roles), reveal_roles=tuple(reveal_roles),
        columns=tuple(_column(column, words) for column in layout.columns if column.reads is not Reads.HOME),
        rows=lambda scope: layout.matters(matters_of(scope, layout.kind)), matter_id=lambda matter: matter.pk,
    )


def matters_of(scope: Scope, kind: str):
    """Matters of a kind received in the period in these places, in order: what the user sees, nothing beyond.

    Voided and merged ones count nowhere, so they stand in no ledger. Index `matter_unit_reported`.
    """
    start, end = day_begins(scope.from_on), day_begins(scope.to_on + timedelta(days=1))
    seen = Matter.objects.visible_to(scope.user).counted()
    rows = seen.filter(kind=kind, reported_at__gte=start, reported_at__lt=end)
    further = MatterUnit.objects.filter(
        unit_id__in=scope.unit_ids, matter__kind=kind, matter__reported_at__gte=start, matter__reported_at__lt=end
    )
    # Ids first: an OR over a join costs seconds at a million rows.
    also = list(further.values_list("matter_id", flat=True))
    return rows.filter(Q(unit_id__in=scope.unit_ids) | Q(pk__in=also)).order_by("reported_at", "pk")


def day_begins(day) -> datetime:
    """The first instant of a day."""
    return timezone.make_aware(datetime.combine(day, time.min))


def _column(column: Column, words: "_Words") -> ExportColumn:
    def value(matter):
        labels = words.units if column.reads is Reads.UNIT else words.of(column.vocabulary)
        return render(column, column.value(matter), labels)

    return ExportColumn(
        code=column.code, heading=column.heading, value=value if column.value else lambda matter: None,
        width=column.width, form=_FORMS.get(column.reads, TEXT), on_demand=column.on_demand,
        is_contact=column.reads is Reads.PHONES,
    )


class _Words:
    """Chinese labels of terms and names of units by code, each read once: files are Chinese for every reader."""

    @cached_property
    def units(self) -> dict:
        """Short name by code; the full name where two units of a township share the short one."""
        rows = list(Unit.objects.values_list("code", "short_name", "name", "township_id"))
        held = Counter((township, short_name) for _code, short_name, _name, township in rows)
        return {code: short if held[(township, short)] == 1 else name for code, short, name, township in rows}

    @cached_property
    def _terms(self) -> dict:
        return {
            vocabulary: {code: row[0] for code, row in terms.items()} for vocabulary, terms in all_terms().items()
        }

    def of(self, vocabulary: str) -> dict:
        """Label by code of one vocabulary."""
        return self._terms.get(vocabulary, {})
