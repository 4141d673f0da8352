"""Message catalogues, which are kept as source only: compiled, and read before Django is there (翻译)."""

import gettext
import os
from pathlib import Path


def compile_stale(folder: Path) -> list[Path]:
    """Compile every .po below ``folder`` that is newer than its .mo; return the catalogues written.

    No gettext is needed. A catalogue that another process compiles at the same time is replaced whole.
    """
    written = []
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        import polib  # here, as most commands find everything compiled

        draft = target.with_name(f"{target.name}.{os.getpid()}")
        polib.pofile(str(source)).save_as_mofile(str(draft))
        os.replace(draft, target)
        written.append(target)
    return written


def terminal_language() -> str:
    """Chinese, unless the terminal is set to English."""
    terminal = os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    return "en" if terminal.startswith("en") else "zh-hans"


def terminal_translate(folder: Path):
    """Return what translates a text for the terminal without Django; the text itself where nothing is compiled."""
    language = {"zh-hans": "zh_Hans"}.get(terminal_language(), "en")
    return gettext.translation("django", folder, [language], fallback=True).gettext
