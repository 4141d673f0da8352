"""Running all rows and telling the result as a table or as data."""
import importlib
import os
import pkgutil
from dataclasses import asdict, dataclass

from governance.casework.models import Event, Matter
from governance.wsgi import keep_what_is_loaded

from . import rows
from .measuring import ROWS, Result, measure
from .scene import Scene

HEADINGS = ("row", "who", "p95 ms", "budget", "SQL p95", "queries", "by hand", "SQL ×", "page ×", "")


@dataclass
class Report:
    """All results of one run."""

    matters: int
    events: int
    samples: int
    load: tuple
    results: list[tuple[Result, str]]

    @property
    def passed(self) -> bool:
        """Whether every row keeps its budget."""
        return all(result.passed for result, _who in self.results)

    def as_data(self) -> dict:
        """For --json; times in milliseconds."""
        found = [{**asdict(result), "who": who, "passed": result.passed} for result, who in self.results]
        return {
            "matters": self.matters, "events": self.events, "samples": self.samples, "load_average": self.load,
            "passed": self.passed, "rows": found,
        }

    def as_text(self) -> str:
        """A table in Markdown, so that it can stand in the documentation."""
        before, after = self.load
        lines = [
            f"{self.matters:,} matters, {self.events:,} events; {self.samples} samples of each row; "
            f"{os.cpu_count()} processors; load average {before:.1f} before, {after:.1f} after.", "",
            f"| {' | '.join(HEADINGS)} |", f"|{'---|' * len(HEADINGS)}",
        ]
        lines += [f"| {' | '.join(_cells(result, who))} |" for result, who in self.results]
        missed = sum(not result.passed for result, _who in self.results)
        last = f"{missed} of {len(self.results)} rows miss their budget." if missed else "Every row keeps its budget."
        return "\n".join([*lines, "", last])


def run(options) -> Report:
    """Measure the rows whose name begins with `options.only`."""
    for module in sorted(pkgutil.iter_modules(rows.__path__), key=lambda found: found.name):
        importlib.import_module(f"{rows.__name__}.{module.name}")
    keep_what_is_loaded()
    scene, before = Scene(), os.getloadavg()[0]
    results = [
        (measure(row, scene, options.samples), scene.who(row.name))
        for row in ROWS if row.name.startswith(options.only)
    ]
    return Report(
        Matter.objects.count(), Event.objects.count(), options.samples, (before, os.getloadavg()[0]), results
    )


def _cells(result: Result, who: str) -> list[str]:
    if not result.samples:
        return [result.title, who, "", "", "", "", "", "", "", result.remark]
    verdict = "kept" if result.passed else "MISSED: " + "; ".join(result.failures)
    return [
        result.title, who, f"{result.p95_ms:.1f}", f"{result.budget_ms:.0f}", f"{result.sql_p95_ms:.1f}",
        str(result.queries), _number(result.by_hand_p95_ms), _number(result.sql_ratio), _number(result.ratio),
        " · ".join(filter(None, [verdict, result.remark])),
    ]


def _number(value) -> str:
    return "" if value is None else f"{value:.1f}"
