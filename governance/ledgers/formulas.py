"""Text that a spreadsheet would run as a formula (公式注入): made harmless on the way out, itself again on the way in.

A cell of our files is text whatever it holds, but people save such files as CSV, and there `=1+1` runs.
"""
import re

# Full-width signs too: Chinese and Japanese Excel take them for their narrow sisters.
_RUNS = re.compile(r"'*[=+\-@\t\r＝＋－＠]")
_GUARDED = re.compile(r"'+[=+\-@\t\r＝＋－＠]")


def guarded(text: str) -> str:
    """The text with an apostrophe before it if a spreadsheet could run it; a lone sign stays as it is.

    Text that already begins with apostrophes and a sign gets one more, so that `plain` always gives it back.
    """
    return f"'{text}" if len(text) > 1 and _RUNS.match(text) else text


def plain(text: str) -> str:
    """The text as it was before `guarded`."""
    return text[1:] if _GUARDED.match(text) else text
