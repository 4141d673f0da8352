"""A township that keeps ledgers, and the sheets that it keeps."""
import csv
import os
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from disputes.kinds import CATEGORIES, SOURCES
from governance.ledgers import layout
from governance.ledgers.reading import Place, Reading, Surroundings, open_book
from governance.ledgers.services import importing
from governance.organisation.models import UnitLevel
from governance.organisation.services.units import create_unit, short_name_of
from tests.support.factories.casework import BEGIN, make_user

SAMPLES = Path(__file__).resolve().parents[3].parent / "shared" / "samples"
VILLAGES = {
    "330122101010": "大洋坪社区", "330122101011": "黄坡岭社区", "330122101200": "横山村村委会",
    "330122101205": "孝门村村委会", "330122101206": "俞赵村村委会", "330122101210": "上泗村村委会",
    "330122101211": "渡济村村委会", "330122101213": "里董村村委会", "330122101215": "大庄畲族村村委会",
    "330122101217": "芝厦村村委会", "330122101219": "金家村村委会", "330122101221": "象山桥村村委会",
    "330122101223": "芦茨村村委会", "330122101226": "茆坪村村委会", "330122101227": "石舍村村委会",
    "330122101228": "严陵村村委会", "330122101229": "七里泷村村委会",
}
HEADINGS = ("序号", "村(社区)", "排查时间", "纠纷类型", "当事人姓名", "联系电话", "对方当事人", "纠纷简要情况",
            "化解结果")
ROW = {
    "序号": 1, "村(社区)": "芝厦村", "排查时间": "2024-03-05", "纠纷类型": "邻里纠纷", "当事人姓名": "林大山",
    "联系电话": "13812345678", "对方当事人": "孙来福", "纠纷简要情况": "院墙越界", "化解结果": "已化解",
}


def sample(name: str) -> Path:
    """A sample ledger beside the checkout; without the folder the test is skipped, but never in CI."""
    for folder in (SAMPLES, SAMPLES.parents[2] / "shared" / "samples"):
        if (folder / name).exists():
            return folder / name
    if os.environ.get("CI"):
        pytest.fail(f"{name} is missing")
    return pytest.skip("no sample ledgers beside the checkout")


def level_of(name: str) -> str:
    return UnitLevel.COMMUNITY if name.endswith("社区") else UnitLevel.VILLAGE


def surroundings(file_name="台账.xlsx", *, today=date(2026, 11, 24), remembered=None, more=()) -> Surroundings:
    """富春江镇 as reading knows it, without a database."""
    places = [
        Place(code, name, short_name_of(name, level_of(name)), level_of(name), "330122101")
        for code, name in VILLAGES.items()
    ]
    terms = {v.code: {term.code: term.zh for term in v.terms} for v in (CATEGORIES, SOURCES)}
    return Surroundings(today, Place("330122101", "富春江镇", "富春江镇", "township"), (*places, *more), terms,
                        remembered or {}, file_name)


def read(path, name=None, **options):
    """(records, reading) of a file."""
    name = name or path.name
    reading = Reading(layout.get("dispute"), surroundings(name, **options))
    book = open_book(path, name)
    try:
        return list(reading.records(book)), reading
    finally:
        book.close()


def make_ledger_town():
    """富春江镇 with its villages and a clerk; (township, clerk)."""
    district = create_unit(code="330122", name="桐庐县", level=UnitLevel.DISTRICT, parent=None, actor=None,
                           valid_from=BEGIN)
    town = create_unit(code="330122101", name="富春江镇", level=UnitLevel.TOWNSHIP, parent=district, actor=None,
                       valid_from=BEGIN)
    for code, name in VILLAGES.items():
        create_unit(code=code, name=name, level=level_of(name), parent=town, actor=None, valid_from=BEGIN)
    return town, make_user("clerk", "赵文书", "clerk", town)


def rows_with(*changes, headings=HEADINGS) -> list[list]:
    """Heading and one row for each dict of changes to a plain row."""
    return [list(headings), *([({**ROW, **change}).get(h) for h in headings] for change in changes)]


def workbook(path, rows, title="Sheet1", edit=None):
    """Save rows as an .xlsx; `edit(worksheet)` does what cells alone cannot."""
    book = Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    if edit:
        edit(sheet)
    book.save(path)
    return path


def csv_file(path, rows, encoding="utf-8-sig"):
    """Save rows as a .csv."""
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def bring_in(path, town, clerk, *, commit=True, read=True, name=None):
    """Upload, check and enter a file, as far as is not told otherwise; the batch."""
    with path.open("rb") as file:
        batch = importing.take_in(actor=clerk, township=town, kind="dispute", name=name or path.name, content=file,
                                  start=False)
    if not read:
        return batch
    importing.run(batch.pk)
    batch.refresh_from_db()
    if commit and batch.new_count + batch.update_count:
        importing.order_commit(batch_id=batch.pk, actor=clerk, start=False)
        importing.run(batch.pk)
        batch.refresh_from_db()
    return batch
