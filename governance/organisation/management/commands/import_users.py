"""`manage.py import_users FILE`: people from an Excel list."""
import json
from pathlib import Path

from django.core.management.base import BaseCommand

from governance.organisation.registry import Refused
from governance.organisation.services.importing import import_users
from governance.organisation.services.importing.tables import read_rows


class Command(BaseCommand):
    """Import people; without --commit a dry run. Exit 0 done, 1 a row is wrong, 2 wrong use."""

    help = "Import people from an Excel list; first passwords are one-time codes, printed once."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="CSV or xlsx: 姓名 登录名 手机 单位代码或名称 角色 职务 任职日期")
        parser.add_argument("--commit", action="store_true", help="write; without it only say what would happen")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args, **options):
        path = options["file"]
        try:
            report = import_users(
                rows=read_rows(path.name, path.read_bytes()), actor=None, commit=options["commit"]
            )
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
                self.stdout.write(f"row {row['row']}: {row['verdict']} {row['username']} {row['name']} {row['reason']}")
            for name, username, unit, code in report.codes:
                self.stdout.write(f"{unit} {name} {username} {code}")
        if report.error:
            raise SystemExit(1)

    def fail(self, options, code, message):
        """Wrong use: exit 2 with a stable code."""
        if options["json"]:
            self.stdout.write(json.dumps({"error": code, "message": message}, ensure_ascii=False))
        else:
            self.stderr.write(f"{code}: {message}")
        raise SystemExit(2)
