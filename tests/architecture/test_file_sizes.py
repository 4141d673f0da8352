"""Nothing grows beyond what one reads in one go."""

import ast

from django.apps import apps

from .sources import ROOT, modules, name, templates, tree

MODULE_LINES = 500
FUNCTION_LINES = 40
CLASS_LINES = 200
TEMPLATE_LINES = 150
MATTER_COLUMNS = 36


def length(node) -> int:
    """Return the lines of a definition without its docstring."""
    lines = node.end_lineno - node.lineno + 1
    if ast.get_docstring(node) is not None:
        lines -= node.body[0].end_lineno - node.body[0].lineno + 1
    return lines


def too_long(kinds, limit, paths):
    """Return the definitions of these kinds beyond the limit."""
    return [
        f"{name(path)}:{node.lineno} {node.name}: {length(node)}"
        for path in paths
        for node in ast.walk(tree(path))
        if isinstance(node, kinds) and length(node) > limit
    ]


def line_count(path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_modules_are_short():
    paths = [*modules(), *modules(ROOT / "tests")]
    assert [f"{name(path)}: {line_count(path)}" for path in paths if line_count(path) > MODULE_LINES] == []


def test_functions_are_short():
    assert too_long(ast.FunctionDef | ast.AsyncFunctionDef, FUNCTION_LINES, modules()) == []


def test_classes_are_short():
    assert too_long(ast.ClassDef, CLASS_LINES, modules()) == []


def test_templates_are_short():
    assert [f"{name(path)}: {line_count(path)}" for path in templates() if line_count(path) > TEMPLATE_LINES] == []


def test_a_matter_has_few_columns():
    assert len(apps.get_model("casework.Matter")._meta.concrete_fields) <= MATTER_COLUMNS
