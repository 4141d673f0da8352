"""`manage.py show_settings`: every variable of the environment that the portal reads, with its default."""
from django.conf import settings

from governance.organisation.management.answering import Answer, AnsweringCommand

HEAD = (
    "# Settings\n\n"
    "Everything that is set from outside is a variable of the environment. This page is printed by\n"
    "`manage.py show_settings` (`make docs`); a test compares the two. What the law or the township decides, such as\n"
    "days and thresholds, is never set here: it is a clock rule or a row that an administrator changes.\n"
)


class Command(AnsweringCommand):
    """Print all settings as a table, or as JSON; never their values, some of which are secrets."""

    help = "Print every environment variable that the portal reads, with its default and what it is for."
    needs_database = False

    def answer(self, options) -> Answer:
        """Name, default and purpose of each, in the order in which settings read them."""
        rows = [(row.name, row.told or row.default or "", row.help) for row in settings.VARIABLES.values()]
        lines = ["| variable | default | what it is for |", "|---|---|---|"]
        lines += [f"| `{name}` | {f'`{default}`' if default else '—'} | {purpose} |" for name, default, purpose in rows]
        data = [{"name": name, "default": default, "help": purpose} for name, default, purpose in rows]
        return Answer({"settings": data}, [HEAD, *lines])
