"""The store of attachments in tests: any folder that a test names is set up like the first one of a portal."""

from pathlib import Path

from django.conf import settings
from django.core.signals import setting_changed
from django.dispatch import receiver

CODE = "0" * 32


def set_up() -> None:
    """Set the run's folder up with the database of the tests."""
    from django.utils import timezone

    from governance.keeping.models import Store

    mark(settings.ATTACHMENT_ROOT)
    Store.objects.update_or_create(pk=1, defaults={"code": CODE, "made_at": timezone.now()})


@receiver(setting_changed)
def mark_named(setting, value, enter, **_):
    """Give a folder that a test names as ATTACHMENT_ROOT the marker of the store."""
    if setting == "ATTACHMENT_ROOT" and enter:
        mark(value)


def mark(folder) -> None:
    """Write the marker, which says that the folder is the store of the tests' database."""
    from governance.keeping.services.storing import MARKER

    Path(folder).mkdir(parents=True, exist_ok=True)
    (Path(folder) / MARKER).write_text(CODE)


def files_in(folder) -> list[Path]:
    """The files that were put into a store, without its marker."""
    from governance.keeping.services.storing import MARKER

    return [path for path in sorted(Path(folder).rglob("*")) if path.is_file() and path.name != MARKER]
