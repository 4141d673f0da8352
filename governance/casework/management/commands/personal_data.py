"""`manage.py personal_data PERSON`: what is held on somebody, and why it is kept (个人信息保护法 art. 44 to 47)."""
from django.utils.translation import gettext as _

from governance.casework import registry
from governance.casework.services.personal_data import list_everywhere
from governance.organisation.management.answering import Answer, AnsweringCommand


class Command(AnsweringCommand):
    """List every entry of a name or telephone number; contact data itself is not printed. On record."""

    help = "List what is held on a person, by name or telephone number, until when and why; the look is on record."

    def add_arguments(self, parser):
        """Take the person and the reason."""
        super().add_arguments(parser)
        parser.add_argument("person", help="name as it was entered, or telephone number")
        parser.add_argument("--reason", default="", help="why it is asked for; stands in the change log")

    def answer(self, options) -> Answer:
        """One line for each entry. Refused: `reason-missing`."""
        rows = [_entry(held) for held in list_everywhere(who=options["person"], reason=options["reason"])]
        lines = [
            _("%(number)s %(kind)s, as %(role)s; held: %(held)s; kept until %(until)s: %(why)s")
            % {**row, "held": "、".join(row["held"]), "until": row["kept_until"] or "—", "why": "；".join(row["why"])}
            for row in rows
        ]
        return Answer({"entries": rows}, lines or [_("Nothing is held under this name or number.")])


def _entry(held) -> dict:
    party, matter = held.party, held.matter
    fields = (
        (_("name"), party.name), (_("Phone"), party.phone_encrypted), (_("Address"), party.address_encrypted),
    )
    return {
        "number": matter.number, "kind": str(registry.get(matter.kind).label), "role": party.get_kind_display(),
        "held": [str(label) for label, value in fields if value],
        "kept_until": held.kept_until.isoformat() if held.kept_until else None,
        "why": [str(reason) for reason in held.reasons],
        "looks": [{"at": event.at.isoformat(), "by": event.actor.name} for event in held.looks],
    }
