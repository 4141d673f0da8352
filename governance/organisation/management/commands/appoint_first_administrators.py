"""`manage.py appoint_first_administrators`: system administrator, security administrator and auditor, once."""
import sys

from django.db import transaction
from django.utils.translation import gettext as _

from governance.organisation.management.answering import Answer, AnsweringCommand
from governance.organisation.models import Role
from governance.organisation.registry import Refused
from governance.organisation.services import beginning

OPTIONS = {Role.SYSTEM_ADMIN: "system", Role.SECURITY_ADMIN: "security", Role.AUDITOR: "auditor"}
USUAL = {Role.SYSTEM_ADMIN: "xitong", Role.SECURITY_ADMIN: "anquan", Role.AUDITOR: "shenji"}


class Command(AnsweringCommand):
    """Appoint the first three administrators. Exit 0 done, 2 wrong use, or there are administrators already."""

    help = "Make the first three administrators with one-time codes; what is not given is asked for. Once only."

    def add_arguments(self, parser):
        """Take the unit that they administer and the three people."""
        super().add_arguments(parser)
        parser.add_argument("--code", default="", help="code of the district or county (区划代码), such as 330122")
        parser.add_argument("--name", default="", help="its name, where it is not there yet")
        for role, option in OPTIONS.items():
            parser.add_argument(
                f"--{option}", nargs=2, metavar=("LOGIN", "NAME"), help=f"login name and full name of the {role.value}"
            )

    @transaction.atomic
    def answer(self, options) -> Answer:
        """Ask for what was not given, and appoint."""
        can_ask = sys.stdin is not None and sys.stdin.isatty() and not options["json"]
        unit = self._unit(options, can_ask)
        beginning.refuse_if_any(unit)
        chosen = {role: options[option] or self._person(role, option, can_ask) for role, option in OPTIONS.items()}
        found = beginning.appoint_first_administrators(unit=unit, chosen=chosen)
        data = {"unit": unit.code, "administrators": [vars(one) for one in found]}
        rows = [f"{Role(one.role).label}\t{one.name}\t{one.username}\t{one.code}" for one in found]
        return Answer(data, [
            _("Administrators of %(unit)s. Their one-time codes are shown only now; hand each over in person:")
            % {"unit": unit.name}, *rows,
            _("Each chooses a password at the first login. The system administrator’s first page lists what is to be "
              "set up next."),
        ])

    def _unit(self, options, can_ask):
        code, name = options["code"], options["name"]
        while True:
            try:
                return beginning.top_unit(code=code, name=name)
            except Refused as refusal:
                if not can_ask:
                    raise
                if refusal.code == "unit-code-missing":
                    code = self._ask(_("Code of the district or county, such as 330122"))
                else:
                    name = self._ask(_("Its name"))

    def _person(self, role, option, can_ask):
        if not can_ask:
            raise Refused("person-missing", _("Say who it is: --%(option)s LOGIN NAME.") % {"option": option})
        name = self._ask(_("Full name of the %(role)s") % {"role": role.label})
        usual = USUAL[role]
        return self._ask(_("Login name (empty: %(usual)s)") % {"usual": usual}, usual), name

    def _ask(self, question, usual=None) -> str:
        while True:
            self.stdout.write(f"{question}: ", ending="")
            self.stdout.flush()
            line = sys.stdin.readline()
            if not line:
                raise Refused("person-missing", _("The input ended."))
            if line.strip() or usual is not None:
                return line.strip() or usual
