"""Whole histories written at once by COPY (批量写入): for the demo township, for ledgers, for measuring at a million.

The rows are the same that the write door leaves behind: numbers without gaps, chained events, frozen
clocks, search vectors. Past matters from a ledger come through here too, checked by `entering`; nobody's
request does.
"""
import io
import json
import random
import re
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection
from django.utils import timezone

from governance.organisation import chain

from .. import bigrams
from ..models import (
    Assignment,
    Attachment,
    Clock,
    Event,
    EventPersonal,
    Matter,
    MatterUnit,
    MatterUserGrant,
    Message,
    NumberSeries,
    Party,
)
from .door import event_payload


@dataclass(slots=True)
class Act:
    """One event of a life: what the door would have written."""

    verb: str
    at: datetime
    acted_at: datetime
    actor_id: int | None
    data: dict = field(default_factory=dict)
    personal: dict = field(default_factory=dict)
    changes: bool = True


@dataclass(slots=True)
class Life:
    """A matter with all that hangs on it.

    `matter`: columns without id, number, version, event_count and search; `clocks`: columns with
    `started_event` and `stopped_event` as places in `acts`; `assignments`, `files` and `messages`: columns
    with their `event` as such a place; `facts`: model -> rows of columns, in which `matter_id` is filled in
    here; rows that others refer to bring an id from `Copier.reserve`, as then must all of their table.
    """

    matter: dict
    prefix: str
    township_code: str
    acts: list[Act]
    clocks: list[dict] = field(default_factory=list)
    parties: list[dict] = field(default_factory=list)
    other_unit_ids: list[int] = field(default_factory=list)
    grants: list[tuple[int, str]] = field(default_factory=list)
    assignments: list[dict] = field(default_factory=list)
    files: list[dict] = field(default_factory=list)
    messages: list[dict] = field(default_factory=list)
    facts: dict = field(default_factory=dict)


@dataclass(slots=True)
class _Hashed:
    """An event before it is a row, in the shape that `event_payload` reads."""

    matter_id: int
    seq: int
    version: int
    verb: str
    at: datetime
    acted_at: datetime
    actor_id: int | None
    data: dict
    personal_hash: str
    origin: str
    on_behalf_of_id: int | None = None


