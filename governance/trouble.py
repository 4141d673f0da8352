"""What is said when the database does not do what it is asked (数据库故障): busy, too slow, or not there.

None of these is a mistake of the portal or of the person: nothing was changed, and it can be tried again.
"""

from dataclasses import dataclass

from django.db import InterfaceError, InternalError, OperationalError
from django.utils.translation import gettext_lazy as _

# Codes of PostgreSQL, appendix A of its manual.
_LOCKED = frozenset({"55P03", "40P01", "40001"})
_STOPPED = frozenset({"57014"})
_IDLE_TOO_LONG = "25P03"
# What was asked cannot be done at all, whoever asks whenever.
_OVER_LIMIT = "54"


@dataclass(frozen=True)
class Trouble:
    """A permanent code, what to do, and after how many seconds."""

    code: str
    message: str
    seconds: int


LOCKED = Trouble(
    "somebody-works-on-it",
    _("Somebody is working on this matter at this moment. Nothing was changed; try again in a few seconds."), 3,
)
STOPPED = Trouble(
    "took-too-long", _("This took too long and was stopped. Nothing was changed; ask for less, or try again later."), 10
)
AWAY = Trouble(
    "database-away",
    _("The database does not answer at this moment. Nothing was changed; try again in half a minute."), 15,
)


def of(problem: BaseException) -> Trouble | None:
    """The trouble that an exception stands for; None for any other mistake."""
    code = getattr(problem.__cause__, "pgcode", None) or ""
    if isinstance(problem, InterfaceError):
        return AWAY if "closed" in str(problem) else None
    if isinstance(problem, InternalError):
        return AWAY if code == _IDLE_TOO_LONG else None
    if not isinstance(problem, OperationalError) or code.startswith(_OVER_LIMIT):
        return None
    if code in _LOCKED:
        return LOCKED
    return STOPPED if code in _STOPPED else AWAY
