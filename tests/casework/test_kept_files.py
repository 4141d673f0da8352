"""Attachments are believed only when they are on the disk of the right store, and given out only unaltered."""
import errno
import io
import json
import os

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from governance.casework.models import Attachment
from governance.casework.services import attaching
from governance.casework.workflow import Refused
from governance.keeping import tasks
from governance.keeping.models import FileCheck, FileTrouble, Store
from governance.keeping.services import checking, measuring, storing
from governance.organisation.models import Change
from tests.support import stores
from tests.support.factories.casework import report
from tests.support.screens import open_page, send


@pytest.fixture
def matter(town, settings, tmp_path):
    settings.ATTACHMENT_ROOT = tmp_path / "attachments"
    return report(town)


def attach(town, matter, content=b"%PDF-1.4 x"):
    paper = SimpleUploadedFile("证明.pdf", content)
    (row,) = attaching.attach(matter_id=matter.pk, actor=town.officer, files=[("", paper)])
    return row


def unmount(tmp_path):
    """What a folder looks like from which the network share is gone: empty."""
    (tmp_path / "attachments").rename(tmp_path / "elsewhere")
    (tmp_path / "attachments").mkdir()


def test_an_unmounted_store_takes_no_upload_and_is_not_made_anew(client, town, matter, tmp_path):
    attach(town, matter)
    unmount(tmp_path)
    answer = send(client, town.officer, "casework:act", matter.pk, "attach",
                  photos=[SimpleUploadedFile("证明.pdf", b"%PDF-1.4 y")])
    assert answer.status_code == 409
    assert "附件目录" in answer.content.decode()
    with pytest.raises(Refused, match="store-missing"):
        attach(town, matter)
    assert Attachment.objects.count() == 1 and not list((tmp_path / "attachments").iterdir())
    assert measuring.store_there() == [((), 0)]
    (tmp_path / "attachments").rmdir()
    (tmp_path / "elsewhere").rename(tmp_path / "attachments")
    assert attach(town, matter).pk and storing.is_there()


def test_readyz_looks_whether_the_store_is_there(client, town, matter, tmp_path):
    assert client.get("/readyz").json()["store"] is True
    unmount(tmp_path)
    answer = client.get("/readyz")
    assert answer.status_code == 503 and answer.json()["store"] is False
    (tmp_path / "attachments" / storing.MARKER).write_text("another portal's")
    assert client.get("/readyz").json()["store"] is False


def test_a_file_that_is_missing_or_altered_is_told_apart_from_no_such_page(client, town, matter, tmp_path):
    row = attach(town, matter)
    path = attaching.path_of(row)
    whole = path.read_bytes()
    path.write_bytes(b"%PDF-1.4 z")
    altered = open_page(client, town.officer, "casework:attachment", row.pk)
    assert altered.status_code == 409 and 'data-code="file-altered"' in altered.content.decode()
    path.unlink()
    missing = open_page(client, town.officer, "casework:attachment", row.pk)
    assert missing.status_code == 409 and 'data-code="file-missing"' in missing.content.decode()
    assert client.get(f"/api/v1/attachments/{row.pk}/").json()["code"] == "file-missing"
    assert open_page(client, town.officer, "casework:attachment", row.pk + 1).status_code == 404
    unmount(tmp_path)
    assert open_page(client, town.officer, "casework:attachment", row.pk).status_code == 503
    path.parent.mkdir(parents=True)
    path.write_bytes(whole)
    assert b"".join(open_page(client, town.officer, "casework:attachment", row.pk)) == whole


def test_an_upload_is_on_the_disk_before_the_act_is_committed(town, matter, monkeypatch):
    synced, real = [], os.fsync

    def fsync(descriptor):
        synced.append(os.readlink(f"/proc/self/fd/{descriptor}"))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    path = attaching.path_of(attach(town, matter))
    assert any(name.endswith(".part") for name in synced), "the content"
    for folder in (path.parent, path.parent.parent, storing.root()):
        assert str(folder) in synced, "the name of the file, and of the folders that are new"


@pytest.mark.parametrize(("number", "code"), [(errno.ENOSPC, "store-full"), (errno.EROFS, "store-not-writable")])
def test_a_full_or_read_only_disk_is_said_in_words_and_leaves_nothing(town, matter, monkeypatch, number, code):
    def fails(_descriptor):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fails)
    with pytest.raises(Refused, match=code):
        attach(town, matter)
    assert not Attachment.objects.exists() and not stores.files_in(storing.root())


def test_the_comparison_goes_on_in_slices_and_names_what_is_missing_or_altered(town, matter, capsys, monkeypatch):
    rows = [attach(town, matter, b"%%PDF-1.4 %d" % number) for number in range(5)]
    attaching.path_of(rows[1]).unlink()
    attaching.path_of(rows[3]).write_bytes(b"%PDF-1.4 ?")
    monkeypatch.setattr(checking, "PORTION", 2)
    source = checking.all_files()[0]
    assert source.code == "attachment" and checking._portion(source) == 2
    assert FileCheck.objects.get(source="attachment").after == rows[1].pk, "where the next slice begins"
    tasks.verify_files()
    assert dict(FileTrouble.objects.values_list("row", "kind")) == {rows[1].pk: "missing", rows[3].pk: "altered"}
    assert dict(measuring.files_in_trouble()) == {("missing",): 1, ("altered",): 1}
    attaching.path_of(rows[3]).write_bytes(b"%PDF-1.4 3")
    with pytest.raises(SystemExit) as end:
        call_command("verify_files", "--json")
    told = json.loads(capsys.readouterr().out)
    assert (end.value.code, told["files"], told["missing"], told["altered"]) == (1, 5, 1, 0)
    assert told["troubles"][0]["row"] == rows[1].pk


def test_a_folder_becomes_the_store_only_with_its_files_or_by_force(town, matter, tmp_path):
    attach(town, matter)
    unmount(tmp_path)
    with pytest.raises(Refused, match="store-lacks-files"):
        storing.adopt_store()
    (tmp_path / "attachments" / storing.MARKER).write_text("another")
    with pytest.raises(Refused, match="store-of-another"):
        storing.adopt_store()
    call_command("adopt_store", "--force", stdout=io.StringIO())
    assert storing.is_there() and Change.objects.get(subject_type="store").verb == "adopted"


def test_a_database_with_files_makes_no_store_of_an_empty_folder(town, matter, tmp_path):
    attach(town, matter)
    unmount(tmp_path)
    Store.objects.all().delete()
    storing._known.clear()
    assert not storing.establish() and not storing.is_there()
    with pytest.raises(Refused, match="store-missing"):
        attach(town, matter)
