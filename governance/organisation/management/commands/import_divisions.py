"""`manage.py import_divisions FILE`: the official divisions of a county as the unit tree."""
import json
from pathlib import Path

from django.core.management.base import BaseCommand

from governance.organisation.registry import Refused
from governance.organisation.services.importing import import_divisions
from governance.organisation.services.importing.tables import read_rows


class Command(BaseCommand):
    """Import divisions; a second run changes nothing. Exit 1: a row is wrong, nothing is written; 2: wrong use."""

    help = "Import the official divisions of a county (CSV or xlsx); one wrong row, and nothing is written (exit 1)."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="CSV or xlsx with 区划代码, 名称, 上级代码")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args, **options):
        path = options["file"]
        try:
            report = import_divisions(rows=read_rows(path.name, path.read_bytes()), actor=None)
        except OSError as error:
            self.fail(options, "file-unreadable", str(error))
        except Refused as refusal:
            self.fail(options, refusal.code, str(refusal.message))
        data = report.as_data()
        if options["json"]:
            self.stdout.write(json.dumps(data, ensure_ascii=False))
        else:
            self.stdout.write("read {read}, new {new}, same {same}, changed {changed}, error {error}".format(**data))
            for row in data["rows"]:
                self.stdout.write(f"row {row['row']}: {row['verdict']} {row['code']} {row['name']} {row['reason']}")
        if report.error:
            raise SystemExit(1)

    def fail(self, options, code, message):
        """Wrong use: exit 2 with a stable code."""
        if options["json"]:
            self.stdout.write(json.dumps({"error": code, "message": message}, ensure_ascii=False))
        else:
            self.stderr.write(f"{code}: {message}")
        raise SystemExit(2)
