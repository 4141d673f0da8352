"""`manage.py generate_matters --count N`: disputes of a fictional city, for measuring and for reports."""
import os
import time

from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext as _

from disputes.services.generating import PASSWORD
from disputes.services.generating.city import Plan, make_city, refuse_on_real_portal
from governance.casework.workflow import Refused
from governance.organisation.management.answering import Answer, AnsweringCommand


class Command(AnsweringCommand):
    """Generate disputes. Exit 0 done, 1 broken off (whole townships stay), 2 wrong use or a real portal."""

    help = (
        "Generate believable disputes in fictional townships (5,000 in each, over three to five years), histories and "
        "clocks included. Adds to what is there; never touches other townships."
    )

    def add_arguments(self, parser):
        """Take how many, over how long, by how many processes."""
        super().add_arguments(parser)
        parser.add_argument("--count", type=int, required=True, help="how many disputes to add")
        parser.add_argument("--years", type=int, default=0, help="years up to today (default: 3; 5 for full townships)")
        parser.add_argument("--township-size", type=int, default=5000, help="disputes of one township (default 5000)")
        parser.add_argument("--processes", type=int, default=min(2, os.cpu_count() or 1), help="default: 2")
        parser.add_argument("--on-real-portal", action="store_true",
                            help="go on although the portal holds a real township: it can never be undone")

    def answer(self, options) -> Answer:
        """What was made. Refused: `number-not-positive`, `real-portal`, `already-generating`."""
        began = time.monotonic()
        for name in ("count", "township_size", "processes"):
            if options[name] < 1:
                words = {"option": f"--{name.replace('_', '-')}"}
                raise Refused("number-not-positive", _("%(option)s must be 1 or more.") % words)
        is_real = refuse_on_real_portal(options["on_real_portal"])
        plan = Plan.of(
            options["count"], years=options["years"], size=options["township_size"],
            password="" if is_real else make_password(PASSWORD),
        )
        try:
            events = make_city(plan, processes=options["processes"], tell=self.tell)
        except RuntimeError as error:
            return Answer({"error": "broken-off", "message": str(error)}, [f"broken-off: {error}"], is_wrong=True)
        return made(plan, events, time.monotonic() - began)

    def tell(self, done, of):
        """Say how far it is, on a terminal."""
        if self.stderr.isatty():
            words = _("%(done)d of %(all)d townships") % {"done": done, "all": of}
            self.stderr.write(f"\r{words}", ending="\n" if done == of else "")


def made(plan: Plan, events: int, seconds: float) -> Answer:
    """What was made, and who can look at it."""
    codes = sorted(township.code for township in plan.townships)
    accounts = [f"{who}.{codes[0]}" for who in ("clerk1", "mediator1", "officer1")]
    data = {
        "matters": plan.count, "events": events, "townships": codes, "years": plan.years,
        "seconds": round(seconds, 1), "accounts": accounts,
    }
    lines = [
        _("%(count)d disputes with %(events)d events in %(townships)d townships (%(first)s to %(last)s), "
          "%(years)d years, %(seconds).0f s.")
        % {"count": plan.count, "events": events, "townships": len(codes), "first": codes[0], "last": codes[-1],
           "years": plan.years, "seconds": seconds}
    ]
    if plan.password:
        words = {"accounts": ", ".join(accounts), "password": PASSWORD}
        lines.append(_("Password of their people, such as %(accounts)s: %(password)s") % words)
    return Answer(data, lines)
