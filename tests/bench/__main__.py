"""The runner: `python -m tests.bench --count 1000000` in the root of the repository (see `make bench`)."""
import argparse
import json
import os
import sys
from pathlib import Path

OWN_SERVERS = ("DATABASE_URL", "REDIS_URL")


def main(arguments=None) -> int:
    """Measure every row; 0 if all keep their budgets, 1 if one does not, 2 for wrong use."""
    options = _parse(arguments)
    _enter(options.data)
    from .preparing import prepare
    from .running import run

    prepare(options.count, tell=lambda words: print(words, file=sys.stderr, flush=True))  # noqa: T201
    report = run(options)
    print(json.dumps(report.as_data(), ensure_ascii=False) if options.json else report.as_text())  # noqa: T201
    return 0 if report.passed else 1


def _parse(arguments):
    from governance.embedded.folders import default_data_folder

    own = default_data_folder()
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=sys.modules[__package__].__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=1_000_000, help="matters; missing ones are generated (1000000)")
    parser.add_argument("--samples", type=int, default=60, help="samples of each row (60)")
    parser.add_argument("--only", default="", help="rows whose name begins so, such as `list`")
    parser.add_argument("--data", type=Path, default=own.with_name(f"{own.name}-bench"), help="data folder of its own")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    return parser.parse_args(arguments)


def _enter(data: Path) -> None:
    """Have servers of the bench's own run: never those that the environment names."""
    from governance import embedded

    for name in OWN_SERVERS:
        os.environ.pop(name, None)
    os.environ.update({"PORTAL_DATA": str(data), "DJANGO_SETTINGS_MODULE": "governance.settings", "PORTAL_DEMO": "1"})
    try:
        embedded.ensure(["manage.py", "bench"])
    except embedded.CannotStart as problem:
        sys.exit(str(problem))
    import django

    django.setup()


if __name__ == "__main__":
    sys.exit(main())
