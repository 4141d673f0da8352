"""Keys of a demo portal: made once, kept in the data folder; a real portal is given its own (密钥)."""

import contextlib
import os
import secrets
from pathlib import Path

from . import errors

NAMES = ("SECRET_KEY", "PORTAL_PERSONAL_KEY")


def is_demo() -> bool:
    """Whether PORTAL_DEMO leaves the portal in demo mode."""
    return (os.environ.get("PORTAL_DEMO") or "1").lower() in {"1", "true", "yes", "on"}


def provide(data: Path) -> None:
    """Put the keys that are missing into the environment, in demo mode; CannotStart outside it."""
    missing = [name for name in NAMES if not os.environ.get(name)]
    if missing and not is_demo():
        raise errors.CannotStart(errors.KEYS_MISSING, names=", ".join(missing))
    for name in missing:
        os.environ[name] = _kept(data / "keys" / name.lower())


def _kept(path: Path) -> str:
    """Return the kept key; made whole under another name first, so that nobody reads half of one."""
    try:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            draft = path.with_name(f"{path.name}.{os.getpid()}")
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(48))
            with contextlib.suppress(FileExistsError):
                os.link(draft, path)
            draft.unlink()
        return path.read_text().strip()
    except OSError as problem:
        raise errors.CannotStart(errors.NOT_WRITABLE, folder=path.parent.parent, reason=problem.strerror) from problem
