"""Entries of reports in the navigation, the inbox of whoever has the next act, the interface's scope (导航与待办)."""
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.casework.registry import InboxItem, InboxSource, register_inbox
from governance.casework.visibility import Sight
from governance.organisation.registry import NavEntry, Scope, register_entry, register_scope

from .querysets import parts_to_confirm, versions_to_act_on
from .visibility import OVERSEERS, READERS, REVIEWERS, SIGNERS, VILLAGE_ROLES


def waiting(user, now) -> list[InboxItem]:
    """What of the weekly reports waits for the user; two queries, none for whoever has no part in them."""
    if not set(Sight.of(user).roles_at) & {*VILLAGE_ROLES, *REVIEWERS, *SIGNERS}:
        return []
    items = [
        InboxItem(
            _part_in_words(part), reverse("reporting:rollup", args=[part.version.rollup_id]), part.version.confirm_by
        )
        for part in parts_to_confirm(user)
    ]
    return items + [
        InboxItem(_version_in_words(version), reverse("reporting:rollup", args=[version.rollup_id]))
        for version in versions_to_act_on(user, now)
    ]


def _part_in_words(part) -> str:
    words = (
        _("%(village)s: the weekly report was sent back, %(week)s") if part.returned_at
        else _("%(village)s: the weekly report waits for your confirmation, %(week)s")
    )
    return words % {"village": part.unit.short_name, "week": part.version.rollup.period.label}


def _version_in_words(version) -> str:
    if version.state == version.State.REVIEWED:
        words = _("%(township)s: the weekly report waits for your signature, %(week)s")
    elif version.returned_at:
        words = _("%(township)s: the leader sent the weekly report back, %(week)s")
    elif version.lacking:
        words = _("%(township)s: the weekly report waits for your review, %(week)s; %(missing)s villages lack")
    else:
        words = _("%(township)s: the weekly report waits for your review, %(week)s; all villages have confirmed")
    place = version.rollup.township.short_name
    return words % {"township": place, "week": version.rollup.period.label, "missing": version.lacking}


_WEEKS, _TABLES = gettext_lazy("Weekly reports"), gettext_lazy("Tables for superiors")
_HABITS = gettext_lazy("Report settings")
for entry in (
    NavEntry("dashboard", gettext_lazy("Dashboard"), "reporting:dashboard", "work", 5, OVERSEERS, phone=True),
    NavEntry("rollups", _WEEKS, "reporting:rollups", "work", 25, READERS, phone=True),
    NavEntry("tables", _TABLES, "reporting:tables", "work", 26, READERS),
    NavEntry("report-settings", _HABITS, "reporting:settings", "work", 27, frozenset({"office"})),
):
    register_entry(entry)
register_inbox(InboxSource("weekly-reports", waiting))
register_scope(Scope("figures:read", gettext_lazy("Read figures, tables and weekly reports")))
