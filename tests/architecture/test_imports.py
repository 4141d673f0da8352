"""Imports keep to the floors and rooms of the house (contracts in pyproject.toml)."""

import subprocess
import sys

from .sources import ROOT


def test_imports_keep_to_floors_and_rooms():
    program = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"]
    result = subprocess.run([*program, "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout[-4000:] + result.stderr[-2000:]
