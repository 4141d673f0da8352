"""A row of the bench: what it does, how often, and whether it keeps its budget."""
import gc
import math
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from django.db import connection

WARM_UP = 3
MOST_QUERIES = 15
ROWS: list["Row"] = []


class NothingToMeasure(Exception):
    """So few matters were generated that the row has nobody or nothing to be measured with."""


@dataclass
class Pair:
    """The work of one sample, and the same by hand; `fails`: what was found wrong, beforehand or by the work."""

    ours: Callable[[int], object]
    by_hand: Callable[[int], object] | None = None
    remark: str = ""
    fails: str = ""


@dataclass(frozen=True)
class Row:
    """A declared row: `most_ratio` bounds what the work costs in SQL beside the hand-written SQL."""

    name: str
    title: str
    budget_ms: float
    make: Callable[[object], Pair]
    most_ratio: float | None = None
    most_queries: int | None = MOST_QUERIES
    samples: int | None = None


@dataclass
class Result:
    """What was measured, in milliseconds; `ratio`: the work beside the hand-written SQL, `sql_ratio`: its SQL."""

    name: str
    title: str
    budget_ms: float
    p50_ms: float = 0
    p95_ms: float = 0
    sql_p95_ms: float = 0
    queries: int = 0
    by_hand_p95_ms: float | None = None
    ratio: float | None = None
    sql_ratio: float | None = None
    most_ratio: float | None = None
    samples: int = 0
    remark: str = ""
    failures: list[str] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Whether nothing stands against it."""
        return not self.failures


def bench(name, title, budget_ms, **options):
    """Declare a row; see the package's docstring."""

    def declare(make):
        ROWS.append(Row(name, title, budget_ms, make, **options))
        return make

    return declare


def measure(row: Row, scene, samples: int) -> Result:
    """Run a row: work and hand-written SQL by turns, garbage collection between samples only."""
    result = Result(row.name, row.title, row.budget_ms, most_ratio=row.most_ratio, samples=row.samples or samples)
    try:
        pair = row.make(scene)
    except NothingToMeasure as nothing:
        return replace(result, samples=0, remark=str(nothing))
    ours, sql, by_hand = [], [], []
    warm_up = WARM_UP if row.samples is None else 0
    for place in range(warm_up + result.samples):
        gc.collect()
        with _counting() as counted:
            took = _timed(pair.ours, place)
        hand = _timed(pair.by_hand, place) if pair.by_hand else None
        if place < warm_up:
            continue
        ours.append(took)
        sql.append(counted.seconds)
        by_hand.append(hand)
        result.queries = max(result.queries, counted.queries)
    result.remark = pair.remark
    _summarise(result, ours, sql, by_hand if pair.by_hand else [])
    result.failures = _failures(result, row, pair)
    return result


def p95(values) -> float:
    """The value that nineteen of twenty keep to."""
    return sorted(values)[math.ceil(0.95 * len(values)) - 1]


def _summarise(result: Result, ours, sql, by_hand) -> None:
    result.p50_ms = round(1000 * sorted(ours)[len(ours) // 2], 1)
    result.p95_ms, result.sql_p95_ms = round(1000 * p95(ours), 1), round(1000 * p95(sql), 1)
    if by_hand:
        result.by_hand_p95_ms = round(1000 * p95(by_hand), 2)
        result.ratio = round(p95(ours) / p95(by_hand), 1)
        result.sql_ratio = round(p95(sql) / p95(by_hand), 1)


def _failures(result: Result, row: Row, pair: Pair) -> list[str]:
    found = [pair.fails] if pair.fails else []
    if result.p95_ms > row.budget_ms:
        found.append(f"{result.p95_ms:.0f} ms of {row.budget_ms:.0f}")
    if row.most_ratio is not None and result.sql_ratio is not None and result.sql_ratio > row.most_ratio:
        found.append(f"{result.sql_ratio} × by hand, {row.most_ratio} allowed")
    if row.most_queries is not None and result.queries > row.most_queries:
        found.append(f"{result.queries} queries of {row.most_queries}")
    return found


def _timed(work, place) -> float:
    began = time.perf_counter()
    work(place)
    return time.perf_counter() - began


@dataclass
class _Counted:
    queries: int = 0
    seconds: float = 0


@contextmanager
def _counting():
    """Count the queries of a block and the time spent in them."""
    counted = _Counted()

    def count(execute, sql, params, many, context):
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            counted.queries += 1
            counted.seconds += time.perf_counter() - began

    with connection.execute_wrapper(count):
        yield counted
