"""`manage.py confirm_time`: whether the machine's time is believed; with --reason, say that it is right."""
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from governance.organisation.management.answering import Answer, AnsweringCommand
from governance.organisation.services import timekeeping


class Command(AnsweringCommand):
    """Exit 0: the time is believed. Exit 1: it is doubted, and what destroys waits."""

    help = (
        "Tell whether the machine's time is believed. Doubted, nothing is erased, lapses or is sealed by the clock;"
        " --reason says that the time is right."
    )

    def add_arguments(self, parser):
        """The reason."""
        super().add_arguments(parser)
        parser.add_argument("--reason", default="", help="why the time jumped, e.g. switched off over the holidays")

    def answer(self, options) -> Answer:
        """How it stands now."""
        if options["reason"]:
            timekeeping.is_right()
            timekeeping.confirm(actor=None, reason=options["reason"])
        is_right = timekeeping.is_right()
        watch, now = timekeeping.current(), timezone.now()
        data = {
            "is_right": is_right, "now": now.isoformat(),
            "doubted_since": watch.held_at and watch.held_at.isoformat(),
            "before": watch.held_from and watch.held_from.isoformat(),
        }
        line = _("The time is believed, nothing waits.") if is_right else _(
            "The time is doubted: it was %(before)s, and is %(now)s. Set the clock right, or confirm with --reason."
        ) % {"before": _shown(watch.held_from), "now": _shown(now)}
        return Answer(data, [line], is_wrong=not is_right)


def _shown(instant) -> str:
    return date_format(timezone.localtime(instant), "DATETIME_FORMAT")
