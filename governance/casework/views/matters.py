"""Lists of matters (事项列表): filtered, paged by keyset; search; what does not move."""
from urllib.parse import parse_qsl

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from governance.organisation.views.narrowing import refuses

from .. import forms
from ..filters import PAGE_SIZE, MatterFilter, counts_to_cap, page_by_keyset
from ..models import Matter
from ..querysets import name_pressing_clocks
from ..services.bulk import MOST
from ..services.stuck import STUCK_DAYS, stuck_before
from .bulk import offers_for
from .refusals import only_for, signed_in

_CURSORS = ("after", "before", "day", "ticked")


@signed_in
@require_safe
def matters(request):
    """The list with its filters; every number on other pages leads here."""
    now = timezone.now()
    narrowed = MatterFilter(request.GET, user=request.user)
    rows = narrowed.narrow(Matter.objects.visible_to(request.user), now)
    if not narrowed.cleaned_data.get("status"):
        rows = rows.counted()
    is_refused = refuses(request, narrowed, also=("ticked",))
    rows = rows.none() if is_refused else rows
    page = page_by_keyset(rows.for_list(now), request.GET, by_due=narrowed.by_due())
    count = len(page.rows) if page.is_whole else counts_to_cap(rows)[0]
    name_pressing_clocks(page.rows)
    return render(request, "casework/matter_list.html", {
        "filter": narrowed, "matters": page.rows, "count": count, "page": page, "now": now,
        "query": _query_without(request, *_CURSORS), "is_narrowed": narrowed.is_narrowed(),
        "jump_day": request.GET.get("day", ""), "offers": offers_for(request.user), "filter_query": narrowed.query(),
        "filter_pairs": parse_qsl(narrowed.query()), "is_ticked": "ticked" in request.GET,
        "tick_query": _query_without(request, "ticked"),
        "all_count": count if PAGE_SIZE < count <= MOST else 0,
    }, status=400 if is_refused else 200)


@signed_in
@require_safe
def search(request):
    """Search by number, title, parties' names, address, text; a number alone is found in both forms."""
    text, now = request.GET.get("q", "").strip()[:100], timezone.now()
    exact, page, count = None, None, 0
    if text:
        exact = forms.find_by_number(text, request.user)
        rows = Matter.objects.visible_to(request.user).matching(text)
        page = page_by_keyset(rows.for_list(now), request.GET)
        count = len(page.rows) if page.is_whole else counts_to_cap(rows)[0]
        name_pressing_clocks(page.rows)
    return render(request, "casework/search.html", {
        "text": text, "exact": exact, "page": page, "matters": page.rows if page else [], "count": count,
        "now": now, "query": _query_without(request, *_CURSORS),
    })


@only_for("leader", "office", "clerk", "petition_clerk", "unit_head")
@require_safe
def stuck(request):
    """What has not moved for two weeks, the longest first; whose it is."""
    now = timezone.now()
    rows = Matter.objects.visible_to(request.user).stuck(stuck_before(now))
    count = counts_to_cap(rows)[0]
    found = list(rows.for_list(now)[:100])
    return render(request, "casework/stuck.html", {
        "matters": found, "count": count, "days": STUCK_DAYS, "now": now,
    })


def _query_without(request, *names) -> str:
    """The address's query without some names, for links that keep the filters."""
    query = request.GET.copy()
    for name in names:
        query.pop(name, None)
    return query.urlencode()
