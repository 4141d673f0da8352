"""`manage.py seal_ledger`: seal what was committed since the last seal."""
from django.core.management.base import BaseCommand

from governance.casework.services.sealing import seal_ledger


class Command(BaseCommand):
    """Seal the history now; the beat does it every night."""

    help = "Seal every event and change that was committed since the last seal; prints the new seals."

    def handle(self, *args, **options):
        for seal in seal_ledger():
            self.stdout.write(f"{seal.number} {seal.ledger} {seal.count} rows {seal.hash}")
