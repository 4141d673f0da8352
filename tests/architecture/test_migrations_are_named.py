"""A migration says in its name what it does."""

import re

from .sources import modules, name

NAMED = re.compile(r"\d{4}_[a-z0-9_]+")
# What makemigrations calls one that nobody named.
UNNAMED = re.compile(r"_auto_|_initial$|_and_more$")


def test_migrations_are_named():
    files = [path for path in modules(migrations=True) if path.parent.name == "migrations" and path.stem != "__init__"]
    assert files
    assert [name(path) for path in files if not NAMED.fullmatch(path.stem) or UNNAMED.search(path.stem)] == []
