"""Backups: made while the portal runs, proved by restoring, never half, brought back elsewhere as they were."""
import json
import os
import signal
import subprocess
import sys
import threading

import pytest
from django.conf import settings as active
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections

from governance.casework.models import Event
from governance.casework.services import attaching
from governance.keeping.models import Backup
from governance.keeping.services import measuring, storing
from governance.keeping.services.backups import making, nightly, programs, proving, retaining
from governance.keeping.services.backups.vault import Vault
from governance.organisation.registry import Refused
from tests.support import stores
from tests.support.factories.casework import report
from tests.support.portals import ROOT, until

from .conftest import KEY

pytestmark = pytest.mark.slow(6)


@pytest.fixture
def vault(tmp_path, town):
    return Vault(tmp_path / "backups", KEY.encode())


def attach(town, matter, text="x"):
    paper = SimpleUploadedFile("证明.pdf", f"%PDF-1.4 {text}".encode())
    (row,) = attaching.attach(matter_id=matter.pk, actor=town.officer, files=[("", paper)])
    return row


def command(name, *arguments, database=None, media=None, **more):
    """Start a command on the tests' database, or on another one."""
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "governance.settings", "PORTAL_BACKUP_KEY": KEY, "LC_ALL": "en_US.UTF-8",
        "DATABASE_URL": programs.url_of(database or programs.address()),
        "PORTAL_MEDIA": str(media or active.ATTACHMENT_ROOT), **more,
    }
    return subprocess.Popen([sys.executable, "manage.py", name, *map(str, arguments), "--json"], cwd=ROOT, env=env,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def told(process) -> dict:
    out, errors = process.communicate(timeout=120)
    assert out.strip(), errors
    return json.loads(out.strip().splitlines()[-1])


def test_a_backup_made_under_writing_is_proved_and_restored_elsewhere_with_the_same_hash(town, vault, tmp_path):
    matters = [report(town) for _number in range(4)]
    attach(town, matters[0], "before")
    is_over = threading.Event()

    def write_on():
        while not is_over.is_set():
            attach(town, matters[1], os.urandom(8).hex())
        connections.close_all()

    writer = threading.Thread(target=write_on)
    writer.start()
    try:
        row = proving.prove(vault, making.make(vault))
    finally:
        is_over.set()
        writer.join()
    assert row.state == "proved" and row.event_count >= 5 and row.missing_count == 0
    for path in (tmp_path / "backups").rglob("*"):
        assert not path.is_file() or b"%PDF" not in path.read_bytes(), "nothing lies in clear"
    with proving.scratch_database(f"{programs.address()['dbname']}_elsewhere") as other:
        here = {"database": other, "media": tmp_path / "new", "PORTAL_DATA": tmp_path / "d"}
        done = told(command("restore", vault.folder, **here))
        with programs.connected(other) as cursor:
            cursor.execute("SELECT path, sha256 FROM casework_attachment")
            attached = cursor.fetchall()
    assert (done["backup"], done["verified"], done["events"]) == (row.name, True, row.event_count)
    assert done["files"] == len(attached) == row.file_count and len(done["hash"]) == 64
    with (tmp_path / "new" / attached[0][0]).open("rb") as file:
        assert proving.hash_of(iter([file.read()])) == attached[0][1]
    assert (tmp_path / "new" / storing.MARKER).read_text() == (storing.root() / storing.MARKER).read_text() + "\n"
    assert "KEY" not in (tmp_path / "d" / "settings-of-backup.env").read_text()


def test_the_second_backup_copies_only_what_is_new(town, vault):
    matter = report(town)
    attach(town, matter, "one")
    first = making.make(vault)
    attach(town, matter, "two")
    attach(town, matter, "one")
    second = making.make(vault)
    assert (first.new_count, second.file_count, second.new_count) == (1, 3, 1), "the same content is there once"


def test_a_backup_killed_in_the_middle_is_no_backup_and_the_next_one_is_whole(town, vault):
    for number in range(3):
        attach(town, report(town), str(number))
    making.make(vault)
    process = command("backup", vault.folder)
    assert until(lambda: list(vault.folder.glob(".2*Z/database")), seconds=60)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert len(vault.names()) == 1 and list(vault.folder.glob(".2*Z")), "what was broken off has no name of its own"
    row = nightly.run(vault.folder)
    assert vault.names()[-1] == row.name and not list(vault.folder.glob(".2*Z"))
    assert Backup.objects.filter(state="failed", problem_code="broken-off").count() == 1


def test_a_full_disk_is_said_in_words_and_earlier_backups_stay(town, vault):
    attach(town, report(town))
    first = making.make(vault)

    class Full(Vault):
        def begin(self, name):
            draft = super().begin(name)
            (draft / "database").symlink_to("/dev/full")
            return draft

    with pytest.raises(Refused, match="backup-disk-full"):
        making.make(Full(vault.folder, KEY.encode()))
    assert vault.names() == [first.name] and not list(vault.folder.glob(".2*Z"))
    failed = Backup.objects.first()
    assert (failed.state, failed.problem_code) == ("failed", "backup-disk-full") and failed.problem


def test_two_backups_into_one_folder_do_not_meet(town, vault):
    with vault.locked(), pytest.raises(Refused, match="backup-running"):
        making.make(Vault(vault.folder, KEY.encode()))


@pytest.mark.parametrize("part", ["database", "files", "manifest"])
def test_a_changed_part_of_a_backup_is_found_when_it_is_tried(town, vault, part):
    attach(town, report(town))
    row = making.make(vault)
    path = vault.folder / row.name / part
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(Refused, match="backup-damaged"):
        proving.prove(vault, row)
    row.refresh_from_db()
    assert (row.state, row.problem_code, row.proved_at) == ("failed", "backup-damaged", None)


def test_a_history_that_was_changed_behind_the_portal_does_not_prove(town, vault):
    report(town)
    with programs.connected(programs.address()) as cursor:
        cursor.execute("SET session_replication_role TO replica; UPDATE casework_event SET verb = 'other'")
    row = making.make(vault)
    with pytest.raises(Refused, match="backup-history-misfits"):
        proving.prove(vault, row)
    assert Event.objects.exists() and dict(measuring.backup_state())[("failed",)] == 1


def test_a_restore_overwrites_nothing_and_a_wrong_key_is_said(town, vault, tmp_path):
    attach(town, report(town))
    making.make(vault)
    assert told(command("restore", vault.folder))["error"] == "database-not-empty"
    with proving.scratch_database(f"{programs.address()['dbname']}_elsewhere") as other:
        here = {"database": other, "media": tmp_path / "new"}
        assert told(command("restore", vault.folder, PORTAL_BACKUP_KEY="another", **here))["error"] == "backup-damaged"
        assert told(command("restore", tmp_path / "none", **here))["error"] == "backup-not-found"
        wrong = told(command("restore", vault.folder, PORTAL_PERSONAL_KEY="k" * 40, **here))
        assert wrong["error"] == "personal-key-differs"
    assert not (tmp_path / "new").exists()


def test_a_restore_killed_in_the_middle_is_begun_again(town, vault, tmp_path):
    for number in range(40):
        attach(town, report(town), str(number) * 50_000)
    name = making.make(vault).name
    # The restore waits at its 21st file, whose object nobody writes: however busy the machine, it is killed there.
    held = [held for _path, held, _sha256 in vault.files(name, vault.manifest(name))][20]
    gate = vault.folder / "objects" / held[:2] / held
    gate.rename(tmp_path / "whole")
    os.mkfifo(gate)
    with proving.scratch_database(f"{programs.address()['dbname']}_elsewhere") as other:
        here = {"database": other, "media": tmp_path / "new", "PORTAL_DATA": tmp_path / "d"}
        process = command("restore", vault.folder, **here)
        assert until(lambda: len(stores.files_in(tmp_path / "new")) > 5, seconds=60)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        (tmp_path / "whole").replace(gate)
        again = told(command("restore", vault.folder, **here))
    assert (again["verified"], again["files"]) == (True, 40)
    assert len([path for path in stores.files_in(tmp_path / "new") if path.suffix == ".pdf"]) == 40


def test_what_the_store_has_lost_comes_back_from_the_backup_that_still_has_it(town, vault):
    row = attach(town, report(town))
    making.make(vault)
    attaching.path_of(row).write_bytes(b"altered")
    second = making.make(vault)
    assert second.missing_count == 0, "the folder has the right content"
    other = attach(town, report(town), "never backed up")
    attaching.path_of(other).unlink()
    assert making.make(vault).missing_count == 1


def test_the_last_of_each_day_week_and_month_stays(vault):
    days = [(month, day) for month in (9, 10, 11) for day in range(1, 29)]
    names = [f"2026{month:02}{day:02}T{hour}0000Z" for month, day in days for hour in (10, 20)]
    kept = retaining.kept_of(names, (3, 2, 12))
    assert kept == {
        "20261126T200000Z", "20261127T200000Z", "20261128T200000Z", "20261122T200000Z",
        "20260928T200000Z", "20261028T200000Z",
    }


def test_clearing_old_backups_leaves_every_file_that_another_one_has(town, vault):
    matter = report(town)
    attach(town, matter, "stays")
    first = making.make(vault)
    os.rename(vault.folder / first.name, vault.folder / "20250101T000000Z")
    orphan = next(vault.objects()).parent / ("ab" * 32)
    orphan.write_bytes(b"of a backup that is gone")
    row = making.make(vault)
    assert retaining.prune(vault, (1, 0, 0)) == ["20250101T000000Z"]
    assert vault.names() == [row.name] and not orphan.exists() and len(list(vault.objects())) == 1
    assert proving.prove(vault, row).state == "proved"
