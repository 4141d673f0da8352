"""Which changes the code records: each `record_change` followed back to the words that its caller gives."""
import ast

from tests.architecture.sources import modules, name, tree


class Unread(AssertionError):
    """A call whose kind of subject or verb is not a word in the code."""


def recorded() -> set[tuple[str, str]]:
    """Pairs of kind of subject and verb, of every call in the portal."""
    found = set()
    for path in modules():
        if path.name == "recording.py":
            continue
        for call in _calls(tree(path), "record_change"):
            subjects = _words(path, call, _keyword(call, "subject_type"))
            found |= {(one, verb) for one in subjects for verb in _words(path, call, _keyword(call, "verb"))}
        for call in _calls(tree(path), "record_created"):
            triples = [node.elts[0] for node in ast.walk(call) if isinstance(node, ast.Tuple) and len(node.elts) == 3]
            found |= {(node.value, "created") for node in triples}
    return found


def _calls(parsed, called: str):
    for node in ast.walk(parsed):
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == called:
            yield node


def _keyword(call, word):
    return next(keyword.value for keyword in call.keywords if keyword.arg == word)


def _words(path, call, node) -> set[str]:
    """The words that an argument can be: written there, chosen between two, or handed in by every caller."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return {node.value}
    if isinstance(node, ast.IfExp):
        return _words(path, call, node.body) | _words(path, call, node.orelse)
    if isinstance(node, ast.Name):
        function = _around(path, call)
        if node.id in [argument.arg for argument in (*function.args.args, *function.args.kwonlyargs)]:
            return _handed_in(path, function, node.id)
        given = [
            one.value for one in ast.walk(function)
            if isinstance(one, ast.Assign) and any(getattr(to, "id", "") == node.id for to in one.targets)
        ]
        if given:
            return set().union(*(_words(path, call, value) for value in given))
    raise Unread(f"{name(path)}:{call.lineno}: {ast.unparse(node)} is no word that a test can read")


def _around(path, call):
    functions = [
        node for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef) and call in ast.walk(node)
    ]
    return functions[-1]


def _handed_in(path, function, argument) -> set[str]:
    place = [one.arg for one in function.args.args].index(argument)
    callers = list(_calls(tree(path), function.name))
    if not callers:
        raise Unread(f"{name(path)}: nobody calls {function.name} in its own module")
    found = set()
    for caller in callers:
        by_name = [keyword.value for keyword in caller.keywords if keyword.arg == argument]
        found |= _words(path, caller, by_name[0] if by_name else caller.args[place])
    return found
