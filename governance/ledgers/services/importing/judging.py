"""The verdict on each row (校验结论): new, same, update or error, against what is held already."""
import hashlib
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from django.utils import timezone

from governance.casework.models import Matter, Party
from governance.casework.services.entering import is_untouched
from governance.organisation.models import Unit
from governance.organisation.registry import Refused

from ...layout import Layout, Reads
from ...models import ImportBatch, ImportRow
from ...reading import Record, Remark
from .comparing import after, changes_of, held_of
from .judged import Judged, judged_before
from .payloads import fingerprint_of, identity_of

Verdict = ImportRow.Verdict


@dataclass
class Judge:
    """Judges the rows of one batch in their order; remembers what stood above in the same file.

    Of each row above some 200 bytes are kept, so that a hundred thousand rows cost little.
    """

    batch: ImportBatch
    layout: Layout
    actor: object
    _seen: dict = field(default_factory=dict)
    _above: dict = field(default_factory=dict)
    _matters: dict = field(default_factory=dict)
    _position: int = 0

    def judge(self, records: list[Record]) -> list[Judged]:
        """Verdicts of a group of rows; a constant number of queries for the group, and two for each that changes."""
        judged = [self._hashed(record) for record in records]
        good = [one for one in judged if not one.record.troubles]
        held = self._imported(good)
        by_hand = self._by_hand([one for one in good if one.identity not in held])
        self._above = self._rows_above(good)
        self._matters = self._matters_of(good, held)
        for one in good:
            self._decide(one, held, by_hand)
            self._above[one.position] = one
        return judged

    def _hashed(self, record: Record) -> Judged:
        self._position += 1
        if record.troubles:
            return Judged(record, Verdict.ERROR, position=self._position)
        identity = identity_of(self.layout, self.batch.township.code, record.values)
        fingerprint = fingerprint_of(self.layout, identity, record.values)
        return Judged(record, Verdict.NEW, identity, fingerprint, position=self._position)

    def _rows_above(self, judged) -> dict[int, Judged]:
        """Rows of earlier groups of this file that tell of the same affairs, by position (one query)."""
        places = {own[2] for one in judged for own in self._seen.get(_short(one.identity), ())}
        return judged_before(self.batch, self.layout, places) if places else {}

    def _matters_of(self, judged, held) -> dict:
        """Matters of which the rows may tell, with all that their ledger says, as far as the importer sees them."""
        ids = {row.matter_id for one in judged for row in held.get(one.identity, ())
               if not any(same.fingerprint == one.fingerprint for same in held[one.identity])}
        ids |= {above.matter_id for above in self._above.values()} - {None}
        if not ids:
            return {}
        seen = self.layout.matters(Matter.objects.visible_to(self.actor).filter(pk__in=ids))
        return {matter.pk: matter for matter in seen}

    def _decide(self, one: Judged, held, by_hand) -> None:
        if self._in_this_file(one):
            return
        rows = held.get(one.identity, [])
        same = next((row for row in rows if row.fingerprint == one.fingerprint), None)
        if same is not None:
            one.verdict, one.matter_id = Verdict.SAME, same.matter_id
        elif rows:
            self._against_imported(one, rows)
        elif matter := self._matter_of(one, by_hand):
            self._against_matter(one, matter)

    def _in_this_file(self, one: Judged) -> bool:
        """A row above says the same, or the same affair with other words (carried over from month to month)."""
        key, place = _short(one.identity), (sys.intern(one.record.sheet), one.record.row)
        above = self._seen.get(key, ())
        own = (_short(one.fingerprint), _digest(_told(one.record)), one.position, *place)
        for held in above:
            if held[0] == own[0]:
                self._says_as_above(one, held)
                return True
        for index, held in enumerate(above):
            if held[1] == own[1]:
                is_judged = self._against_above(one, held)
                if one.verdict != Verdict.SAME:
                    self._seen[key] = (*above[:index], own, *above[index + 1:])
                return is_judged
        self._seen[key] = (*above, own)
        return False

    def _says_as_above(self, one: Judged, held) -> None:
        one.verdict = Verdict.SAME
        one.record.guesses.append(Remark("duplicate-row", data={"value": "!".join(map(str, held[3:]))}))

    def _against_above(self, one: Judged, held) -> bool:
        """What the row changes of what the row above tells; False where that one cannot be entered."""
        above = self._above[held[2]]
        stands = self._stands_after(above) if above.verdict != Verdict.ERROR else None
        if stands is None:
            return False
        one.matter_id = above.matter_id
        if not self._compare(one, stands):
            self._says_as_above(one, held)
        elif one.verdict != Verdict.ERROR:
            one.verdict, one.stood = Verdict.UPDATE, after(stands, one.changes)
        return True

    def _stands_after(self, above: Judged) -> dict | None:
        """What stands once a row is entered; None where the importer does not see the matter."""
        if above.stood is not None:
            return above.stood
        if above.matter_id is None:
            values = above.record.values
            return after({}, changes_of(self.layout, {}, values, values))
        matter = self._matters.get(above.matter_id)
        return after(held_of(self.layout, matter), above.changes) if matter is not None else None

    def _compare(self, one: Judged, stands: dict) -> bool:
        """Note what the row changes; whether it changes anything, or is refused."""
        try:
            one.changes = changes_of(self.layout, stands, one.record.values, one.record.said)
        except Refused as refusal:
            self._refuse(one, refusal.code)
            return True
        return bool(one.changes)

    def _against_imported(self, one: Judged, rows) -> None:
        """An affair that came in with an earlier ledger: changed, or another one of the same day and people."""
        told, ids = _told(one.record), {row.matter_id for row in rows}
        matters = [self._matters[pk] for pk in sorted(ids) if pk in self._matters]
        fitting = [m for m in matters if "".join(m.description.split()) == "".join(told.split())]
        if not fitting and len(ids) == 1 and not self._is_seen_elsewhere(one):
            fitting = matters
        if not fitting and len(matters) < len(ids):
            # Whoever stands behind the wall learns neither number nor content, and enters no second one.
            self._refuse(one, "matter-not-open-to-you")
        if len(fitting) != 1:
            return
        matter = fitting[0]
        latest = max((row for row in rows if row.matter_id == matter.pk), key=lambda row: row.pk)
        one.matter_id = matter.pk
        if not self._compare(one, held_of(self.layout, matter)):
            one.verdict = Verdict.SAME
        elif one.verdict != Verdict.ERROR and is_untouched(matter, version_now(latest)):
            one.verdict = Verdict.UPDATE
        elif one.verdict != Verdict.ERROR:
            self._refuse(one, "matter-moved-on", number=matter.number)

    def _is_seen_elsewhere(self, one: Judged) -> bool:
        return len(self._seen.get(_short(one.identity), ())) > 1

    def _against_matter(self, one: Judged, matter: Matter) -> None:
        """An affair that somebody entered in the portal, or that an export wrote out."""
        one.matter_id = matter.pk
        if not self._compare(one, held_of(self.layout, matter)):
            one.verdict = Verdict.SAME
        elif one.verdict != Verdict.ERROR:
            self._refuse(one, "matter-not-changed-by-file", number=matter.number)

    def _refuse(self, one: Judged, code: str, **data) -> None:
        one.verdict = Verdict.ERROR
        one.record.troubles.append(Remark(code, cell=f"A{one.record.row}", data=data))

    def _imported(self, judged) -> dict[str, list[ImportRow]]:
        """Rows that stand in the portal, by identity (one query)."""
        found = defaultdict(list)
        rows = ImportRow.objects.entered().filter(identity__in={one.identity for one in judged})
        for row in rows.exclude(matter=None).order_by("pk"):
            found[row.identity].append(row)
        return found

    def _by_hand(self, judged) -> dict:
        """Matters that did not come from a ledger, by day and village; what the importer may not see is not asked."""
        if not judged:
            return {}
        days = [one.record.values[self._day] for one in judged]
        villages = {one.record.values[self._place] for one in judged}
        units = Unit.objects.filter(code__in=villages) | Unit.objects.filter(parent__code__in=villages)
        seen = Matter.objects.visible_to(self.actor).counted().filter(
            kind=self.layout.kind, unit__in=units, reported_at__gte=_begins(min(days)),
            reported_at__lt=_begins(max(days) + timedelta(days=1)),
        )
        wanted = {(one.record.values[self._day], one.record.values[self._place]) for one in judged}
        ids = [
            pk for pk, at, code, parent in seen.values_list("pk", "reported_at", "unit__code", "unit__parent__code")
            if {(timezone.localdate(at), code), (timezone.localdate(at), parent)} & wanted
        ]
        found = defaultdict(list)
        for matter in self.layout.matters(Matter.objects.filter(pk__in=_named(self.layout, ids, judged))):
            values = {code: self.layout.column(code).value(matter) for code in self.layout.identity}
            found[identity_of(self.layout, self.batch.township.code, values)].append(matter)
        return found

    def _matter_of(self, one: Judged, by_hand) -> Matter | None:
        fitting = by_hand.get(one.identity, [])
        if len(fitting) > 1:
            told = _told(one.record)
            fitting = [m for m in fitting if m.description == told] or fitting
        return fitting[0] if fitting else None

    @property
    def _day(self) -> str:
        return next(c for c in self.layout.identity if self.layout.column(c).reads is Reads.DAY)

    @property
    def _place(self) -> str:
        return next(c for c in self.layout.identity if self.layout.column(c).reads is Reads.UNIT)


def _named(layout: Layout, ids: list[int], judged) -> list[int]:
    """Of these matters, those with names of the rows on each side: a busy village has many of the same days."""
    for code in layout.identity:
        told = [one.record.values.get(code) for one in judged]
        if layout.column(code).reads is Reads.NAMES and all(told):
            names = {name for names in told for name in names}
            ids = list(Party.objects.filter(matter_id__in=ids, name__in=names).values_list("matter_id", flat=True))
    return ids


def version_now(row: ImportRow) -> int:
    """The version that the row's matter has if nothing came after the row but later updates that were undone.

    An update and its undoing move the version on by one each.
    """
    undone = ImportRow.objects.filter(
        matter_id=row.matter_id, verdict=Verdict.UPDATE, fate=ImportRow.Fate.UNDONE, pk__gt=row.pk
    ).count()
    return row.version + 2 * undone


def _told(record: Record) -> str:
    """What happened, by which two affairs of the same people on the same day are told apart."""
    return record.values.get("description", "")


def _short(hexadecimal: str) -> bytes:
    return bytes.fromhex(hexadecimal)[:16]


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


def _begins(day) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
