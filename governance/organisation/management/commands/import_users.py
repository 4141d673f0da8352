"""`manage.py import_users FILE`: people from an Excel list."""
from pathlib import Path

from django.utils.translation import gettext as _

from governance.organisation.management.answering import Answer, AnsweringCommand
from governance.organisation.services.importing import import_users
from governance.organisation.services.importing.reports import line_of
from governance.organisation.services.importing.tables import read_rows


class Command(AnsweringCommand):
    """Import people; without --commit a dry run. Exit 0 done, 1 a row is wrong, 2 wrong use."""

    help = "Import people from an Excel list; first passwords are one-time codes, printed once."

    def add_arguments(self, parser):
        """Take the file, and whether it is meant."""
        super().add_arguments(parser)
        parser.add_argument("file", type=Path, help="CSV or xlsx: 姓名 登录名 手机 单位代码或名称 角色 职务 任职日期")
        parser.add_argument("--commit", action="store_true", help="write; without it only say what would happen")

    def answer(self, options) -> Answer:
        """Import them as the console does, which needs no role."""
        path = options["file"]
        report = import_users(rows=read_rows(path.name, path.read_bytes()), actor=None, commit=options["commit"])
        lines = [report.summary(), *map(line_of, report.told()), *_codes(report)]
        if not options["commit"]:
            lines.append(_("Nothing was written: this was a dry run. Run it again with --commit."))
        return Answer(report.as_data(), lines, is_wrong=bool(report.error))


def _codes(report) -> list[str]:
    """The list to print and hand out: unit, name, login name, one-time code."""
    if not report.codes:
        return []
    return [
        _("One-time codes, shown only now:"),
        *(f"{unit}\t{name}\t{username}\t{code}" for name, username, unit, code in report.codes),
    ]
