"""The backup of every night (每夜备份): made, proved, and what is over its time cleared."""
from django.conf import settings

from governance.organisation.services.timekeeping import is_right

from ...models import Backup
from .making import make, vault_at
from .proving import prove
from .retaining import prune, rule_of


def run(folder=None) -> Backup:
    """Make a backup, restore it on trial, then clear old ones: never before the new one is proved."""
    vault = vault_at(folder or settings.BACKUP_FOLDER)
    rule = rule_of(settings.BACKUP_KEEP)
    row = prove(vault, make(vault))
    if is_right():
        prune(vault, rule)
    return row


def is_set_up() -> bool:
    """Whether backups are made each night."""
    return bool(settings.BACKUP_FOLDER and settings.BACKUP_KEY)


