#!/usr/bin/env python
"""Entry point of every command of the portal."""

import os
import sys


def main():
    """Have the servers run, then run the command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "governance.settings")
    from governance import embedded

    try:
        embedded.ensure(sys.argv)
    except embedded.CannotStart as problem:
        sys.stderr.write(f"{problem}\n")
        sys.exit(2)
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
