"""Worlds in which many tests begin: made once for a file, each test works in a savepoint above them."""
import contextlib

from django.db import transaction

_open = {}


@contextlib.contextmanager
def kept(request, blocker, make):
    """Keep what ``make`` makes inside the block, in a fixture of a module's scope; nothing of it is committed."""
    with blocker.unblock():
        world = transaction.atomic()
        world.__enter__()
        try:
            made = make()
        except BaseException:
            _roll_back(world)
            raise

    def leave():
        with blocker.unblock():
            _roll_back(world)

    _open[request.fixturename] = leave
    yield made
    if _open.get(request.fixturename) is leave:
        leave_all()


def leave_all():
    """Roll back whatever is open: what comes next commits, or another process or thread has to see it."""
    while _open:
        _open.popitem()[1]()


def not_asked_for(fixtures) -> set[str]:
    """Return the fixtures whose worlds are open and that are not among these."""
    return set(_open) - set(fixtures)


def _roll_back(world):
    transaction.set_rollback(True)
    world.__exit__(None, None, None)
