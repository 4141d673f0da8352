"""Reminders as debts: first owe, then pay (提醒与升级).

`owe_reminders` writes a row for each person that a clock's ladder reaches; the row is unique, so a run
that comes late or twice tells nobody twice. `pay_reminders` turns rows into messages, a group at a time,
each group in one transaction: a worker killed in the middle leaves only whole groups behind.
"""
from django.db import transaction
from django.utils import timezone

from governance.organisation.models import Duty, Post, Role, StandIn, User

from .. import clocks
from ..models import Clock, EventType, Matter, Message, Reminder
from ..visibility import walled_user_ids
from .arranging import working_calendar
from .door import Passage
from .webhooks.announcing import announce

BATCH = 500
# Whom the ladder asks for, from the desk upwards; whoever is walled or missing is replaced by the next.
LADDER = ("handler", "unit_head", "leader", "office")


def owe_reminders(now=None) -> int:
    """Write what is owed by now; returns how many clocks were looked at.

    Reads only running clocks whose next moment has come (index `clock_to_remind`), oldest first.
    """
    now, seen = now or timezone.now(), 0
    while batch := list(_due_clocks(now)):
        for clock in batch:
            _owe(clock, now)
        seen += len(batch)
    return seen


def next_moment(clock: Clock, rule, calendar=None, after=None):
    """The next moment of the clock's ladder after an instant (default: its start), or None."""
    if clock.due_at is None:
        return None
    after = after or clock.started_at
    later = [moment.at for moment in _moments(clock, rule, calendar) if moment.at > after]
    return min(later, default=None)


def pay_reminders(now=None) -> int:
    """Turn owed reminders into messages and an entry in the timeline; returns how many were paid.

    Rows whose clock has stopped or moved are dropped: nobody is reminded of what is done.
    """
    now, paid = now or timezone.now(), 0
    Reminder.objects.stale().delete()
    groups = dict.fromkeys(
        Reminder.objects.payable(now).values_list("matter_id", "clock_id", "level", "due_at")
    )
    for matter_id, clock_id, level, due_at in groups:
        paid += _pay_group(matter_id, clock_id, level, due_at, now)
    return paid


def recipients_at(matter: Matter, wanted, day) -> list[User]:
    """The people whom these rungs of the ladder name, stand-ins beside the absent, nobody walled.

    A rung with nobody left on it passes to the next one up.
    """
    told: dict[int, User] = {}
    for name in wanted:
        for rung in LADDER[LADDER.index(name):]:
            people = _free(matter, _with_stand_ins(_on_rung(matter, rung, day), day))
            if people:
                told.update({user.pk: user for user in people})
                break
    return list(told.values())


def write_messages(*, matter, recipients, subject, key, data, now, send_after=None, assignment=None, reminder=None):
    """Put messages into the outbox: in the portal at once, by e-mail where there is an address.

    `key` makes each of them exist once. Whoever is walled from the matter is not written to.
    """
    walled = walled_user_ids(matter.pk, [user.pk for user in recipients])
    rows = []
    for user in recipients:
        if user.pk in walled or not user.is_active:
            continue
        common = {
            "recipient": user, "matter": matter, "subject": subject, "data": data, "assignment": assignment,
            "reminder": reminder, "created_at": now, "send_after": send_after or now,
        }
        stem = f"{matter.pk}:{key}:{user.pk}"
        rows.append(Message(channel="portal", key=f"{stem}:portal", sent_at=now, **common))
        if user.email:
            rows.append(Message(channel="email", key=f"{stem}:email", **common))
        announce(
            matter=matter, types=[EventType.REMINDER if subject == "reminder" else EventType.NOTICE], key=stem, now=now,
            data={"recipient": user.pk, "about": subject},
        )
    Message.objects.bulk_create(rows, ignore_conflicts=True)


def _due_clocks(now):
    return (
        Clock.objects.running().filter(remind_at__lte=now)
        .select_related("matter", "matter__unit", "matter__responsible_unit", "matter__handler", "matter__township")
        .order_by("remind_at", "pk")[:BATCH]
    )


