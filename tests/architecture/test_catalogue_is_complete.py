"""Every text of the portal has its Chinese translation, none of them guessed, all with the same placeholders."""

import ast
import os
import re
import shutil
import subprocess
import sys

import polib
import pytest

from tests.support.browser import is_required

from .sources import ROOT

CATALOGUE = ROOT / "locale/zh_Hans/LC_MESSAGES/django.po"
PLACEHOLDER = re.compile(r"%\(\w+\)|%[sd]|\{\w*[^{}]*\}")
FOLDERS = ("governance", "grids", "disputes", "petitions", "safety", "templates")


@pytest.fixture(scope="module")
def catalogue():
    """The kept catalogue."""
    assert CATALOGUE.exists()
    return polib.pofile(str(CATALOGUE))


@pytest.fixture(scope="module")
def texts_in_source(tmp_path_factory):
    """What makemessages finds today, collected in a copy of the sources."""
    if shutil.which("xgettext") is None:
        message = "gettext is not installed"
        pytest.fail(message) if is_required() else pytest.skip(message)
    copy = tmp_path_factory.mktemp("sources")
    for folder in FOLDERS:
        if (ROOT / folder).exists():
            shutil.copytree(ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__", "*.mo"))
    (copy / "locale").mkdir()
    command = [sys.executable, "-m", "django", "makemessages", "-l", "zh_Hans", "--no-wrap"]
    environment = {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}
    subprocess.run(command, cwd=copy, check=True, capture_output=True, env=environment)
    return polib.pofile(str(copy / "locale/zh_Hans/LC_MESSAGES/django.po"))


def key(entry):
    return (entry.msgctxt, entry.msgid)


def is_translated(entry) -> bool:
    texts = entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]
    return bool(texts) and all(texts)


def test_every_text_is_translated(catalogue, texts_in_source):
    known = {key(entry): entry for entry in catalogue if not entry.obsolete}
    missing = [
        f"{entry.msgid!r} ({', '.join(place for place, _line in entry.occurrences[:2])})"
        for entry in texts_in_source
        if key(entry) not in known or not is_translated(known[key(entry)])
    ]
    assert not missing, f"{len(missing)} texts without translation:\n" + "\n".join(missing)


def aliases_not_extracted(source: str) -> list[str]:
    """Names under which a module imports gettext and by which makemessages finds no text."""
    imports = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom)]
    names = [name for node in imports if node.module == "django.utils.translation" for name in node.names]
    return [name.asname for name in names if "gettext" in name.name and name.asname not in (None, name.name, "_")
            or name.asname == "_" and name.name not in ("gettext", "gettext_lazy")]


def test_gettext_has_no_name_that_is_not_extracted():
    assert aliases_not_extracted("from django.utils.translation import gettext as _now, gettext_lazy as _") == ["_now"]
    found = {
        str(path.relative_to(ROOT)): names
        for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")
        if (names := aliases_not_extracted(path.read_text()))
    }
    assert found == {}


def test_no_translation_is_guessed(catalogue):
    assert [entry.msgid for entry in catalogue if entry.fuzzy] == []


def test_translations_keep_the_placeholders(catalogue):
    def placeholders(text):
        return sorted(PLACEHOLDER.findall(text))

    changed = [
        f"{entry.msgid!r} -> {entry.msgstr!r}"
        for entry in catalogue
        if entry.msgstr and not entry.msgid_plural and placeholders(entry.msgid) != placeholders(entry.msgstr)
    ]
    assert changed == []
