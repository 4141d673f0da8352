"""`manage.py show_retention`: how long each kind of matter is kept, and what is erased afterwards."""
from django.apps import apps
from django.utils.translation import gettext as _

from governance.casework import registry
from governance.casework.services.vocabularies import default_label
from governance.organisation.management.answering import Answer, AnsweringCommand


class Command(AnsweringCommand):
    """Print the lengths that the kinds declare as Markdown; docs/retention.md holds the output."""

    help = "Print how long each kind of matter is kept, by outcome and source, and what is erased afterwards."
    needs_database = False

    def answer(self, options) -> Answer:
        """One table for each kind."""
        kinds = [_told(kind) for kind in registry.all_kinds()]
        lines = [f"# {_('Lengths of keeping')}", "", _(
            "Printed by `manage.py show_retention` from what each kind declares. A township sets its own lengths on "
            "the page of that name. Counted from the last closing; the matter's number, place, days, states, outcome "
            "and figures stay for good, and so do the hashes of its history. Names, contact data, files and all words "
            "that were noted go, and of each table the columns named here. A live time limit, an open matter of the "
            "same affair or “Keep longer” puts it off. Backups hold the old state until they are removed themselves."
        )]
        for kind in kinds:
            lines += ["", f"## {kind['kind']}", "", f"| {_('Outcome')} | {_('Years')} | {_('Rule')} |"]
            lines.append("|---|---|---|")
            lines += [
                f"| {row['outcome']} | {row['years'] or _('for good')} | {row['source']} |" for row in kind["lengths"]
            ]
            lines += ["", _("What goes:"), ""]
            lines += [f"- {table}: {'、'.join(words)}" for table, words in kind["goes"].items()]
        return Answer({"kinds": kinds}, lines)


def _told(kind) -> dict:
    return {
        "code": kind.code, "kind": str(kind.label),
        "lengths": [
            {"outcome": default_label(kind.outcomes, one.outcome) if one.outcome else _("every other outcome"),
             "years": one.years, "source": str(one.source)}
            for one in kind.retention
        ],
        "goes": {erasure.model: _labels(erasure) for erasure in kind.erases if erasure.words},
    }


def _labels(erasure) -> list[str]:
    model = apps.get_model(erasure.model)
    return [str(model._meta.get_field(name).verbose_name) for name in erasure.words]
