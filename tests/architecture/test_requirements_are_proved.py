"""What the list of security requirements calls met is shown by a test that exists; no requirement is left out."""
import ast
import re

from .sources import ROOT

PAGE = ROOT / "docs/security-requirements.md"
# Requirements of levels 1 and 2 in each section of ASVS 5.0; what is missing in a section is of level 3.
SECTIONS = {
    "1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2, "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1, "3.2": 2, "3.3": 4,
    "3.4": 6, "3.5": 5, "3.7": 2, "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4, "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3,
    "6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4, "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5,
    "7.5": 2, "7.6": 2, "8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1, "9.1": 3, "9.2": 4, "10.1": 2, "10.2": 2, "10.3": 4,
    "10.4": 11, "10.5": 5, "10.6": 2, "10.7": 3, "11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4, "11.5": 1, "11.6": 1,
    "12.1": 3, "12.2": 2, "12.3": 4, "13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5, "14.1": 2, "14.2": 4, "14.3": 3,
    "15.1": 3, "15.2": 3, "15.3": 7, "16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3, "17.1": 1, "17.2": 4,
    "17.3": 2,
}
STATES = {"met", "operator", "missing", "none"}


def rows():
    """Number, state and last cell of every row of a table."""
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and len(cells) == 4 and cells[0] not in ("number", "条款") and set(cells[0]) != {"-"}:
            yield cells[0], cells[2], cells[3]


def numbers(cell: str):
    for part in cell.split(","):
        first, _to, last = part.strip().partition(" to ")
        section, _dot, begin = first.rpartition(".")
        for number in range(int(begin), int((last or first).rpartition(".")[2]) + 1):
            yield f"{section}.{number}"


def test_each_requirement_of_two_levels_stands_there_once():
    asvs = [cell for cell, _state, _shown in rows() if re.fullmatch(r"[\d., to]+", cell)]
    stated = [number for cell in asvs for number in numbers(cell)]
    expected = [f"{section}.{n}" for section, count in SECTIONS.items() for n in range(1, count + 1)]
    assert len(expected) == 253 and sorted(stated) == sorted(expected)


def test_each_row_says_whether_it_is_met_and_what_is_met_names_what_shows_it():
    for number, state, shown in rows():
        assert state in STATES, number
        assert state != "met" or "`" in shown, number


def test_each_test_that_is_named_exists():
    named = re.findall(r"`((?:\w+/)*test_\w+): (\w+)`", PAGE.read_text(encoding="utf-8"))
    assert len(named) > 100
    missing = []
    for module, name in sorted(set(named)):
        file = ROOT / "tests" / f"{module}.py"
        tree = ast.parse(file.read_text(encoding="utf-8")) if file.exists() else ast.Module([], [])
        if f"test_{name}" not in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}:
            missing.append(f"{module}: {name}")
    assert missing == []


def test_only_invented_matters_are_made_with_predictable_chance():
    inventing = {"copying.py", "stamping.py"}
    using = [
        path for folder in ("governance", "grids", "disputes", "petitions", "safety")
        for path in (ROOT / folder).rglob("*.py")
        if re.search(r"^(import random|from random)\b", path.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert [str(path) for path in using if "generating" not in path.parts and path.name not in inventing] == []
