"""Sending what lies in the outbox by e-mail: one digest for each person, number and link, never content."""
from datetime import date, datetime, timedelta
from itertools import groupby

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .. import clocks, registry
from ..models import Message
from ..querysets import unseen_messages

MAX_TRIES = 8
# Longer than a mail may take (governance.mailing).
CLAIM = timedelta(minutes=3)

_SENTENCES = {
    "assigned": gettext_lazy("You are the handler of %(number)s."),
    "unit_assigned": gettext_lazy("Your unit is responsible for %(number)s."),
    "instructed": gettext_lazy("There is a written instruction for you in %(number)s."),
    "task_given": gettext_lazy("There is a task for you in %(number)s."),
    "task_done": gettext_lazy("A task that you gave in %(number)s is reported as done."),
    "extension_proposed": gettext_lazy("An extension waits for your decision in %(number)s."),
    "extension_approved": gettext_lazy("The extension that you proposed in %(number)s is approved."),
    "extension_refused": gettext_lazy("The extension that you proposed in %(number)s is refused."),
    "handler_released": gettext_lazy("Nobody handles %(number)s any longer: name somebody."),
    "calendar_moved": gettext_lazy("A time limit in %(number)s ends on another day: days off were announced."),
    "closed": gettext_lazy("What you reported as %(number)s is closed."),
    "reopened": gettext_lazy("What you reported as %(number)s is taken up again."),
    "read_granted": gettext_lazy("You may read %(number)s."),
    "urged": gettext_lazy("You are urged to bring %(number)s forward."),
    "reminder": gettext_lazy("A time limit needs you in %(number)s."),
    "stuck": gettext_lazy("%(count)s matters have not moved for two weeks or more."),
}
_DUE_SOON = gettext_lazy("%(number)s: “%(clock)s” ends on %(due)s.")
_OVERDUE = gettext_lazy("%(number)s: “%(clock)s” is overdue, it ended on %(due)s.")
for _verb, _said in (
    ("doubted", gettext_lazy("The machine's time jumped; what erases, ends or seals waits. Look at a clock.")),
    ("confirmed", gettext_lazy("An administrator confirmed the machine's time; what waited goes on.")),
    ("right_again", gettext_lazy("The machine's time is where it was; what waited goes on.")),
):
    registry.register_message(registry.MessageKind(f"time_{_verb}", _said, "casework:time-watch"))
registry.register_message(registry.MessageKind(
    "bulk_done", gettext_lazy("Your act on %(count)s matters is finished; %(refused)s were refused."),
    "casework:bulk-run", "run",
))


def send_messages(now=None) -> int:
    """Send unsent e-mails, oldest first; returns how many people were written to.

    The rows are claimed while their mail goes out; a failure leaves them owed, and a later run tries again after
    a pause that doubles, or after the claim of a worker that was killed has lapsed. The mail's id is made of its rows,
    so that a mail system drops a repetition.
    """
    now, written = now or timezone.now(), 0
    waiting = Message.objects.to_mail(now, MAX_TRIES)
    for recipient_id in waiting.order_by("recipient_id").values_list("recipient_id", flat=True).distinct():
        written += _send_to(recipient_id, now)
    return written


def in_words(message: Message) -> str:
    """What a message is about, in one sentence without names or content; a reminder says which limit and when."""
    values = {**message.data, "number": message.matter.number if message.matter else ""}
    if message.subject == "reminder" and {"rule", "level", "due_at"} <= set(message.data):
        return _reminder(values)
    if "day" in values:
        values["day"] = date_format(date.fromisoformat(values["day"]), "DATE_FORMAT")
    registered = registry.message_kind(message.subject)
    return str(registered.sentence if registered else _SENTENCES[message.subject]) % values


def path_of(message: Message) -> str:
    """Where a message leads: its matter, or what its kind names, or the inbox."""
    if message.matter_id:
        return reverse("casework:matter", args=[message.matter_id])
    if message.subject == "stuck":
        return reverse("casework:stuck")
    registered = registry.message_kind(message.subject)
    if registered is None:
        return reverse("casework:inbox")
    return reverse(registered.url_name, args=[message.data[registered.url_key]] if registered.url_key else ())


def _reminder(values) -> str:
    due_at = timezone.localtime(datetime.fromisoformat(values["due_at"]))
    # What ends with a day ends at the next midnight.
    shown = date_format(due_at - timezone.timedelta(seconds=1), "DATE_FORMAT")
    if due_at.hour or due_at.minute:
        shown = date_format(due_at, "DATETIME_FORMAT")
    words = _OVERDUE if values["level"].startswith("overdue") else _DUE_SOON
    return str(words) % {**values, "clock": clocks.get_rule(values["rule"]).label, "due": shown}


def _send_to(recipient_id: int, now) -> int:
    rows = _claim(recipient_id, now)
    if not rows:
        return 0
    try:
        _mail(rows).send()
    except OSError as error:
        for row in rows:
            row.tries += 1
            row.last_error = str(error)[:200]
            row.send_after = now + timezone.timedelta(minutes=2**row.tries)
        Message.objects.bulk_update(rows, ["tries", "last_error", "send_after"])
        return 0
    Message.objects.filter(pk__in=[row.pk for row in rows]).update(sent_at=now)
    return 1


@transaction.atomic
def _claim(recipient_id: int, now) -> list[Message]:
    """What the recipient is to be told, ours until the claim lapses: no transaction is open while the mail goes out."""
    rows = list(
        Message.objects.to_mail(now, MAX_TRIES).filter(recipient_id=recipient_id)
        .select_for_update(of=("self",), skip_locked=True).select_related("recipient", "matter").order_by("pk")
    )
    rows = _without_unseen(rows, now)
    lapses_at = max(now, timezone.now()) + CLAIM
    Message.objects.filter(pk__in=[row.pk for row in rows]).update(send_after=lapses_at)
    return rows


def _without_unseen(rows: list[Message], now) -> list[Message]:
    """Without what is about matters that the recipient sees no longer: that is withheld for good."""
    if not rows:
        return []
    unseen = unseen_messages(rows, rows[0].recipient)
    Message.objects.filter(pk__in=unseen).update(withheld_at=now)
    return [row for row in rows if row.pk not in unseen]


def _mail(rows: list[Message]) -> EmailMessage:
    recipient = rows[0].recipient
    with translation.override(recipient.language):
        lines = []
        for _subject, group in groupby(rows, key=lambda row: row.subject):
            lines += [f"{in_words(row)}\n{_link(row)}" for row in group]
        subject = _("%(count)s messages from the governance portal") % {"count": len(rows)}
        return EmailMessage(
            subject=subject, body="\n\n".join(lines), to=[recipient.email],
            headers={"Message-ID": f"<outbox-{rows[0].pk}-{rows[-1].pk}@portal>"},
        )


def _link(message: Message) -> str:
    return f"{settings.PUBLIC_URL}{path_of(message)}"
