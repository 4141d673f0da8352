"""How well the data are kept, for monitoring (保管监控): no file and no person is in any label."""
from django.db.models import Count
from django.utils import timezone

from governance.organisation.registry import Gauge, register_gauge

from ..models import Backup, FileCheck, FileTrouble
from ..registry import all_files
from . import storing


def store_there():
    """1 when the folder of the attachments is the store of this database."""
    return [((), int(storing.is_there()))]


def files_in_trouble():
    """Files that are missing or altered, as the last comparison found them."""
    found = dict(FileTrouble.objects.order_by().values_list("kind").annotate(Count("pk")))
    return [((kind,), found.get(kind, 0)) for kind in FileTrouble.Kind.values]


def files_check_age():
    """Seconds since each source's files were all compared; -1 before the first time."""
    through = dict(FileCheck.objects.values_list("source", "through_at"))
    now = timezone.now()
    return [
        ((source.code,), (now - through[source.code]).total_seconds() if through.get(source.code) else -1)
        for source in all_files()
    ]


def backup_age():
    """Seconds since the instant of the last backup that was proved; -1 if there is none."""
    last = Backup.objects.filter(state=Backup.State.PROVED).order_by("-began_at").values_list("began_at", flat=True)
    began_at = last.first()
    return [((), (timezone.now() - began_at).total_seconds() if began_at else -1)]


def backup_state():
    """1 for how the last backup stands."""
    last = Backup.objects.order_by("-began_at").values_list("state", flat=True).first()
    return [((state,), int(state == last)) for state in Backup.State.values]


def backup_bytes():
    """What the last whole backup added to its folder."""
    last = Backup.objects.exclude(made_at=None).order_by("-began_at").first()
    return [(("database",), last.database_bytes if last else 0), (("files",), last.new_bytes if last else 0)]


def register_gauges() -> None:
    """Offer them for monitoring."""
    for gauge in (
        Gauge("portal_store_up", "Whether the folder of the attachments is the store.", (), store_there),
        Gauge("portal_files_in_trouble", "Files that are missing or altered.", ("kind",), files_in_trouble),
        Gauge("portal_files_check_age_seconds", "Time since all files were compared.", ("source",), files_check_age),
        Gauge("portal_backup_age_seconds", "Age of the last backup restored on trial; -1: none.", (), backup_age),
        Gauge("portal_backup_state", "How the last backup stands.", ("state",), backup_state),
        Gauge("portal_backup_bytes", "What the last backup added to its folder.", ("part",), backup_bytes),
    ):
        register_gauge(gauge)
