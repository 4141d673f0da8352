"""One township's histories pressed into many townships (批量复制): how a city of a million matters is made.

Simulating a life takes a millisecond, pressing it anew a tenth of that: the lives of one township are
recorded once, with stand-ins for every id, and each further township fills in its own units, people,
numbers and ids. Only the hash chains are computed anew, as they must be.

    stencil = Recorder(seed)
    stencil.add(simulate(..., unit_id=stand_in(Unit, 3), creator_id=stand_in(User, 0)) ...)
    stencil.press("990101102", "清河", {Unit: [unit ids], User: [user ids]})
"""
import random
import re
import uuid
from contextlib import contextmanager

from django.db import connection, transaction

from governance.organisation import chain

from ..models import Matter, NumberSeries
from .copying import Copier, Life, Table, copy_text

CODE = "@@CODE@@"
# Stands for the township's name without 镇, as it is written in numbers; not in what is searched.
TOWN = "@@TOWN@@"
# A stand-in is a ten-digit number: 7, three digits for the model, six for the place.
_STAND_IN = re.compile(r"(?<![0-9A-Za-z.-])7\d{9}(?![0-9A-Za-z])")
_HASH = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
_UUID = re.compile(r"@@UUID\d+@@")
_models: list[type] = []


def first_uuid(code: str) -> uuid.UUID:
    """The `client_uuid` of the first matter pressed into a township: it tells whether that was done."""
    return uuid.UUID(int=random.Random(code).getrandbits(128), version=4)


def stand_in(model, place: int) -> int:
    """The number that stands for the row at this place of a model while lives are recorded."""
    if model not in _models:
        _models.append(model)
    return 7_000_000_000 + _models.index(model) * 1_000_000 + place


class Recorder(Copier):
    """Records lives instead of writing them; `press` then writes them into a township.

    Lives name units and people by `stand_in(Unit, place)` and `stand_in(User, place)`; the township's code
    is `CODE`, its name `TOWN`; ids of their own rows come from `reserve`, as with a Copier.
    """

    def __init__(self, seed: int = 0):
        super().__init__(seed)
        self._counts: dict[type, int] = {}
        self._recorded: dict[type, tuple[list[str], list[str]]] = {}
        self._payloads: list[tuple[str, str, str]] = []
        self._compiled: list | None = None

    def reserve(self, model, count: int) -> list[int]:
        """Stand-ins for rows that will get their ids when they are pressed."""
        first = self._counts.get(model, 0)
        self._counts[model] = first + count
        return [stand_in(model, place) for place in range(first, first + count)]

    def link(self, previous: str, payload: dict) -> str:
        """The hash as it stands while recording; kept with what it was made of."""
        digest = super().link(previous, payload)
        self._payloads.append((_templated(chain.canonical(payload).decode()), previous, digest))
        return digest

    def write(self, table: Table) -> None:
        """Keep the rows of one table."""
        columns, lines = self._recorded.setdefault(table.model, (table.columns, []))
        lines.extend(table.lines)

    def press(self, code: str, name: str, ids: dict) -> int:
        """Write all recorded lives into the township with this code and name; returns the number of events.

        `ids`: model -> real ids in the order of their stand-ins. One transaction; only for a township
        that has no numbers yet, or whose series somebody has locked and put into `series` beforehand.
        """
        if self._compiled is None:
            self._compile()
        with transaction.atomic(), without_reference_checks():
            values = {CODE: code, CODE.lower(): code.lower(), TOWN: name}
            self._fill_ids(values, ids)
            self._fill_hashes(values)
            for model, columns, template in self._compiled:
                copy_text(model, columns, template % values)
            NumberSeries.objects.bulk_create([
                NumberSeries(prefix=prefix, township_code=code, year=year, last=last)
                for (prefix, _code, year), last in self.series.items()
            ], update_conflicts=True, unique_fields=["prefix", "township_code", "year"], update_fields=["last"])
        return len(self._payloads)

    def _add(self, life: Life, matter_id: int, event_ids) -> None:
        life.matter["client_uuid"] = f"@@UUID{matter_id}@@"
        super()._add(life, matter_id, event_ids)

    def _compile(self) -> None:
        hashes = {digest for _payload, _previous, digest in self._payloads}
        self._compiled = [
            (model, columns, _templated("\n".join(lines) + "\n", hashes))
            for model, (columns, lines) in self._recorded.items()
        ]
        self._recorded.clear()

    def _fill_ids(self, values: dict, ids: dict) -> None:
        for model, count in self._counts.items():
            ids = {**ids, model: super().reserve(model, count)}
        for model, real in ids.items():
            first = stand_in(model, 0)
            values.update((str(first + place), pk) for place, pk in enumerate(real))
        uuids = random.Random(values[CODE])
        for place in range(self._counts[Matter]):
            values[f"@@UUID{stand_in(Matter, place)}@@"] = uuid.UUID(int=uuids.getrandbits(128), version=4)

    def _fill_hashes(self, values: dict) -> None:
        """Chain every event anew: its payload names this township's ids."""
        for payload, previous, digest in self._payloads:
            before = values[previous] if previous else ""
            values[digest] = chain.link_canonical(before, (payload % values).encode())


def _templated(text: str, hashes=frozenset()) -> str:
    """The text with a place for every stand-in, code, uuid and event hash."""
    text = text.replace("%", "%%").replace("'code'", f"'{CODE}'")
    for mark in (CODE, CODE.lower(), TOWN):
        text = text.replace(mark, f"%({mark})s")
    text = _UUID.sub(lambda found: f"%({found[0]})s", text)
    text = _STAND_IN.sub(lambda found: f"%({found[0]})s", text)
    if hashes:
        text = _HASH.sub(lambda found: f"%({found[0]})s" if found[0] in hashes else found[0], text)
    return text


@contextmanager
def without_reference_checks():
    """Insert without a look-up for each reference, where the database user may switch that off.

    What is pressed refers only to rows that are inserted beside it, or whose ids were read just before.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT usesuper FROM pg_user WHERE usename = current_user")
        if not cursor.fetchone()[0]:
            yield
            return
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield
        cursor.execute("SET LOCAL session_replication_role = origin")
