"""What an import found, row by row, in numbers and in words (导入结果)."""
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

VERDICTS = {
    "new": pgettext_lazy("row of an import", "new"),
    "same": pgettext_lazy("row of an import", "same"),
    "changed": pgettext_lazy("row of an import", "changed"),
    "error": pgettext_lazy("row of an import", "wrong"),
}
NOTHING_WRITTEN = gettext_lazy("Nothing was written. Correct these rows and import the file again.")


@dataclass
class ImportReport:
    """Counts by verdict, and `rows`: row, verdict, what names it, reason."""

    read: int = 0
    new: int = 0
    same: int = 0
    changed: int = 0
    error: int = 0
    rows: list = field(default_factory=list)

    def note(self, place: int, verdict: str, reason="", **names) -> None:
        """Count a row."""
        setattr(self, verdict, getattr(self, verdict) + 1)
        self.rows.append({"row": place, "verdict": verdict, **names, "reason": str(reason)})

    def told(self) -> list[dict]:
        """The rows that somebody has to read: all but those that stay as they are, with their verdict in words."""
        return [{**row, "label": VERDICTS[row["verdict"]]} for row in self.rows if row["verdict"] != "same"]

    def counts(self) -> dict:
        """The numbers."""
        return {name: getattr(self, name) for name in ("read", *VERDICTS)}

    def summary(self) -> str:
        """The numbers in a sentence."""
        return _("Read %(read)d: new %(new)d, same %(same)d, changed %(changed)d, wrong %(error)d.") % self.counts()


def line_of(row: dict) -> str:
    """One told row as a line of text."""
    names = " ".join(row[key] for key in ("code", "username", "name") if row.get(key))
    return _("Row %(row)d (%(verdict)s): %(names)s %(reason)s") % {
        "row": row["row"], "verdict": row["label"], "names": names, "reason": row["reason"],
    }
