"""What every command of the portal has in common: answers in words or as JSON, and what its exit status means.

0: done. 1: done, and something wrong was found. 2: wrong use, with a stable code.
"""
import json
import sys
from dataclasses import dataclass, field

from django.core.management.base import BaseCommand
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _
from django.utils.translation import override

from governance.translations import terminal_language

from ..registry import Refused
from ..services.upgrading import refuse_newer_database


@dataclass(frozen=True)
class Answer:
    """What a command found: as data for programs, as lines for people, and whether something is wrong."""

    data: dict
    lines: list = field(default_factory=list)
    is_wrong: bool = False


class AnsweringCommand(BaseCommand):
    """A command that answers; a subclass says in `answer(options)` what, and may raise Refused or OSError."""

    needs_database = True

    def create_parser(self, prog_name, subcommand, **kwargs):
        """The parser of Django, which tells wrong use as JSON where JSON was asked for."""
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        if "--json" in sys.argv and getattr(self, "_called_from_command_line", False):
            parser.error = lambda message: self.refuse(True, "usage", message)
        return parser

    def add_arguments(self, parser):
        """Take the option that all of them have."""
        parser.add_argument("--json", action="store_true", help="print the answer as one JSON line")

    def answer(self, options) -> Answer:
        """Do the work."""
        raise NotImplementedError

    def handle(self, *args, **options):
        """Print the answer and end with its status."""
        with override(terminal_language()):
            try:
                if self.needs_database:
                    require_current_database()
                answer = self.answer(options)
            except Refused as refusal:
                self.refuse(options["json"], refusal.code, str(refusal.message))
            except OSError as problem:
                self.refuse(options["json"], "file-unreadable", f"{problem.filename}: {problem.strerror}")
            lines = [json.dumps(answer.data, ensure_ascii=False)] if options["json"] else answer.lines
            self.stdout.write("\n".join(str(line) for line in lines))
        if answer.is_wrong:
            raise SystemExit(1)

    def refuse(self, as_json: bool, code: str, message: str):
        """Wrong use: exit 2 with a stable code."""
        if as_json:
            self.stdout.write(json.dumps({"error": code, "message": message}, ensure_ascii=False))
        else:
            self.stderr.write(f"{code}: {message}")
        raise SystemExit(2)


def require_current_database() -> None:
    """Refused `database-unreachable`, `database-newer` than this version, or
    `database-not-current` before its migrations.
    """
    try:
        executor = MigrationExecutor(connection)
        is_behind = bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except DatabaseError as problem:
        raise Refused("database-unreachable", str(problem).strip()) from problem
    refuse_newer_database()
    if is_behind:
        raise Refused(
            "database-not-current",
            _("The database is empty or of an earlier version. Run “manage.py migrate”, or start the portal once."),
        )
