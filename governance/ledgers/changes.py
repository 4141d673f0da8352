"""What changes say about tables that were taken out, and files that came in (导出导入记录的措辞)."""
from django.utils.translation import gettext_lazy as _

from governance.organisation.changes import UNIT
from governance.organisation.registry import ChangeSubject, ChangeVerb, Fact, register_subject, register_verbs
from governance.organisation.sentences import day

from .models import ImportBatch, LedgerExport
from .services.exporting import all_exports

EXPORT, IMPORT = "export", "import"


def _titles(ids) -> dict[str, str]:
    return {str(pk): title for pk, title in LedgerExport.objects.filter(pk__in=ids).values_list("pk", "title")}


def _files(ids) -> dict[str, str]:
    return {str(pk): name for pk, name in ImportBatch.objects.filter(pk__in=ids).values_list("pk", "file_name")}


def _from(stored: str) -> str:
    """The period begins the clause; a table without one says nothing."""
    return _(", %(day)s – ") % {"day": day(stored)}


def _table(code: str):
    return next((export.label for export in all_exports() if export.code == code), code)


register_subject(ChangeSubject(EXPORT, _("Tables taken out"), _titles))
register_subject(ChangeSubject(IMPORT, _("Imported ledgers"), _files))

_FACTS = {
    "table": Fact("code", _table), "rows": Fact("rows"), "matters": Fact("matters", empty="0"),
    "places": Fact("places", of=UNIT, empty=_("all places")), "from_on": Fact("from_on", _from, empty=""),
    "to_on": Fact("to_on", day, empty=""), "reason": Fact("personal.reason"),
}
register_verbs(
    ChangeVerb(
        EXPORT, "exported",
        _("“%(subject)s” was taken out (%(table)s%(from_on)s%(to_on)s, %(places)s): %(rows)s rows of %(matters)s "
          "matters, telephone numbers masked"), _FACTS,
    ),
    ChangeVerb(
        EXPORT, "contacts_exported",
        _("“%(subject)s” was taken out (%(table)s%(from_on)s%(to_on)s, %(places)s): %(rows)s rows of %(matters)s "
          "matters, with telephone numbers in clear. Reason: %(reason)s"), _FACTS,
    ),
    ChangeVerb(
        IMPORT, "original_given_out",
        _("The uploaded ledger “%(subject)s” was downloaded again with its reasons: "
          "%(rows)s rows, %(errors)s in error"),
        {"rows": Fact("rows"), "errors": Fact("errors", empty="0")},
    ),
)
