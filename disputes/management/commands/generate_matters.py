"""`manage.py generate_matters --count N`: disputes of a fictional city, for measuring and for reports."""
import json
import os
import time

from django.contrib.auth.hashers import make_password
from django.core.management.base import BaseCommand

from disputes.services.generating import PASSWORD
from disputes.services.generating.city import Plan, make_city, refuse_on_real_portal
from governance.casework.workflow import Refused


class Command(BaseCommand):
    """Generate disputes. Exit 0 done, 1 broken off (whole townships stay), 2 wrong use or a real portal."""

    help = (
        "Generate believable disputes in fictional townships (5,000 in each, over three to five years), histories and "
        "clocks included. Adds to what is there; never touches other townships."
    )

    def add_arguments(self, parser):
        parser.add_argument("--count", type=int, required=True, help="how many disputes to add")
        parser.add_argument("--years", type=int, default=0, help="years up to today (default: 3; 5 for full townships)")
        parser.add_argument("--township-size", type=int, default=5000, help="disputes of one township (default 5000)")
        parser.add_argument("--processes", type=int, default=min(2, os.cpu_count() or 1), help="default: 2")
        parser.add_argument("--on-real-portal", action="store_true",
                            help="go on although the portal holds a real township: it can never be undone")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args, **options):
        began = time.monotonic()
        for name in ("count", "township_size", "processes"):
            if options[name] < 1:
                self.fail(options, "number-not-positive", f"--{name.replace('_', '-')} must be 1 or more", 2)
        try:
            is_real = refuse_on_real_portal(options["on_real_portal"])
            plan = Plan.of(
                options["count"], years=options["years"], size=options["township_size"],
                password="" if is_real else make_password(PASSWORD),
            )
            events = make_city(plan, processes=options["processes"], tell=self.tell)
        except Refused as refusal:
            self.fail(options, refusal.code, str(refusal.message), 2)
        except RuntimeError as error:
            self.fail(options, "broken-off", str(error), 1)
        self.report(options, plan, events, time.monotonic() - began)

    def tell(self, done, of):
        """Say how far it is, on a terminal."""
        if self.stderr.isatty():
            self.stderr.write(f"\r{done} of {of} townships", ending="\n" if done == of else "")

    def report(self, options, plan, events, seconds):
        """What was made, and who can look at it."""
        codes = sorted(township.code for township in plan.townships)
        accounts = [f"{who}.{codes[0]}" for who in ("clerk1", "mediator1", "officer1")]
        made = {
            "matters": plan.count, "events": events, "townships": codes, "years": plan.years,
            "seconds": round(seconds, 1), "accounts": accounts,
        }
        if options["json"]:
            self.stdout.write(json.dumps(made, ensure_ascii=False))
            return
        self.stdout.write(
            f"{plan.count} disputes with {events} events in {len(codes)} townships ({codes[0]} to {codes[-1]}), "
            f"{plan.years} years, {seconds:.0f} s."
        )
        if plan.password:
            self.stdout.write(f"Password of their people, such as {', '.join(accounts)}: {PASSWORD}")

    def fail(self, options, code, message, exit_code):
        """Not done: exit with a stable code."""
        if options["json"]:
            self.stdout.write(json.dumps({"error": code, "message": message}, ensure_ascii=False))
        else:
            self.stderr.write(f"{code}: {message}")
        raise SystemExit(exit_code)
