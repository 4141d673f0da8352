"""`manage.py verify_ledger`: does the history fit, event by event?"""
import json

from django.core.management.base import BaseCommand

from governance.casework.services.verifying import verify_ledger


class Command(BaseCommand):
    """Verify every hash chain; names the first row that does not fit. Exit 0 all fit, 1 a row does not fit."""

    help = "Verify the hash chains of all matters and of the organisation; exit 1 names the first misfit."

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args, **options):
        read, misfit = verify_ledger()
        if options["json"]:
            found = vars(misfit) if misfit else None
            self.stdout.write(json.dumps({"events": read, "fits": misfit is None, "misfit": found}))
        elif misfit is None:
            self.stdout.write(f"{read} events read, all fit.")
        else:
            self.stdout.write(
                f"DOES NOT FIT: {misfit.subject}, row {misfit.seq} ({misfit.reason}); {read} events fit."
            )
        if misfit is not None:
            raise SystemExit(1)
