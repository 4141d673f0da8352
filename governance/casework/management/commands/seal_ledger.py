"""`manage.py seal_ledger`: seal what was committed since the last seal."""
from django.utils.translation import gettext as _

from governance.casework.services.sealing import seal_ledger
from governance.organisation.management.answering import Answer, AnsweringCommand


class Command(AnsweringCommand):
    """Seal the history now; the beat does it every night. Exit 0 also when nothing was left to seal."""

    help = "Seal every event and change that was committed since the last seal; prints the new seals."

    def answer(self, options) -> Answer:
        """The seals just made, each with the hash that is worth keeping on paper."""
        seals = seal_ledger()
        data = {"seals": [
            {"number": seal.number, "ledger": seal.ledger, "rows": seal.count, "hash": seal.hash} for seal in seals
        ]}
        lines = [
            _("Seal %(number)d, %(ledger)s: %(count)d rows, %(hash)s")
            % {"number": seal.number, "ledger": seal.ledger, "count": seal.count, "hash": seal.hash}
            for seal in seals
        ]
        return Answer(data, lines or [_("Nothing new: everything is sealed already.")])