@transaction.atomic
def _owe(clock: Clock, now) -> None:
    """Write the rows of one clock for every rung that has come, and move its next moment on."""
    rule, calendar = clocks.get_rule(clock.rule), working_calendar()
    locked = Clock.objects.select_for_update(skip_locked=True).filter(pk=clock.pk, remind_at=clock.remind_at)
    if not locked.exists():
        return
    come = [m for m in _moments(clock, rule, calendar) if clock.remind_at <= m.at <= now]
    if clock.due_at <= now:
        # A run that comes late does not announce what has passed already.
        come = [moment for moment in come if moment.at >= clock.due_at] or come[-1:]
    at_once = rule.urgent or clock.due_on is None
    rows = [
        Reminder(
            clock=clock, matter_id=clock.matter_id, due_at=clock.due_at, level=moment.level, recipient=user,
            owed_at=moment.at, send_after=now if at_once else calendar.next_opening(max(moment.at, now)),
        )
        for moment in come
        for user in recipients_at(clock.matter, moment.recipients, timezone.localdate(now))
    ]
    Reminder.objects.bulk_create(rows, ignore_conflicts=True)
    locked.update(remind_at=next_moment(clock, rule, calendar, after=now))


def _moments(clock: Clock, rule, calendar=None):
    return clocks.reminder_moments(
        rule, start=timezone.localtime(clock.started_at), due_on=clock.due_on, due_at=clock.due_at,
        calendar=calendar or working_calendar(),
    )


@transaction.atomic
def _pay_group(matter_id, clock_id, level, due_at, now) -> int:
    matter = Matter.objects.select_for_update(of=("self",)).get(pk=matter_id)
    clock = Clock.objects.get(pk=clock_id)
    rows = list(
        Reminder.objects.payable(now).filter(clock_id=clock_id, level=level, due_at=due_at)
        .select_for_update(of=("self",), skip_locked=True).select_related("recipient")
    )
    if clock.state != Clock.State.RUNNING or clock.due_at != due_at:
        Reminder.objects.filter(pk__in=[row.pk for row in rows]).delete()
        return 0
    walled = walled_user_ids(matter_id, [row.recipient_id for row in rows])
    told = [row for row in rows if row.recipient_id not in walled]
    for row in told:
        write_messages(
            matter=matter, recipients=[row.recipient], subject="reminder", key=f"reminder:{row.pk}",
            data={"rule": clock.rule, "level": level, "due_at": due_at.isoformat()}, now=now, reminder=row,
        )
    Reminder.objects.filter(pk__in=[row.pk for row in rows]).update(sent_at=now)
    if told:
        act = Passage(matter, None, origin="reminder", now=now)
        act.event(
            "reminded", data={"rule": clock.rule, "level": level, "users": [r.recipient_id for r in told]},
            personal={"recipients": [row.recipient.name for row in told]}, changes=False,
        )
        act.finish()
    return len(told)


def _on_rung(matter: Matter, rung: str, day) -> list[User]:
    """The people on one rung of the ladder, before the wall is asked."""
    if rung == "handler":
        return [matter.handler] if matter.handler_id else []
    if rung == "unit_head":
        unit = matter.responsible_unit or matter.unit
        return _nearest(Post.objects.on(day).reaching(unit).with_role(Role.UNIT_HEAD.value))
    if rung == "leader":
        return _leaders_in_charge(matter, day)
    offices = Post.objects.on(day).with_role(Role.OFFICE.value).filter(unit__path__startswith=matter.township.path)
    return _people(offices)


def _leaders_in_charge(matter: Matter, day) -> list[User]:
    """Who has the field in scope for this kind and place; else who has the first responsibility."""
    (duty,) = Duty.objects.in_charge([(matter.kind, matter.unit)], day)
    return [duty.post.user] if duty else []


def _nearest(posts) -> list[User]:
    """Holders of the posts whose unit lies nearest to the matter."""
    posts = list(posts.select_related("user", "unit"))
    if not posts:
        return []
    depth = max(len(post.unit.path) for post in posts)
    return [post.user for post in posts if len(post.unit.path) == depth]


def _people(posts) -> list[User]:
    return [post.user for post in posts.select_related("user").order_by("pk")]


def _with_stand_ins(people: list[User], day) -> list[User]:
    """The people and whoever stands in for a post of theirs today."""
    if not people:
        return []
    standing = StandIn.objects.on(day).filter(post__user__in=people).select_related("user")
    return list({user.pk: user for user in [*people, *(row.user for row in standing)]}.values())


def _free(matter: Matter, people: list[User]) -> list[User]:
    walled = walled_user_ids(matter.pk, [user.pk for user in people])
    return [user for user in people if user.pk not in walled and user.is_active]
