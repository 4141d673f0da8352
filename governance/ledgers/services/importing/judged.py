"""A row with its verdict (核对后的行): while its file is checked, and had back from what was kept of it."""
from dataclasses import dataclass, field

from ...layout import Layout
from ...models import ImportBatch, ImportRow
from ...reading import Record
from .comparing import Change
from .payloads import typed, unseal


@dataclass
class Judged:
    """A record with its verdict, the matter that it is the same as or changes, and each value that it changes.

    `stood`: what stands once the row is entered, of one that changes what a row above in the same file says.
    """

    record: Record
    verdict: str
    identity: str = ""
    fingerprint: str = ""
    matter_id: int | None = None
    position: int = 0
    changes: list[Change] = field(default_factory=list)
    stood: dict | None = None


def judged_before(batch: ImportBatch, layout: Layout, positions) -> dict[int, Judged]:
    """Rows that were judged in earlier groups of the same file, by position (one query)."""
    found = {}
    for row in ImportRow.objects.filter(batch=batch, position__in=positions):
        payload = unseal(bytes(row.payload))
        record = Record(row.sheet, row.row_number, typed(payload["values"], layout), [], [])
        changes = [
            Change(code, *(typed({code: value}, layout)[code] for value in pair)) for code, *pair in payload["changes"]
        ]
        found[row.position] = Judged(
            record, row.verdict, matter_id=row.matter_id, position=row.position, changes=changes,
            stood=typed(payload["stood"], layout) if "stood" in payload else None,
        )
    return found
