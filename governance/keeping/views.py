"""How well the data are kept (数据保管): the store, its files, the backups and what proved them."""
from functools import wraps

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from governance.organisation.visibility import current_roles

from .models import Backup, FileCheck, FileTrouble
from .registry import all_files
from .services import storing
from .services.backups import nightly

READERS = frozenset({"system_admin", "security_admin", "auditor"})
_BACKUPS, _TROUBLES, _LATE_HOURS = 30, 50, 36


def _for_administrators(view):
    @login_required
    @never_cache
    @wraps(view)
    def checked(request, *args, **kwargs):
        if not READERS & current_roles(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return checked


@_for_administrators
@require_safe
def state(request):
    """One page: is the store there, are its files whole, when was a backup last proved."""
    checks = {row.source: row for row in FileCheck.objects.all()}
    proved = Backup.objects.filter(state=Backup.State.PROVED).first()
    late = timezone.now() - timezone.timedelta(hours=_LATE_HOURS)
    return render(request, "keeping/state.html", {
        "store_is_there": storing.is_there(), "folder": storing.root(),
        "sources": [(source, checks.get(source.code)) for source in all_files()],
        "troubles": _named(FileTrouble.objects.all()[:_TROUBLES]), "trouble_count": FileTrouble.objects.count(),
        "backups": Backup.objects.all()[:_BACKUPS], "proved": proved, "is_set_up": nightly.is_set_up(),
        "is_late": nightly.is_set_up() and (proved is None or proved.began_at < late),
        "backup_folder": settings.BACKUP_FOLDER,
    })


def _named(troubles) -> list:
    labels = {source.code: source.label for source in all_files()}
    rows = list(troubles)
    for row in rows:
        row.label = labels.get(row.source, row.source)
    return rows
