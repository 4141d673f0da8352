"""What is known of the store, of its files, of backups and of the change of keys."""
from .backup import Backup
from .keys import HashKey, KeyTurn
from .store import FileCheck, FileTrouble, Store

__all__ = ["Backup", "FileCheck", "FileTrouble", "HashKey", "KeyTurn", "Store"]
