"""A small town whose files and backups lie in folders of the test."""
import pytest

from tests.support.factories.casework import make_town
from tests.support.fakes import probe_kind

KEY = "backup-key-backup-key-backup-key-1234567"


@pytest.fixture
def town(transactional_db, settings, tmp_path):
    """The town, committed, so that other processes see it."""
    settings.ATTACHMENT_ROOT, settings.BACKUP_KEY = tmp_path / "attachments", KEY.encode()
    with probe_kind():
        yield make_town()
