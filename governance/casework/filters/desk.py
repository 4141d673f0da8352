"""What lies on somebody's desk (案头): overdue, due today, to accept, tasks, waiting, returned."""
from django.db.models import Q, Value

from .. import registry
from ..models import Assignment, Matter, Message, SavedFilter
from ..querysets import name_pressing_clocks
from ..visibility import Sight
from .narrowing import counts_to_cap, end_of_day, narrow_by_query

ROWS = 12
_TASK_ROWS = 200
# Messages that bring something back to whoever sent it out.
_RETURNING = ("task_done", "extension_proposed", "extension_refused", "handler_released", "closed", "reopened")
_ORDER = {"accept": ("reported_at", "id")}


class Desk:
    """What lies on somebody's desk: eight queries beyond their sight and what the apps ask."""

    def __init__(self, user, now):
        self.user, self.now = user, now
        self.sight = Sight.of(user)
        self.is_village = "village_officer" in self.sight.roles_at or "grid_worker" in self.sight.roles_at
        self.is_leader = bool({"leader", "office"} & set(self.sight.roles_at))
        self.may_report = any(
            self.sight.roles_at.get(role) for kind in registry.all_kinds() for role in kind.open_roles
        )
        self.may_handle = any(
            self.sight.roles_at.get(role) for kind in registry.all_kinds() for role in kind.handling_roles
        )

    def read(self) -> None:
        """Read every section."""
        assignments = self._assignments()
        messages = self._returning()
        sections = self._sections([a.matter_id for a in assignments if a.assignee_id not in self.sight.acting_for])
        names = list(sections)
        ids = self._ids(sections)
        kept = self._kept()
        counts = counts_to_cap(*sections.values(), *kept.values())
        self.counts = dict(zip(names, counts, strict=False))
        self.kept = [{"filter": row, "count": count} for row, count in zip(kept, counts[len(names):], strict=True)]
        every = {pk for found in ids.values() for pk in found}
        every |= {row.matter_id for row in (*assignments, *messages)}
        rows = self._rows(every)
        self.sections = {name: [rows[pk] for pk in ids.get(name, ()) if pk in rows] for name in names}
        self.sections["late"].sort(key=lambda row: row.next_due_at)
        self.sections["today"].sort(key=lambda row: row.next_due_at)
        self.urgent = [*self.sections["late"], *self.sections["today"]]
        self.tasks = [_with(a, rows) for a in assignments if self._is_mine(a) and a.matter_id in rows]
        self.given = [
            _with(a, rows) for a in assignments if not self._is_mine(a) and a.matter_id in rows
        ]
        self.returned = [_with(m, rows) for m in messages if m.matter_id in rows]
        self.others = [item for source in registry.inbox_sources() for item in source.read(self.user, self.now)]
        self.others.sort(key=lambda item: (item.due_at is None, item.due_at or self.now))
        self.counts |= {"tasks": len(self.tasks), "returned": len(self.returned)}

    def _kept(self) -> dict:
        """The user's own filters and their rows; all are counted in the one query that counts the sections."""
        seen = Matter.objects.visible_to(self.user)
        rows = SavedFilter.objects.filter(user=self.user)
        return {row: narrow_by_query(seen, row.query, self.user, self.now) for row in rows}

    def _is_mine(self, assignment) -> bool:
        return assignment.assignee_id in self.sight.acting_for

    def _assignments(self) -> list:
        """Open tasks and instructions that the user has, or gave (index `assignment_open`)."""
        people = self.sight.acting_for
        rows = Assignment.objects.filter(Q(assignee_id__in=people) | Q(given_by_id__in=people), done_at=None)
        rows = rows.select_related("assignee", "given_by").order_by("due_on", "id")[:_TASK_ROWS]
        return sorted(rows, key=lambda row: (row.due_on is None, row.due_on or self.now.date(), row.pk))

    def _returning(self) -> list:
        rows = Message.objects.filter(
            recipient=self.user, channel="portal", read_at=None, subject__in=_RETURNING, matter__isnull=False
        )
        return list(rows.order_by("-created_at")[:ROWS])

    def _sections(self, given_ids) -> dict:
        seen = Matter.objects.visible_to(self.user)
        sections = {
            "late": seen.overdue(self.now),
            "today": seen.due_before(end_of_day(self.now), self.now),
        }
        if self.may_handle:
            # What is theirs and presses later: with the two above, everything in their hands.
            later = Q(next_due_at=None) | Q(next_due_at__gt=end_of_day(self.now))
            sections["mine"] = seen.open().filter(later, handler_id__in=self.sight.acting_for)
        accept = self._to_accept()
        if accept:
            sections["accept"] = seen.open().filter(accept)
        elsewhere = Q(pk__in=given_ids)
        managed = self._managed_kinds()
        if managed:
            elsewhere |= Q(kind__in=managed, handler__isnull=False, is_open=True) & ~Q(
                handler_id__in=self.sight.acting_for
            )
        sections["waiting"] = seen.filter(elsewhere, next_due_at__gt=end_of_day(self.now))
        return sections

    def _to_accept(self) -> Q | None:
        """Kinds whose first steps are the user's: what nobody has taken up yet."""
        wanted = None
        for kind in registry.all_kinds():
            initial = kind.workflow.initial
            roles = {role for s in kind.workflow.from_state(initial) if s.is_main for role in s.roles}
            if roles & set(self.sight.roles_at):
                part = Q(kind=kind.code, status=initial)
                wanted = part if wanted is None else wanted | part
        return wanted

    def _managed_kinds(self) -> list:
        return [k.code for k in registry.all_kinds() if set(k.manage_roles) & set(self.sight.roles_at)]

    def _ids(self, sections) -> dict:
        """The first ids of every section, in one query."""
        parts = []
        for name, rows in sections.items():
            order = _ORDER.get(name, ("next_due_at", "id"))
            rows = rows.annotate(section=Value(name)).order_by(*order)
            parts.append(rows.values_list("section", "pk")[:ROWS])
        found = {}
        for name, pk in parts[0].union(*parts[1:], all=True):
            found.setdefault(name, []).append(pk)
        return found

    def _rows(self, ids) -> dict:
        """The matters behind the ids, each with the clock that presses most (two queries)."""
        rows = {row.pk: row for row in Matter.objects.visible_to(self.user).filter(pk__in=ids).for_list(self.now)}
        name_pressing_clocks(rows.values())
        return rows


def _with(row, rows):
    """The row beside its matter, read already."""
    row.matter = rows[row.matter_id]
    return row
