"""The kernel's entries in the navigation, and the scopes of its interface (导航)."""
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from governance.organisation.models import Role
from governance.organisation.registry import (
    NavEntry,
    Scope,
    SetupStep,
    WaitingSource,
    register_entry,
    register_scope,
    register_step,
    register_waiting,
)

from . import registry
from .models import Matter, StaffMatch
from .registry import InboxItem, InboxSource, register_inbox
from .services import setting_up
from .services.personal_data import ANSWERERS
from .services.webhooks.subscribing import waiting_for
from .visibility import Sight

_SEPARATED = {Role.SYSTEM_ADMIN.value, Role.SECURITY_ADMIN.value, Role.AUDITOR.value}
WORKERS = frozenset(set(Role.values) - _SEPARATED)
REPORTERS = frozenset({"grid_worker", "village_officer", "mediator", "clerk", "petition_clerk", "inspector"})
OVERSEERS = frozenset({"leader", "office", "clerk", "petition_clerk", "unit_head"})
KEEPERS = frozenset({"clerk", "petition_clerk", "office"})

for entry in (
    NavEntry("inbox", _("To do"), "casework:inbox", "work", 0, WORKERS, phone=True),
    NavEntry("report", _("Report"), "casework:report", "work", 10, REPORTERS, phone=True),
    NavEntry("search", _("Search"), "casework:search", "work", 20, WORKERS, phone=True),
    NavEntry("notifications", _("Messages"), "casework:notifications", "work", 30, phone=False),
    NavEntry("matters", _("All matters"), "casework:matters", "matters", 0, WORKERS),
    NavEntry("stuck", _("Not moving"), "casework:stuck", "matters", 90, OVERSEERS),
    NavEntry("vocabularies", _("Vocabularies"), "casework:vocabularies", "admin", 40, frozenset({"system_admin"})),
    NavEntry("lengths", _("Local lengths"), "casework:lengths", "admin", 50, frozenset({"system_admin"})),
    NavEntry("retention", _("Lengths of keeping"), "casework:retention", "admin", 55,
             frozenset({"system_admin", "auditor"})),
    NavEntry("retention-ending", _("Keeping ends"), "casework:retention-ending", "matters", 95, KEEPERS),
    NavEntry("personal-data", _("What is held on somebody"), "casework:personal-data", "matters", 96,
             frozenset(ANSWERERS)),
    NavEntry("time", _("The machine's time"), "casework:time-watch", "admin", 58,
             frozenset({"system_admin", "security_admin", "auditor"})),
    NavEntry("holidays", _("Days off"), "casework:holidays", "admin", 52, frozenset({"system_admin"})),
    NavEntry("webhooks", _("Webhooks"), "casework:webhooks", "admin", 35,
             frozenset({"system_admin", "security_admin"})),
    NavEntry("reveal-log", _("Who looked"), "casework:reveal-log", "admin", 60, frozenset({"auditor"})),
    NavEntry("seals", _("Seals"), "casework:seals", "admin", 65, frozenset({"auditor"})),
    NavEntry("verify", _("Verify the history"), "casework:verify", "admin", 70, frozenset({"auditor"})),
):
    register_entry(entry)


_QUESTIONS = 5


def staff_questions(user, now) -> list[InboxItem]:
    """Whether parties are the staff of the same name or number, for the clerks of the kind; one query, or none.

    Until somebody answers, who is asked about may be shut out of the matter, so the question must not lie.
    """
    held = Sight.of(user).roles_at
    kinds = [kind.code for kind in registry.all_kinds() if set(kind.manage_roles) & set(held)]
    if not kinds:
        return []
    seen = Matter.objects.visible_to(user).open().filter(kind__in=kinds)
    rows = StaffMatch.objects.filter(answer="open", party__removed_at=None, party__matter__in=seen)
    rows = rows.exclude(user=user).select_related("party__matter", "user").order_by("pk")[:_QUESTIONS]
    words = gettext("%(number)s: is the party %(name)s the member of staff of that name or number?")
    return [
        InboxItem(words % {"number": row.party.matter.number, "name": row.party.name},
                  reverse("casework:act-on", args=[row.party.matter_id, "staff-match", row.pk]))
        for row in rows
    ]


register_inbox(InboxSource("staff-questions", staff_questions))
register_scope(Scope("matters:read", _("Read matters and their history")))
register_scope(Scope("matters:write", _("Act on matters: note, assign, instruct, time limits, files, corrections")))
register_scope(Scope("contacts:reveal", _("Look at contact data of parties in clear; each look is logged")))
register_scope(Scope("inbox", _("Read one's own inbox and messages, mark messages as read")))
register_scope(Scope("clocks:read", _("Read clocks")))
register_scope(Scope("webhooks", _("Read one's own webhook deliveries and have them sent again")))
register_waiting(WaitingSource("webhooks", _("Webhooks"), waiting_for))
for step in (
    SetupStep("hours", _("Working hours"), 60, setting_up.working_hours, "casework:hours", may_stand=True),
    SetupStep("lengths", _("Local lengths"), 70, setting_up.local_lengths, "casework:lengths", may_stand=True),
    SetupStep("holidays", _("Days off"), 80, setting_up.days_off, "casework:holidays", may_stand=True),
):
    register_step(step)
