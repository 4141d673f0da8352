"""What reading and entering need of the township (导入环境): units, words, people, and what is held already."""
import uuid
from dataclasses import dataclass, field

from django.utils import timezone

from governance.casework import registry
from governance.casework.models import VocabularyTerm
from governance.organisation.models import Post, Unit

from ...layout import Layout
from ...models import ColumnMapping, ImportBatch, PlaceMapping
from ...reading import Place, Surroundings

_NAMESPACE = uuid.UUID("5f0f2c52-5d0a-4f0e-9f0a-6d8f0c8a51f3")


def surroundings_of(batch: ImportBatch, layout: Layout) -> Surroundings:
    """Places, words, remembered headings and villages of the township; six queries."""
    township = batch.township
    units = list(Unit.objects.filter(township=township).exclude(level="department").select_related(
        "parent", "merged_into"))
    today = timezone.localdate()
    places = tuple(
        _place(unit) for unit in units
        if unit.pk != township.pk and (unit.valid_to is None or unit.valid_to >= today or unit.merged_into_id)
    )
    vocabularies = {column.vocabulary for column in layout.columns if column.vocabulary}
    terms: dict[str, dict[str, str]] = {code: {} for code in vocabularies}
    for term in VocabularyTerm.objects.filter(vocabulary__in=vocabularies, is_active=True).order_by("position"):
        terms[term.vocabulary][term.code] = term.label_zh
    remembered = dict(
        ColumnMapping.objects.filter(township=township, kind=layout.kind).values_list("heading", "code")
    )
    return Surroundings(
        today=today, township=_place(township), places=places, terms=terms, remembered=remembered,
        file_hint=batch.file_name, districts=_above(township),
        remembered_places=dict(
            PlaceMapping.objects.filter(township=township).values_list("text", "unit__code")
        ),
    )


def _above(unit: Unit) -> tuple[str, ...]:
    """Names of what a unit lies in."""
    names = []
    while unit.parent_id is not None:
        unit = unit.parent
        names += [unit.name, unit.short_name]
    return tuple(dict.fromkeys(names))


def _place(unit: Unit) -> Place:
    return Place(
        code=unit.code, name=unit.name, short_name=unit.short_name, level=unit.level,
        parent_code=unit.parent.code if unit.parent_id else "",
        merged_into=unit.merged_into.code if unit.merged_into_id else "",
    )


@dataclass
class Context:
    """Beside what stands on a row, what `Layout.past` needs: `client_uuid` and `source` are those of the row."""

    units: dict
    handlers: dict
    now: object
    client_uuid: uuid.UUID | None = None
    source: dict = field(default_factory=dict)

    @classmethod
    def of(cls, batch: ImportBatch, layout: Layout) -> "Context":
        """Units of the township by code, and by name those people who may handle such matters; two queries."""
        units = {u.code: u for u in Unit.objects.filter(township=batch.township).select_related("township")}
        roles = registry.get(layout.kind).handling_roles
        posts = Post.objects.on(timezone.localdate()).filter(
            role__in=roles, unit__township=batch.township, user__is_active=True
        ).values_list("user__name", "user_id").distinct()
        named: dict[str, set[int]] = {}
        for name, user_id in posts:
            named.setdefault(name, set()).add(user_id)
        only = {name: ids.pop() for name, ids in named.items() if len(ids) == 1}
        return cls(units=units, handlers=only, now=timezone.now())

    def for_row(self, batch: ImportBatch, row) -> "Context":
        """The same for one row: its own id, made of batch and row, so that it is entered once whatever happens."""
        return Context(
            self.units, self.handlers, self.now,
            client_uuid=uuid.uuid5(_NAMESPACE, f"{batch.pk}:{row.fingerprint}"),
            source={"batch": batch.pk, "row": row.row_number, "sheet": row.sheet, "file": batch.file_name},
        )
