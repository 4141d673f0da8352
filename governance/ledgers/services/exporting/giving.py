"""Giving a made file out (取走导出文件), and taking it away when its days are over."""
from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import gettext as _

from governance.casework.models import Matter
from governance.keeping.services import storing
from governance.organisation.models import Unit
from governance.organisation.registry import Refused

from ...models import LedgerExport
from ..sealed import unsealed
from .making import folder, progress_key
from .scopes import all_exports, find_export


def open_export(*, export_id: int, actor):
    """The record and the open file of an own export that is ready.

    Refused: `export-not-found` (not there, not the actor's own, or their posts no longer allow it),
    `export-not-ready`, `export-outdated` (a matter in it is no longer for the actor to see).
    """
    row = LedgerExport.objects.of(actor).filter(pk=export_id).first()
    if row is None:
        raise Refused("export-not-found", _("There is no such file."))
    find_export(row.code, actor)
    if row.state != LedgerExport.State.READY or row.expires_at < timezone.now():
        raise Refused("export-not-ready", _("This file is not there (any more). Take the table out anew."))
    # The wall holds up to the moment at which the file leaves: a recusal since then shuts it.
    seen = Matter.objects.visible_to(actor).filter(pk__in=row.matter_ids).count()
    if seen != len(row.matter_ids):
        raise Refused(
            "export-outdated", _("Something in this file is no longer for you to see. Take the table out anew.")
        )
    try:
        return row, unsealed(folder() / row.path)
    except (FileNotFoundError, ValueError) as missing:
        if not storing.is_there():
            raise storing.missing(row.path) from missing
        raise Refused(
            "export-not-ready", _("This file is not there (any more). Take the table out anew.")
        ) from missing


def progress_of(row: LedgerExport) -> int:
    """Rows written so far."""
    if row.state != LedgerExport.State.WAITING:
        return row.row_count
    return min(cache.get(progress_key(row.pk), 0), row.expected_count)


def describe(rows) -> list:
    """Give each record `label` (of its table), `places` (names) and `percent`; one query for all of them."""
    rows = list(rows)
    labels = {export.code: export.label for export in all_exports()}
    wanted = {pk for row in rows for pk in row.choice.get("places", ())}
    names = dict(Unit.objects.filter(pk__in=wanted).values_list("pk", "short_name")) if wanted else {}
    for row in rows:
        row.label = labels.get(row.code, row.title)
        row.places = [names[pk] for pk in row.choice.get("places", ()) if pk in names]
        row.done = progress_of(row)
        row.percent = 100 * row.done // max(row.expected_count, 1)
    return rows


def expire_exports(*, now=None) -> int:
    """Remove the files whose days are over; the records stay. Returns how many."""
    count = 0
    for row in LedgerExport.objects.expired(now or timezone.now()):
        (folder() / row.path).unlink(missing_ok=True)
        row.state, row.path = LedgerExport.State.EXPIRED, ""
        row.save(update_fields=["state", "path"])
        count += 1
    return count
