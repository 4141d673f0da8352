"""Names of people and units: what they may not hold (姓名与名称)."""
import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .registry import Refused

# Marks, embeddings, overrides and isolates of the bidirectional algorithm (Unicode UAX 9): unseen, they turn round what
# stands beside them. What joins letters (U+200C, U+200D) belongs to the spelling of some names and stays.
DIRECTION_MARKS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
CODE = "name-has-direction-marks"
MESSAGE = _("The name holds invisible direction marks. Type it anew instead of pasting it.")


def checked_name(name) -> str:
    """The name without space at its ends; Refused `name-has-direction-marks`."""
    name = (name or "").strip()
    if DIRECTION_MARKS.search(name):
        raise Refused(CODE, MESSAGE, ["name"])
    return name


def no_direction_marks(name: str) -> None:
    """The same for a field of a form."""
    if DIRECTION_MARKS.search(name):
        raise ValidationError(MESSAGE, code=CODE)
