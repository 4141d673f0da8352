"""The row of a ledger of 10,000 rows: read, checked and entered, in a process of its own."""
import json
import os
import subprocess
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

from openpyxl import Workbook

from governance.organisation.models import Unit

from ..measuring import NothingToMeasure, Pair, bench

ROWS, SECONDS, MEGABYTES = 10_000, 30, 200
HEADINGS = ("序号", "排查时间", "村(社区)", "纠纷类型", "当事人姓名", "对方当事人", "纠纷简要情况", "化解结果")
# What a process has held at most since it became this program; it leaves out what it inherited from its parent.
ENTERING = """
import io, json, sys
import django; django.setup()
from django.core.management import call_command
from governance.ledgers.models import ImportBatch
try:
    call_command("import_ledger", "dispute", sys.argv[1], township=sys.argv[2], commit=True, stdout=io.StringIO())
except SystemExit as ended:
    assert not ended.code, ended.code
held = next(line for line in open("/proc/self/status") if line.startswith("VmHWM:"))
print(json.dumps({"megabytes": int(held.split()[1]) // 1024, "new": ImportBatch.objects.latest("pk").new_count}))
"""


@bench("import", "ledger of 10,000 rows, checked and entered", SECONDS * 1000, most_queries=None, samples=1)
def entering(scene):
    """`import_ledger --commit` in a township that has its matters already, and is none of those that the other rows
    measure; its memory is bounded too."""
    measured = [unit.pk for unit in scene.townships]
    township = Unit.objects.filter(level="township", code__startswith="9902").exclude(pk__in=measured).first()
    if township is None:
        raise NothingToMeasure("all townships are those that the other rows measure")
    path = Path(tempfile.mkdtemp(prefix="portal-bench-")) / "台账.xlsx"
    _write_ledger(path, township, scene.now)

    def ours(place):
        held = _enter(path, township)
        pair.remark = f"{held} MB of {MEGABYTES} at most"
        pair.fails = f"{held} MB of {MEGABYTES}" if held > MEGABYTES else ""

    pair = Pair(ours)
    return pair


def _write_ledger(path, township, now) -> None:
    """Rows that no earlier run has entered: the names tell when they were written."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("台账")
    sheet.append(HEADINGS)
    villages = [unit.short_name for unit in Unit.objects.filter(parent=township, level="village")]
    names = int(now.timestamp()) % 10_000
    for number in range(ROWS):
        day = now.date() - timedelta(days=400 + number % 300)
        name = "林" + chr(0x4E00 + names) + chr(0x4E00 + number % 5000)
        sheet.append([number + 1, day.isoformat(), villages[number % len(villages)], "邻里纠纷", name, "孙来福",
                      f"院墙越界第{number}起", "已化解"])
    book.save(path)


def _enter(path, township) -> int:
    """Enter it by the command; the megabytes that its process held at most."""
    done = subprocess.run(
        [sys.executable, "-c", ENTERING, str(path), township.code], capture_output=True, text=True, env=dict(os.environ)
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    told = json.loads(done.stdout)
    if told["new"] != ROWS:
        raise RuntimeError(f"{told['new']} of {ROWS} rows were new")
    return told["megabytes"]
