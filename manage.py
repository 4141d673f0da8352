#!/usr/bin/env python
"""Entry point of every command of the portal."""

import os
import sys
from pathlib import Path


def main():
    """Have the translations compiled and the servers run, then run the command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "governance.settings")
    from governance import embedded
    from governance.translations import compile_stale, terminal_translate

    catalogues = Path(__file__).resolve().parent / "locale"
    try:
        # Before Django reads them: it would keep an empty catalogue for the life of the process.
        compile_stale(catalogues)
    except OSError as problem:
        sys.stderr.write(f"The translations could not be compiled: {problem}\n")
    try:
        embedded.ensure(sys.argv)
    except embedded.CannotStart as problem:
        problem.tell(terminal_translate(catalogues), as_json="--json" in sys.argv)
        sys.exit(2)
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