class Copier:
    """Collects lives and writes them table by table. Not shared between processes or threads.

    A number series is read once, unless `series` holds where it stands; `close` writes the series.
    `seed` None takes the salts of personal values from the system, as real ones must be.
    """

    def __init__(self, seed: int | None = 0, *, origin: str = "generated"):
        self._random = random.SystemRandom() if seed is None else random.Random(seed)
        self.origin = origin
        self._tables: dict[type, Table] = {}
        self.series: dict[tuple, int] = {}
        self._view_permission = None

    def add(self, lives) -> list[int]:
        """Write these lives; the ids of their matters. Each call reserves ids in one query a table."""
        lives = list(lives)
        ids = self.reserve(Matter, len(lives))
        event_ids = iter(self.reserve(Event, sum(len(life.acts) for life in lives)))
        for life, matter_id in zip(lives, ids, strict=True):
            self._add(life, matter_id, event_ids)
        for model in list(self._tables):
            self.write(self._tables.pop(model))
        return ids

    def close(self) -> None:
        """Write the number series as they now stand."""
        for (prefix, code, year), last in self.series.items():
            NumberSeries.objects.update_or_create(
                prefix=prefix, township_code=code, year=year, defaults={"last": last}
            )
        self.series.clear()

    def _add(self, life: Life, matter_id: int, event_ids) -> None:
        number = self._number(life)
        acts = self._events(life.acts, matter_id, number, event_ids)
        texts = [life.matter[key] for key in ("title", "description", "address")]
        names = [party["name"] for party in life.parties]
        lexemes = {*bigrams.lexemes(*texts, *names), *bigrams.number_lexemes(number)}
        self._put(Matter, {
            **life.matter, "id": matter_id, "number": number, "event_count": len(acts),
            "version": sum(act.changes for act in life.acts),
            "search": " ".join(f"'{lexeme}'" for lexeme in sorted(lexemes)),
        })
        for position, party in enumerate(life.parties):
            self._put(Party, {**party, "matter_id": matter_id, "position": position})
        self._add_clocks(life, matter_id, acts)
        self._add_work(life, matter_id, acts)
        for model, rows in life.facts.items():
            for row in rows:
                self._put(model, {**row, "matter_id": matter_id})

    def _add_clocks(self, life: Life, matter_id: int, acts) -> None:
        for clock in life.clocks:
            events = {f"{key}_id": acts[clock.pop(key)] for key in ("started_event", "stopped_event") if key in clock}
            self._put(Clock, {**clock, **events, "matter_id": matter_id})

    def _add_work(self, life: Life, matter_id: int, acts) -> None:
        """Who sees it besides, what was given to whom, the files, and what people were told."""
        for unit_id in life.other_unit_ids:
            self._put(MatterUnit, {"matter_id": matter_id, "unit_id": unit_id})
        for user_id, ground in life.grants:
            self._put(MatterUserGrant, {
                "content_object_id": matter_id, "user_id": user_id, "ground": ground,
                "permission_id": self._permission(),
            })
        for model, rows in ((Assignment, life.assignments), (Attachment, life.files)):
            for row in rows:
                self._put(model, {**_without(row, "event"), "matter_id": matter_id, "event_id": acts[row["event"]]})
        for row in life.messages:
            key = f"{matter_id}:{row['subject']}:{acts[row['event']]}:{row['recipient_id']}:portal"
            self._put(Message, {**_without(row, "event"), "channel": "portal", "matter_id": matter_id, "key": key})

    def _events(self, acts, matter_id, number, event_ids) -> list[int]:
        """Chain the events of one matter; their ids in order."""
        written, version, previous = [], 0, ""
        for seq, act in enumerate(acts, start=1):
            version += act.changes
            salt = f"{self._random.getrandbits(128):032x}" if act.personal else ""
            if act.verb == "opened":
                act.data = {**act.data, "shown": {"number": number}}
            event = _Hashed(
                matter_id, seq, version, act.verb, act.at, act.acted_at, act.actor_id, act.data,
                chain.seal_personal(act.personal, salt) if act.personal else "", self.origin,
            )
            digest = self.link(previous, event_payload(event))
            event_id = next(event_ids)
            self._put(Event, {
                "id": event_id, "matter_id": matter_id, "seq": seq, "version": version, "verb": act.verb,
                "at": act.at, "acted_at": act.acted_at, "actor_id": act.actor_id, "origin": event.origin,
                "data": act.data, "personal_hash": event.personal_hash, "prev_hash": previous, "hash": digest,
            })
            if act.personal:
                self._put(EventPersonal, {"event_id": event_id, "salt": salt, "values": act.personal})
            previous = digest
            written.append(event_id)
        return written

    def link(self, previous: str, payload: dict) -> str:
        """The hash of the next event of a chain."""
        return chain.link(previous, payload)

    def write(self, table: "Table") -> None:
        """Send the rows of one table."""
        table.copy()

    def _number(self, life: Life) -> str:
        year = timezone.localtime(life.matter["created_at"]).year
        key = (life.prefix, life.township_code, year)
        if key not in self.series:
            row = NumberSeries.objects.filter(prefix=key[0], township_code=key[1], year=year).first()
            self.series[key] = row.last if row else 0
        self.series[key] += 1
        return f"{life.township_code}-{life.prefix}-{year}-{self.series[key]:05d}"

    def _put(self, model, columns: dict) -> None:
        table = self._tables.get(model)
        if table is None:
            table = self._tables[model] = Table(model, with_id=model._meta.pk.column in columns)
        table.put(columns)

    def _permission(self) -> int:
        if self._view_permission is None:
            from .granting import view_permission

            self._view_permission = view_permission().pk
        return self._view_permission

    def reserve(self, model, count: int) -> list[int]:
        """Ids from the sequence of a table, for rows that others refer to."""
        if not count:
            return []
        with connection.cursor() as cursor:
            # One text instead of many rows: a township takes a hundred thousand ids.
            cursor.execute(
                "SELECT string_agg(nextval(pg_get_serial_sequence(%s, 'id'))::text, ' ') FROM generate_series(1, %s)",
                [model._meta.db_table, count],
            )
            return [int(pk) for pk in cursor.fetchone()[0].split()]


class Table:
    """Rows of one table as COPY text; columns that a row does not name get the field's default."""

    def __init__(self, model, *, with_id: bool):
        self.model = model
        fields = [f for f in model._meta.concrete_fields if with_id or not f.primary_key]
        self.columns = [field.column for field in fields]
        self._places = {name: place for place, name in enumerate(self.columns)}
        self._defaults = [_text(_default(field)) for field in fields]
        self.lines: list[str] = []

    def put(self, columns: dict) -> None:
        """Take a row in; KeyError for a column that the table does not have."""
        row = self._defaults.copy()
        for name, value in columns.items():
            row[self._places[name]] = _text(value)
        self.lines.append("\t".join(row))

    def copy(self) -> None:
        """Send the rows."""
        copy_text(self.model, self.columns, "\n".join(self.lines) + "\n")


def copy_text(model, columns, text: str) -> None:
    """COPY rows in text form into the table of a model."""
    names = ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor:
        cursor.copy_expert(f'COPY "{model._meta.db_table}" ({names}) FROM STDIN', io.StringIO(text))


def _without(row: dict, name: str) -> dict:
    return {key: value for key, value in row.items() if key != name}


def _default(field):
    value = field.get_default()
    return "" if value is None and not field.null and field.empty_strings_allowed else value


_encode = json.JSONEncoder(ensure_ascii=False).encode
_ESCAPES = str.maketrans({"\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"})
_NEEDS_ESCAPE = re.compile(r"[\\\n\t\r]").search


def _escaped(text: str) -> str:
    return text.translate(_ESCAPES) if _NEEDS_ESCAPE(text) else text


# How a value stands in COPY text; values of any other type stand as `str` writes them.
_FORMS = {
    str: _escaped,
    type(None): lambda value: "\\N",
    datetime: datetime.isoformat,
    dict: lambda value: _escaped(_encode(value)),
    list: lambda value: _escaped(_encode(value)),
    bytes: lambda value: "\\\\x" + value.hex(),
}


def _text(value) -> str:
    return _FORMS.get(type(value), str)(value)
