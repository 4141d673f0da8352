"""The administrators' page on the keeping of data, at a glance and on a phone."""
import pytest
from django.urls import reverse
from django.utils import timezone

from governance.keeping.models import Backup, FileTrouble
from governance.keeping.services import storing
from tests.support import browser
from tests.support.screens import open_page


def test_administrators_read_how_the_data_are_kept_and_nobody_else(client, town, settings):
    settings.BACKUP_FOLDER = "/mnt/backup"
    now = timezone.now()
    Backup.objects.create(name="20261127T013000Z", folder="/mnt/backup", state="proved", began_at=now, made_at=now,
                          proved_at=now, event_count=1234)
    Backup.objects.create(name="20261126T013000Z", folder="/mnt/backup", state="failed", problem="备份磁盘已满",
                          began_at=now - timezone.timedelta(days=1))
    FileTrouble.objects.create(source="attachment", row=1, path="2026/11/a.pdf", kind="altered", found_at=now)
    for person in (town.system_admin, town.security_admin, town.auditor):
        shown = open_page(client, person, "keeping:state").content.decode()
        for words in ("已试恢复验证", "1234", "备份磁盘已满", "2026/11/a.pdf", "文件被改动"):
            assert words in shown, words
        assert "附件目录不在" not in shown and reverse("keeping:state") in shown
    for person in (town.officer, town.clerk, town.leader):
        assert open_page(client, person, "keeping:state").status_code == 403


def test_a_missing_store_and_a_missing_backup_are_said_on_top(client, town, settings):
    settings.BACKUP_FOLDER = "/mnt/backup"
    (storing.root() / storing.MARKER).unlink()
    shown = open_page(client, town.system_admin, "keeping:state").content.decode()
    assert "附件目录不在" in shown and "昨天以来没有通过验证的备份" in shown


@pytest.mark.browser
@pytest.mark.parametrize("width", [360, 1366])
def test_the_page_has_room_on_a_phone_and_at_a_desk(page_at, town, width, settings):
    now = timezone.now()
    Backup.objects.create(name="20261127T013000Z", folder="/mnt/backup", state="failed", began_at=now,
                          problem="附件存储中有文件缺失，备份磁盘已满。" * 3)
    FileTrouble.objects.create(source="attachment", row=1, path="2026/11/" + "a" * 32 + ".pdf", kind="missing",
                               found_at=now)
    page = page_at(width=width, user=town.system_admin)
    page.goto(reverse("keeping:state"))
    browser.check(page)
