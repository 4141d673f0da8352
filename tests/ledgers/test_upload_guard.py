"""Files that are refused before they are opened, and very long ones that are not."""
import io
import resource
import tracemalloc
import zipfile

import pytest
from openpyxl import Workbook

from governance.ledgers.reading import guard, open_book
from governance.organisation.registry import Refused
from tests.support.factories.ledgers import HEADINGS, ROW, read, rows_with, workbook


def refused(path, content=None):
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(Refused) as refusal:
        read(path)
    assert str(refusal.value.message), "words that say what to do"
    return refusal.value.code


def test_a_zip_bomb_is_not_unpacked(tmp_path):
    path = tmp_path / "bomb.xlsx"
    workbook(path, rows_with({}))
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet9.xml", b" " * (100 << 20))
    tracemalloc.start()
    assert refused(path) == "file-unpacks-too-large"
    assert tracemalloc.get_traced_memory()[1] < 20 * 1024 * 1024
    tracemalloc.stop()


def test_a_file_with_a_password(tmp_path):
    content = guard.OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600
    assert refused(tmp_path / "a.xlsx", content) == "file-has-password"


@pytest.mark.parametrize(("content", "code"), [
    (b"", "file-is-empty"), (guard.ZIP + b"rubbish" * 50, "file-damaged"),
    (guard.OLE + b"Workbook".decode().encode("utf-16-le") + b"\0" * 2000, "file-damaged"),
    (b"%PDF-1.4 something", "file-not-a-table"), (b"<html><table></table></html>", "file-is-web-page"),
    (b"\x89PNG\0\0\0\0", "file-not-a-table"),
    (b"\n\n", "file-is-empty"),
])
def test_what_is_no_ledger(tmp_path, content, code):
    assert refused(tmp_path / "a.xlsx", content) == code


def test_a_truncated_workbook(tmp_path):
    path = workbook(tmp_path / "a.xlsx", rows_with({}))
    assert refused(path, path.read_bytes()[:-400]) == "file-damaged"


def test_a_zip_that_is_no_workbook_and_entities_in_xml(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("readme.txt", "hello")
    assert refused(tmp_path / "a.xlsx") == "file-not-a-table"
    held = io.BytesIO()
    with zipfile.ZipFile(workbook(tmp_path / "b.xlsx", rows_with({}))) as old, zipfile.ZipFile(held, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            if name.endswith("sheet1.xml"):
                text = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + text
            new.writestr(name, text)
    assert refused(tmp_path / "c.xlsx", held.getvalue()) == "file-damaged"


def test_a_file_beyond_the_limit(tmp_path, monkeypatch):
    monkeypatch.setattr(guard, "MOST_BYTES", 1000)
    assert refused(workbook(tmp_path / "a.xlsx", rows_with({}))) == "file-too-large"


def test_empty_sheet_and_headings_without_rows(tmp_path):
    assert refused(workbook(tmp_path / "a.xlsx", [])) == "file-is-empty"
    assert refused(workbook(tmp_path / "b.xlsx", [list(HEADINGS)])) == "no-records"


@pytest.mark.slow(25)
def test_a_hundred_thousand_rows_stream(tmp_path):
    from governance.ledgers import layout
    from governance.ledgers.reading import Reading
    from tests.support.factories.ledgers import surroundings

    def peak(count):
        book = Workbook(write_only=True)
        sheet = book.create_sheet("2024年")
        sheet.append(list(HEADINGS))
        for number in range(count):
            sheet.append([number, *list(ROW.values())[1:]])
        path = tmp_path / f"{count}.xlsx"
        book.save(path)
        opened = open_book(path, path.name)
        found = sum(1 for _record in Reading(layout.get("dispute"), surroundings()).records(opened))
        opened.close()
        assert found == count
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

    small = peak(5_000)
    assert peak(100_000) < small + 60, "megabytes"
