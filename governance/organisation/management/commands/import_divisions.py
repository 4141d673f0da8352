"""`manage.py import_divisions FILE`: the official divisions of a county as the unit tree."""
from pathlib import Path

from governance.organisation.management.answering import Answer, AnsweringCommand
from governance.organisation.services.importing import import_divisions
from governance.organisation.services.importing.reports import NOTHING_WRITTEN, line_of
from governance.organisation.services.importing.tables import read_rows


class Command(AnsweringCommand):
    """Import divisions; a second run changes nothing. Exit 1: a row is wrong, nothing is written; 2: wrong use."""

    help = "Import the official divisions of a county (CSV or xlsx); one wrong row, and nothing is written (exit 1)."

    def add_arguments(self, parser):
        """Take the file."""
        super().add_arguments(parser)
        parser.add_argument("file", type=Path, help="CSV or xlsx with 区划代码, 名称, 上级代码")

    def answer(self, options) -> Answer:
        """Import them as the console does, which needs no role."""
        path = options["file"]
        report = import_divisions(rows=read_rows(path.name, path.read_bytes()), actor=None)
        told = [row for row in report.told() if row["verdict"] != "new"]
        lines = [report.summary(), *map(line_of, told), *([NOTHING_WRITTEN] if report.error else [])]
        return Answer(report.as_data(), lines, is_wrong=bool(report.error))
