"""The bench runs from an empty folder, measures every declared row, and says so as data."""
import json
import subprocess
import sys
import time

import pytest

from tests.bench.measuring import Pair, Row, measure, p95
from tests.support.portals import ROOT, data_folder, environment

KERNEL_ROWS = {"inbox", "list", "filtered", "far-down", "search-common", "detail", "transition", "overdue"}
PEOPLE = {"officer", "mediator", "quiet", "clerk"}


@pytest.mark.slow(50)
def test_a_small_run_measures_every_row():
    with data_folder() as data:
        ended = subprocess.run(
            [sys.executable, "-m", "tests.bench", "--count", "700", "--samples", "2", "--data", str(data), "--json"],
            cwd=ROOT, env=environment(data), capture_output=True, text=True, timeout=240,
        )
    assert ended.returncode in (0, 1), ended.stderr
    report = json.loads(ended.stdout)
    assert report["matters"] >= 700
    rows = {row["name"]: row for row in report["rows"]}
    assert {name.partition(".")[0] for name in rows} >= KERNEL_ROWS
    assert {f"list.{who}" for who in PEOPLE} <= set(rows)
    for row in rows.values():
        assert row["samples"] == 0 or row["p95_ms"] > 0, row
    assert rows["list.clerk"]["ratio"] > 0
    assert ended.returncode == (0 if report["passed"] else 1)


def test_nineteen_of_twenty_keep_to_the_value():
    assert p95(list(range(1, 101))) == 95 and p95([7]) == 7


@pytest.mark.django_db
def test_a_row_beyond_its_budget_is_a_failure():
    row = Row("slow", "slow", 1, lambda scene: Pair(lambda place: time.sleep(0.05), lambda place: time.sleep(0.001)))
    result = measure(row, None, 3)
    assert not result.passed and "of 1" in result.failures[0]
    assert result.ratio > 3
