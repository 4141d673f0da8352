"""An import whose worker is killed goes on where it stopped; two at once enter every row once; long ones are quick."""
import json
import os
import signal
import subprocess
import sys
import threading
import time

import pytest
from django.db import connection
from django.utils import timezone

from governance.casework.models import Matter
from governance.casework.services.verifying import verify_ledger
from governance.ledgers.models import ImportBatch, ImportRow
from governance.ledgers.services import importing
from governance.ledgers.services.importing import batches
from tests.support.factories.ledgers import bring_in, make_ledger_town, rows_with, workbook

pytestmark = [pytest.mark.django_db(transaction=True)]
WORKER = """
import django; django.setup()
from django.db import connections
from django.conf import settings
settings.DATABASES["default"]["NAME"] = connections["default"].settings_dict["NAME"] = {name!r}
from governance.ledgers.services import importing
from governance.ledgers.services.importing import running
running.GROUP = 20
print("started", flush=True)
importing.run({batch})
"""

MEASURED = """
import json, resource
import django; django.setup()
from django.db import connections
from django.conf import settings
settings.DATABASES["default"]["NAME"] = connections["default"].settings_dict["NAME"] = {name!r}
from governance.ledgers.models import ImportBatch
from governance.ledgers.services import importing
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
told = {{"began_mb": peak()}}
importing.run({batch})
told["read_mb"] = peak()
batch = ImportBatch.objects.get(pk={batch})
importing.order_commit(batch_id=batch.pk, actor=batch.created_by, start=False)
importing.run({batch})
spent = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps(told | {{"peak_mb": peak(), "cpu_seconds": spent.ru_utime + spent.ru_stime}}))
"""


@pytest.fixture(autouse=True)
def files_of_their_own(settings, tmp_path):
    settings.ATTACHMENT_ROOT = tmp_path / "attachments"


def ledger(tmp_path, count):
    changes = [{"当事人姓名": f"林{chr(0x4E00 + n % 2000)}{chr(0x4E00 + n // 2000 + 9)}", "序号": n,
                "纠纷简要情况": f"院墙越界第{n}起", "排查时间": f"2024-{n % 12 + 1:02d}-{n % 28 + 1:02d}"}
               for n in range(count)]
    return workbook(tmp_path / "a.xlsx", rows_with(*changes))


def start_worker(batch, settings):
    code = WORKER.format(name=connection.settings_dict["NAME"], batch=batch.pk)
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings",
                   "PORTAL_MEDIA": str(settings.ATTACHMENT_ROOT)}
    return subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, text=True)


def test_a_worker_killed_in_the_middle_leaves_whole_groups_and_the_next_one_ends_it(tmp_path, settings):
    town = make_ledger_town()
    batch = bring_in(ledger(tmp_path, 1500), *town, commit=False)
    importing.order_commit(batch_id=batch.pk, actor=town[1], start=False)
    worker = start_worker(batch, settings)
    worker.stdout.readline()
    deadline = time.monotonic() + 60
    while Matter.objects.count() < 100 and time.monotonic() < deadline:
        time.sleep(0.01)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    held = Matter.objects.count()
    assert 100 <= held < 1500 and held % 20 == 0, "groups are there whole or not at all"
    assert ImportRow.objects.entered().count() == held
    batch.refresh_from_db()
    assert batch.state == "committing"
    later = timezone.now() + batches.STALLED_AFTER * 2
    assert importing.resume_stalled(later) == 1, "the beat finds what gives no sign of life"
    importing.run(batch.pk)
    batch.refresh_from_db()
    assert (batch.state, Matter.objects.count(), batch.done_count) == ("committed", 1500, 1500)
    assert verify_ledger()[1] is None


def test_a_dry_run_cut_off_begins_anew(tmp_path):
    town = make_ledger_town()
    batch = bring_in(ledger(tmp_path, 30), *town, commit=False)
    ImportBatch.objects.filter(pk=batch.pk).update(state="reading")
    importing.run(batch.pk)
    batch.refresh_from_db()
    assert (batch.state, batch.read_count, ImportRow.objects.count()) == ("checked", 30, 30)


def test_two_workers_and_two_batches_of_one_file_enter_it_once(tmp_path):
    town = make_ledger_town()
    path = ledger(tmp_path, 300)
    found = [bring_in(path, *town, commit=False) for _time in range(2)]
    assert [batch.new_count for batch in found] == [300, 300]
    for batch in found:
        importing.order_commit(batch_id=batch.pk, actor=town[1], start=False)
    problems = []

    def work(batch_id):
        try:
            importing.run(batch_id)
        except Exception as problem:
            problems.append(problem)
        finally:
            connection.close()

    workers = [threading.Thread(target=work, args=(batch.pk,)) for batch in found * 2]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert problems == []
    assert Matter.objects.count() == 300
    for batch in found:
        batch.refresh_from_db()
    assert {batch.state for batch in found} == {"committed"}
    assert sum(batch.new_count for batch in found) == sum(batch.same_count for batch in found) == 300


@pytest.mark.slow
def test_ten_thousand_rows_in_thirty_seconds_and_two_hundred_megabytes(tmp_path, settings):
    town = make_ledger_town()
    # What stands in the same village on the same days already must cost neither time nor memory.
    bring_in(ledger(tmp_path, 2_000), *town)
    batch = bring_in(ledger(tmp_path, 10_000), *town, commit=False, read=False)
    told = measured(batch, settings)
    batch.refresh_from_db()
    assert (batch.state, batch.new_count, batch.same_count) == ("committed", 8_000, 2_000)
    assert Matter.objects.count() == 10_000
    # Time of the process's own work: what else the machine does is not the import's.
    assert told["cpu_seconds"] <= 30 and told["peak_mb"] <= 150, told


def measured(batch, settings) -> dict:
    """Check and enter a batch in a process of its own with the portal's own settings: its seconds and peak memory."""
    code = MEASURED.format(name=connection.settings_dict["NAME"], batch=batch.pk)
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "governance.settings",
                   "PORTAL_MEDIA": str(settings.ATTACHMENT_ROOT)}
    # By way of a shell: a child that this process starts itself would begin with this process's peak.
    command = ["sh", "-c", '"$0" -c "$1"; exit $?', sys.executable, code]
    ended = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(ended.stdout.splitlines()[-1])
