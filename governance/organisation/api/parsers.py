"""Reading the JSON that is sent to the interface: of bearable size and depth, whatever is sent (接口输入解析)."""
import json

from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import JSONParser

# The deepest body that any act takes (rows of parties within a dispute) has three levels.
MOST_DEPTH = 20
MOST_BYTES = 5 * 1024 * 1024


class TooLarge(APIException):
    """A body beyond all measure: it is not even parsed."""

    status_code, default_code = 413, "body-too-large"

    def __init__(self):
        super().__init__(_("The body has more than %(size)s MB.") % {"size": MOST_BYTES >> 20}, self.default_code)


class BoundedJSON(JSONParser):
    """JSON of at most 5 MB and twenty levels. Anything else is refused: `body-too-large`, `not-readable`."""

    def parse(self, stream, media_type=None, parser_context=None):
        """What was sent, as plain values."""
        content = stream.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise TooLarge
        try:
            return read_json(content.decode("utf-8-sig"))
        except ValueError as error:
            raise ParseError(_("This is no JSON that can be read.")) from error


def read_json(text: str):
    """The values of a JSON text. ValueError if it is none, or deeper than twenty levels."""
    try:
        value = json.loads(text, parse_constant=_refuse_constant)
    except RecursionError as error:
        raise ValueError("too deep") from error
    level = [value]
    for _depth in range(MOST_DEPTH):
        level = [inner for outer in level for inner in _inside(outer)]
        if not level:
            return value
    raise ValueError("too deep")


def _inside(value) -> list:
    """The lists and objects within one."""
    values = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [one for one in values if isinstance(one, dict | list)]


def _refuse_constant(name: str):
    raise ValueError(f"{name} is no JSON")
