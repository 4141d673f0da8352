"""A lower floor names no upper app in a string: no apps.get_model, reverse, include or dotted path upwards."""

import ast
import re

import pytest

from .sources import APP_FOLDERS, LEVEL, ROOT, is_docstring, modules, name, parents_of, templates, tree

FLOORS_WITH_SOMETHING_ABOVE = [
    app for app in LEVEL if any(LEVEL[other] >= LEVEL[app] for other in LEVEL if other != app)
]


def names_of_others_above(app):
    """Return a pattern of how the apps above (and beside) are referred to in strings."""
    above = "|".join(other for other in LEVEL if other != app and LEVEL[other] >= LEVEL[app])
    return re.compile(rf"(?<![\w-])(?:governance\.)?({above})(?:[.:/][\w<{{]|$)")


@pytest.mark.parametrize("app", FLOORS_WITH_SOMETHING_ABOVE)
def test_source_names_no_upper_app(app):
    pattern = names_of_others_above(app)
    found = []
    for path in modules(APP_FOLDERS[app], migrations=True):
        parents = parents_of(tree(path))
        for node in ast.walk(tree(path)):
            is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
            if is_text and not is_docstring(node, parents) and pattern.match(node.value):
                found.append(f"{name(path)}:{node.lineno}: {node.value[:60]!r}")
    assert found == []


@pytest.mark.parametrize("app", FLOORS_WITH_SOMETHING_ABOVE)
def test_templates_name_no_upper_app(app):
    pattern = re.compile(names_of_others_above(app).pattern.replace("|$)", ")"))
    found = [
        f"{name(path)}:{number}: {line.strip()[:80]}"
        for path in templates(ROOT / "templates" / app)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if pattern.search(line)
    ]
    assert found == []
