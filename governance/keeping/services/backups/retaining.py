"""How long backups are kept (备份保留): the last of each of so many days, weeks and months; the rest goes."""
from datetime import UTC, datetime

from django.utils.translation import gettext as _

from governance.organisation.registry import Refused

from .vault import Vault


def rule_of(text: str) -> tuple[int, int, int]:
    """Days, weeks and months of PORTAL_BACKUP_KEEP. Refused: `backup-keep-invalid`."""
    try:
        days, weeks, months = (int(part) for part in text.split())
    except ValueError as error:
        raise Refused(
            "backup-keep-invalid",
            _("PORTAL_BACKUP_KEEP is three numbers, days, weeks and months, such as “7 5 12”."),
        ) from error
    return max(days, 1), weeks, months


def kept_of(names: list[str], rule: tuple[int, int, int]) -> set[str]:
    """Which of the backups stay: the newest of each of the last days, weeks and months that have any."""
    kept = set()
    spans = ("%Y%m%d", "%G%V", "%Y%m")
    for span, count in zip(spans, rule, strict=True):
        newest = {}
        for name in sorted(names):
            newest[datetime.strptime(name, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).strftime(span)] = name
        kept |= {newest[key] for key in sorted(newest)[len(newest) - min(count, len(newest)):]}
    return kept


def prune(vault: Vault, rule: tuple[int, int, int]) -> list[str]:
    """Clear the backups whose time is over, and the objects that no other one has; the names that went."""
    with vault.locked():
        names = vault.names()
        gone = [name for name in names if name not in kept_of(names, rule)]
        if not gone:
            return []
        # Read before anything goes: a backup that cannot be read keeps every object.
        used = {bytes.fromhex(held) for name in names if name not in gone
                for _path, held, _sha in vault.files(name, vault.manifest(name))}
        for name in gone:
            vault.forget(name)
        for path in vault.objects():
            if bytes.fromhex(path.name) not in used:
                path.unlink()
    return gone
