"""What the frame of every page shows: navigation, who is working, unread messages (页面框架)."""
from django.db.models import Count, OuterRef, Subquery
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from governance.organisation.models import Role, User
from governance.organisation.registry import entries_for

from ..models import Message
from ..visibility import Sight

SECTION_LABELS = {"work": "", "matters": _("Matters"), "base": _("Base"), "admin": _("Administration")}
PHONE_PLACES = 4
_NOBODY = {"nav": (), "phone_nav": (), "phone_more": (), "who": None, "township_name": "", "unread_count": 0}


def portal(request) -> dict:
    """`nav` (sections of entries), `phone_nav` and `phone_more` (the bar and what lies behind its last place), `who`,
    `township_name`, `unread_count`.

    Lazy: a page that shows no frame pays nothing; one that does pays one query beyond the user's sight.
    """
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return _NOBODY
    frame = SimpleLazyObject(lambda: _frame(user))
    entries = SimpleLazyObject(lambda: _entries(request, user))
    return {
        "nav": SimpleLazyObject(lambda: _sections(entries)),
        "phone_nav": SimpleLazyObject(lambda: _on_bar(entries)),
        "phone_more": SimpleLazyObject(lambda: _sections([e for e in entries if e not in _on_bar(entries)])),
        "who": SimpleLazyObject(lambda: {"name": user.name, "unit": frame["unit"], "roles": _role_names(user)}),
        "township_name": SimpleLazyObject(lambda: frame["township"]),
        "unread_count": SimpleLazyObject(lambda: frame["unread"]),
    }


def _frame(user) -> dict:
    unread = (
        Message.objects.in_portal(user).filter(recipient=OuterRef("pk"), read_at=None)
        .order_by().values("recipient").annotate(count=Count("pk")).values("count")
    )
    row = (
        User.objects.filter(pk=user.pk).annotate(unread=Subquery(unread))
        .values_list("home_unit__short_name", "home_unit__township__short_name", "unread").first()
    )
    unit, township, count = row or ("", "", 0)
    return {"unit": unit or "", "township": township or unit or "", "unread": count or 0}


def _role_names(user) -> list:
    return [Role(role).label for role in Role.values if role in Sight.of(user).roles_at]


def _entries(request, user) -> list[dict]:
    """The entries of the user's posts; one whose address is not wired in is left out."""
    entries = []
    for entry in entries_for(Sight.of(user).roles_at):
        try:
            url = reverse(entry.url_name)
        except NoReverseMatch:
            continue
        entries.append({
            "code": entry.code, "label": entry.label, "url": url, "section": entry.section, "phone": entry.phone,
            "is_current": False,
        })
    around = [entry for entry in entries if request.path == entry["url"] or _lies_below(request.path, entry["url"])]
    if around:
        max(around, key=lambda entry: len(entry["url"]))["is_current"] = True
    return entries


def _lies_below(path: str, url: str) -> bool:
    """Whether a page lies below the page of an entry; everything lies below the inbox, which says nothing."""
    return url != "/" and path.startswith(url)


def _on_bar(entries) -> list[dict]:
    """What has a place of its own on the phone: entries made for it first, each once; the rest lies behind "more"."""
    by_use = sorted(entries, key=lambda entry: not entry["phone"])
    return by_use[:PHONE_PLACES]


def _sections(entries) -> list[dict]:
    sections = {}
    for entry in entries:
        section = sections.setdefault(
            entry["section"], {"code": entry["section"], "label": SECTION_LABELS[entry["section"]], "entries": []}
        )
        section["entries"].append(entry)
    return list(sections.values())
