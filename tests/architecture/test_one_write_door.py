"""Status, openness, due time and number of a matter are written in casework/services only."""

import ast

from .sources import ROOT, modules, name, tree

PROTECTED = {"status", "is_open", "next_due_at", "number"}
DOOR = ROOT / "governance/casework/services"


def written_attributes(node):
    """Yield the attributes that a statement writes on something else than ``self``."""
    if isinstance(node, ast.Assign):
        targets = node.targets
    elif isinstance(node, ast.AugAssign | ast.AnnAssign):
        targets = [node.target]
    else:
        return
    for target in targets:
        for part in ast.walk(target):
            if isinstance(part, ast.Attribute) and not _is_self(part.value):
                yield part.attr


def written_by_call(node):
    """Yield the names that ``setattr(x, "name", …)`` and ``.update(name=…)`` write."""
    if not isinstance(node, ast.Call):
        return
    if isinstance(node.func, ast.Name) and node.func.id == "setattr" and isinstance(node.args[1], ast.Constant):
        yield node.args[1].value
    if isinstance(node.func, ast.Attribute) and node.func.attr == "update":
        yield from (keyword.arg for keyword in node.keywords)


def _is_self(node) -> bool:
    return isinstance(node, ast.Name) and node.id == "self"


def test_only_the_door_writes_protected_fields():
    found = []
    for path in modules():
        if path.is_relative_to(DOOR):
            continue
        for node in ast.walk(tree(path)):
            written = {*written_attributes(node), *written_by_call(node)} & PROTECTED
            if written:
                found.append(f"{name(path)}:{node.lineno}: {', '.join(sorted(written))}")
    assert found == []
