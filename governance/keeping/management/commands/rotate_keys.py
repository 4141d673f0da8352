"""`manage.py rotate_keys`: put everything under the first key of PORTAL_PERSONAL_KEY, while the portal runs."""
from django.utils.translation import gettext as _

from governance.keeping.services import rotating
from governance.organisation.management.answering import Answer, AnsweringCommand


class Command(AnsweringCommand):
    """Encrypt anew. Exit 0 all is under the first key, 1 something is not (it says how much); killed, run it again."""

    help = (
        "Encrypt contact data, drafts, secrets and encrypted files anew with the first key of PORTAL_PERSONAL_KEY, in "
        "small portions while the portal runs; says when the older keys may go. Killed, it goes on when run again."
    )

    def answer(self, options) -> Answer:
        """What was turned."""
        changed, seen = {}, {}
        for step in rotating.rotate():
            changed[step.code], seen[step.code] = max(changed.get(step.code, 0), step.changed), step.seen
            if self.stderr.isatty():
                self.stderr.write(f"\r{step.code}: {step.seen} ({step.changed})    ", ending="")
        failed, is_done = rotating.failures(), rotating.is_done()
        data = {"seen": seen, "changed": changed, "failed": failed, "done": is_done and not failed}
        lines = [_("%(seen)d rows and files looked at, %(changed)d put under the first key.")
                 % {"seen": sum(seen.values()), "changed": sum(changed.values())}]
        if failed:
            lines.append(_("%(count)d could not be opened with any of the keys: do not take a key out.")
                         % {"count": failed})
        elif is_done:
            lines.append(_("Everything is under the first key: take the others out of PORTAL_PERSONAL_KEY, restart."))
        else:
            lines.append(_("Something was still written with an older key: restart every process, then run it again."))
        return Answer(data, lines, is_wrong=not data["done"])
