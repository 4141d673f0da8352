"""What a list may be narrowed by, and how it is paged: shape of input only (筛选与翻页)."""
from datetime import datetime, time, timedelta
from urllib.parse import parse_qsl, urlencode

from django import forms
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _

from governance.organisation.filters import PAGE_SIZE, LongSelect, Page, read_id
from governance.organisation.filters import page_by_keyset as keyset_page
from governance.organisation.forms.days import within_calendar
from governance.organisation.models import Unit, User

from .. import registry
from ..models import Grade, Matter
from ..services.vocabularies import term_choices
from ..visibility import Sight

CAP = 1000
_ANY = _("All")


class _Choice(forms.ChoiceField):
    widget = LongSelect


class MatterFilter(forms.Form):
    """The filters of the list of matters; what is wrong in the address is refused with a word by the list."""

    kind = _Choice(label=_("Kind"), required=False)
    category = _Choice(label=_("Category"), required=False)
    status = _Choice(label=_("State"), required=False)
    grade = _Choice(label=_("Grade"), required=False, choices=[("", _ANY), *Grade.choices])
    channel = _Choice(label=_("Source"), required=False)
    unit = _Choice(label=_("Place"), required=False)
    handler = _Choice(label=_("Handler"), required=False)
    state = _Choice(
        label=_("Open or closed"), required=False,
        choices=[("", _ANY), ("open", _("Open")), ("closed", _("Closed"))],
    )
    due = _Choice(
        label=_("Time limit"), required=False,
        choices=[("", _ANY), ("late", _("Overdue")), ("today", _("Due today")), ("week", _("Due within 7 days"))],
    )
    due_on = forms.DateField(label=_("Due on"), required=False, validators=[within_calendar],
        widget=forms.DateInput(attrs={"type": "date"}),)
    reported_from = forms.DateField(
        label=_("Received from"), required=False, validators=[within_calendar],
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    reported_to = forms.DateField(
        label=_("Received until"), required=False, validators=[within_calendar],
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def __init__(self, data, *, user):
        super().__init__(data)
        self.user, self.sight = user, Sight.of(user)
        kinds = [kind for kind in registry.all_kinds() if self._sees(kind)]
        chosen = [kind for kind in kinds if kind.code == data.get("kind")] or kinds
        self.fields["kind"].choices = [("", _ANY), *((kind.code, kind.label) for kind in kinds)]
        self.fields["category"].choices = [("", _ANY), *_merged(term_choices(k.categories.code) for k in chosen)]
        self.fields["channel"].choices = [("", _ANY), *_merged(term_choices(k.channels.code) for k in chosen)]
        self.fields["status"].choices = [
            ("", _ANY), *_merged([(s.code, s.label) for s in k.workflow.states] for k in chosen)
        ]
        self.units = self._units()
        self.fields["unit"].choices = [
            ("", _ANY), *((str(u.pk), ("　" if u.level == "grid" else "") + u.short_name) for u in self.units)
        ]
        self.fields["handler"].choices = [("", _ANY), ("me", _("Me")), ("none", _("Nobody yet"))]
        self._offer_handler(data.get("handler", ""))
        self.is_valid()

    def narrow(self, rows, now):
        """The rows that the filters leave."""
        chosen = {name: value for name, value in self.cleaned_data.items() if value}
        if "unit" in chosen:
            root = next(u for u in self.units if str(u.pk) == chosen["unit"])
            rows = rows.filter(unit_id__in=[u.pk for u in self.units if u.path.startswith(root.path)])
        return _narrow_by(rows, chosen, self.user, now)

    def query(self) -> str:
        """The filters that are set, as the query of an address; what was wrong in it is left out."""
        return urlencode({name: value for name, value in self.cleaned_data.items() if value})

    def is_narrowed(self) -> bool:
        """Whether any filter is set."""
        return any(self.cleaned_data.values())

    def by_due(self) -> bool:
        """Lists of what is due are read by due time."""
        return bool(self.cleaned_data.get("due") or self.cleaned_data.get("due_on"))

    def _sees(self, kind) -> bool:
        return any(role in self.sight.roles_at for role in kind.reach) or bool(self.sight.named)

    def _units(self) -> list:
        """The places below the reader's posts, by official code; the sight has read them already."""
        ids = {pk for _reach, unit_ids in self.sight.reached for pk in unit_ids}
        rows = [unit for unit in self.sight.units if unit.pk in ids and unit.level != "department"]
        return sorted(rows, key=lambda unit: unit.code)

    def _offer_handler(self, typed: str) -> None:
        """A link from a page names one person; the list of all of them is not read for that.

        Named only if they handle a matter that the reader sees: an id alone tells nobody's name.
        """
        pk = read_id(typed)
        if pk is None:
            return
        handled = Matter.objects.visible_to(self.user).filter(handler=OuterRef("pk"))
        person = User.objects.filter(Exists(handled), pk=pk).first()
        if person is not None:
            self.fields["handler"].choices = [*self.fields["handler"].choices, (typed, person.name)]


def narrow_by_query(rows, query: str, user, now):
    """The rows that a kept query leaves, as its list counts them; no query of its own, so that many share one count.

    Words that have gone out of use since find nothing; names that are no filter are passed over.
    """
    chosen = {name: value for name, value in parse_qsl(query) if name in MatterFilter.base_fields and value}
    for name in ("due_on", "reported_from", "reported_to"):
        if name in chosen:
            chosen[name] = parse_date(chosen[name])
    if "unit" in chosen:
        below = Unit.objects.filter(path__contains=f"/{read_id(chosen['unit']) or 0}/")
        rows = rows.filter(unit_id__in=below.values("pk"))
    if "status" not in chosen:
        rows = rows.counted()
    return _narrow_by(rows, chosen, user, now)


def page_by_keyset(rows, data, *, by_due=False, size=PAGE_SIZE) -> Page:
    """A page after or before a cursor, or from a day: one query, the same cost on every page.

    Newest received first (index `matter_reported`), or by due time (index `matter_due`).
    """
    if by_due:
        rows = rows.filter(next_due_at__isnull=False)
    column = "next_due_at" if by_due else "reported_at"
    return keyset_page(rows, data, column=column, is_descending=not by_due, size=size)


def counts_to_cap(*querysets, cap=CAP) -> list[int]:
    """Exact counts up to the cap, one more beyond it; one query for all of them."""
    parts, params = [], []
    for rows in querysets:
        try:
            sql, own = rows.order_by().values("pk")[: cap + 1].query.sql_with_params()
        except EmptyResultSet:
            parts.append("0")
            continue
        parts.append(f"(SELECT count(*) FROM ({sql}) AS part)")
        params.extend(own)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", params)
        return list(cursor.fetchone())


def end_of_day(now, days=0) -> datetime:
    """The instant at which the local day (or a later one) ends."""
    day = timezone.localdate(now) + timedelta(days=days + 1)
    return timezone.make_aware(datetime.combine(day, time.min))


def _narrow_by(rows, chosen, user, now):
    """All filters but the place."""
    for name in ("kind", "category", "status", "grade", "channel"):
        if name in chosen:
            rows = rows.filter(**{name: chosen[name]})
    if "state" in chosen:
        rows = rows.filter(is_open=chosen["state"] == "open")
    return _narrow_dates(_narrow_handler(rows, chosen.get("handler"), user), chosen, now)


def _narrow_handler(rows, handler, user):
    if handler == "none":
        return rows.filter(handler=None)
    if handler:
        return rows.filter(handler_id=user.pk if handler == "me" else read_id(handler))
    return rows


def _narrow_dates(rows, chosen, now):
    if "reported_from" in chosen:
        start = timezone.make_aware(datetime.combine(chosen["reported_from"], time.min))
        rows = rows.filter(reported_at__gte=start)
    if "reported_to" in chosen:
        end = timezone.make_aware(datetime.combine(chosen["reported_to"] + timedelta(days=1), time.min))
        rows = rows.filter(reported_at__lt=end)
    if "due_on" in chosen:
        rows = rows.due_on(chosen["due_on"])
    due = chosen.get("due")
    if due == "late":
        return rows.overdue(now)
    if due:
        return rows.due_before(end_of_day(now, 0 if due == "today" else 7), now)
    return rows


def _merged(lists) -> list:
    merged = {}
    for pairs in lists:
        for code, label in pairs:
            merged.setdefault(code, label)
    return list(merged.items())
