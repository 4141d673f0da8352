"""The portal's own source files, for tests that read them."""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Floor by floor, the lowest first; what stands in one row does not know its neighbours.
FLOORS = (
    ("organisation",),
    ("keeping",),
    ("casework",),
    ("reporting", "ledgers"),
    ("leadership",),
    ("grids",),
    ("disputes", "petitions", "safety"),
)
LEVEL = {app: level for level, row in enumerate(FLOORS) for app in row}
APP_FOLDERS = {
    app: ROOT
    / ("governance" if app in ("organisation", "keeping", "casework", "reporting", "ledgers", "leadership") else "")
    / app
    for app in LEVEL
}


def modules(*folders, migrations=False):
    """Yield the Python files below the folders (all own packages by default)."""
    for folder in folders or (ROOT / "governance", *(APP_FOLDERS[app] for app in ("grids", *FLOORS[-1]))):
        for path in sorted(folder.rglob("*.py")):
            if migrations or "migrations" not in path.parts:
                yield path


def templates(*folders):
    """Yield the templates below the folders (all by default)."""
    for folder in folders or (ROOT / "templates",):
        yield from sorted(folder.rglob("*.html"))


@cache
def tree(path):
    """Return the parsed module."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def name(path) -> str:
    """Return the path as people write it."""
    return str(path.relative_to(ROOT))


def is_docstring(node, parents) -> bool:
    """Whether a constant is a statement of its own, as docstrings are."""
    return isinstance(parents.get(node), ast.Expr)


def parents_of(parsed) -> dict:
    """Return each node's parent."""
    return {below: node for node in ast.walk(parsed) for below in ast.iter_child_nodes(node)}
