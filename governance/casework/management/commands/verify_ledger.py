"""`manage.py verify_ledger`: does the history fit, event by event?"""
import json

from django.core.management.base import BaseCommand, CommandError

from governance.casework.services.verifying import verify_ledger


class Command(BaseCommand):
    """Verify every hash chain; names the first row that does not fit. Exit 0 all fit, 1 a row does not fit."""

    help = "Verify the hash chains of all matters and of the organisation; exit 1 names the first misfit."

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="print the result as JSON")
        parser.add_argument(
            "--printed", action="append", default=[], metavar="NUMBER:HASH",
            help="a seal as it stands on paper; at least 16 characters of its hash; may be given several times",
        )

    def handle(self, *args, **options):
        read, misfit = verify_ledger(_printed(options["printed"]))
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


def _printed(typed) -> list[tuple[int, str]]:
    pairs = []
    for one in typed:
        number, _mark, seal_hash = one.partition(":")
        if not number.isdigit() or not seal_hash:
            raise CommandError(f"{one!r} is not NUMBER:HASH")
        pairs.append((int(number), seal_hash))
    return pairs
