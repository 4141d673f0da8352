"""Charts as numbers for SVG templates (图表): positions only, no markup, no query."""
from dataclasses import dataclass

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 560, 170, 34, 146, 16
BAR = 20


@dataclass(frozen=True)
class Bar:
    """One column with its label, and the point of the line above it."""

    label: str
    x: float
    y: float
    height: float
    middle: float
    count: int
    line: int
    line_y: float
    is_labelled: bool
    is_running: bool


@dataclass(frozen=True)
class Columns:
    """Columns with a line over them: `bars`, `points` of the line, `marks` [(y, number)] of the grid."""

    bars: list
    points: str
    marks: list
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    bottom: int = BOTTOM


def columns_and_line(rows) -> Columns:
    """The chart of `rows`: (label, height of the column, height of the line, whether it still runs)."""
    top = _round_up(max((max(count, line) for _label, count, line, _running in rows), default=0))
    step = (WIDTH - LEFT) / max(len(rows), 1)

    def height_of(count):
        return round((BOTTOM - TOP) * count / top, 1)

    bars = []
    for place, (label, count, line, running) in enumerate(rows):
        x = LEFT + step * place + (step - BAR) / 2
        bars.append(Bar(
            label, round(x, 1), BOTTOM - height_of(count), height_of(count), round(x + BAR / 2, 1), count, line,
            BOTTOM - height_of(line), (len(rows) - place) % 2 == 1, running,
        ))
    return Columns(
        bars, " ".join(f"{bar.middle},{bar.line_y}" for bar in bars),
        [(BOTTOM - height_of(number), number) for number in (0, top // 2, top)],
    )


def _round_up(number: int) -> int:
    """An even number at least as large, round enough to be read at a glance."""
    step = next(step for step in (2, 10, 20, 100, 200, 1000, 10**9) if number <= 5 * step)
    return max(step * -(-number // step), 2)
