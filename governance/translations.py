"""Compiling the message catalogues, which are kept as source only (翻译编译)."""

import os
from pathlib import Path

import polib


def compile_stale(folder: Path) -> list[Path]:
    """Compile every .po below ``folder`` that is newer than its .mo; return the catalogues written.

    No gettext is needed. A catalogue that another process compiles at the same time is replaced whole.
    """
    written = []
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        draft = target.with_name(f"{target.name}.{os.getpid()}")
        polib.pofile(str(source)).save_as_mofile(str(draft))
        os.replace(draft, target)
        written.append(target)
    return written
