"""Uploaded ledgers at rest: unreadable on the disk, in clear only while they are read, gone on their day."""
import hashlib
import io

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from governance.casework.models import Matter
from governance.ledgers.services import importing
from governance.ledgers.services.importing.originals import in_clear, path_of
from governance.organisation.encryption import decrypt_blocks, encrypt_blocks
from governance.organisation.models import Change
from governance.organisation.registry import Refused
from governance.organisation.sentences import tell
from tests.support import stores
from tests.support.factories.ledgers import bring_in, csv_file, make_ledger_town, rows_with, workbook

KEY = b"k" * 32
BLOCK, HEAD = 1 << 20, 40


@pytest.fixture
def town(db, settings, tmp_path):
    settings.ATTACHMENT_ROOT = tmp_path / "attachments"
    return make_ledger_town()


@pytest.mark.parametrize("size", [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK, 3 * BLOCK + 7])
def test_any_size_comes_back_as_it_was(size):
    content = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    chunks = (content[start:start + 70_001] for start in range(0, size, 70_001))
    kept = b"".join(encrypt_blocks(chunks, key=KEY))
    assert b"".join(decrypt_blocks(io.BytesIO(kept), key=KEY)) == content


def test_a_file_of_the_first_form_which_had_one_key_for_all_is_still_read():
    cipher, prefix = AESGCM(hashlib.sha256(b"personal-files:" + KEY).digest()), b"1234567"
    kept = b"TGPENC1\n" + prefix + cipher.encrypt(prefix + bytes(4) + b"\x01", "旧文件".encode(), None)
    assert b"".join(decrypt_blocks(io.BytesIO(kept), key=KEY)).decode() == "旧文件"
    assert b"".join(decrypt_blocks(io.BytesIO(kept), key=b"newer-key " + KEY)).decode() == "旧文件"


@pytest.mark.parametrize("spoil", [
    lambda kept: kept[:-1], lambda kept: kept[:HEAD + BLOCK + 16], lambda kept: kept[:50] + b"?" + kept[51:],
    lambda kept: kept[:HEAD] + kept[HEAD + BLOCK + 16:2 * (BLOCK + 16) + HEAD] + kept[HEAD:],
])
def test_what_was_changed_cut_off_or_moved_is_not_given_out(spoil):
    kept = b"".join(encrypt_blocks([b"a" * (2 * BLOCK + 5)], key=KEY))
    with pytest.raises(ValueError, match="PORTAL_PERSONAL_KEY"):
        list(decrypt_blocks(io.BytesIO(spoil(kept)), key=KEY))
    with pytest.raises(ValueError, match="PORTAL_PERSONAL_KEY"):
        list(decrypt_blocks(io.BytesIO(kept), key=b"another" * 5))


def test_an_uploaded_ledger_is_unreadable_on_the_disk_and_read_all_the_same(town, tmp_path):
    path = csv_file(tmp_path / "台账.csv", rows_with({}, {"村(社区)": "无此村"}), "utf-8")
    batch = bring_in(path, *town)
    kept = path_of(batch).read_bytes()
    assert "林大山".encode() not in kept and b"13812345678" not in kept
    assert (batch.new_count, batch.error_count, Matter.objects.count()) == (1, 1, 1)
    assert batch.size_bytes == path.stat().st_size
    with in_clear(batch) as clear:
        assert clear.read_bytes() == path.read_bytes()
        assert clear.parent != path_of(batch).parent
    assert not clear.exists()
    assert stores.files_in(tmp_path / "attachments") == [path_of(batch)], "nothing lies beside it"


def test_auditors_read_who_had_the_file_given_out(town, tmp_path):
    batch = bring_in(workbook(tmp_path / "三行.xlsx", rows_with({}, {"村(社区)": "无此村"})), *town)
    _name, made = importing.result_file(batch, actor=town[1])
    made.unlink()
    change = Change.objects.get(subject_type="import")
    assert (change.verb, change.actor, change.data) == ("original_given_out", town[1], {"rows": 2, "errors": 1})
    told = str([vars(one) if hasattr(one, "__dict__") else one for one in tell([change])])
    assert "三行.xlsx" in told and "%(" not in told


def test_a_file_that_was_tampered_with_is_refused_and_nothing_is_entered(town, tmp_path):
    batch = bring_in(workbook(tmp_path / "a.xlsx", rows_with({})), *town, read=False)
    kept = path_of(batch).read_bytes()
    path_of(batch).write_bytes(kept[:-1] + b"?")
    importing.run(batch.pk)
    batch.refresh_from_db()
    assert (batch.state, batch.refusal_code, batch.read_count) == ("refused", "file-damaged", 0)


def test_on_its_day_the_file_is_gone_and_the_download_says_so(town, tmp_path):
    batch = bring_in(workbook(tmp_path / "a.xlsx", rows_with({"村(社区)": "无此村"})), *town)
    importing.erase_old(batch.erase_on)
    batch.refresh_from_db()
    assert not path_of(batch).exists()
    with pytest.raises(Refused) as refusal:
        importing.result_file(batch, actor=town[1])
    assert refusal.value.code == "file-erased" and not Change.objects.filter(subject_type="import").exists()
