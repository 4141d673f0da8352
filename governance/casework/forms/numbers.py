"""Numbers as people type them: as stored, or as a township writes them (富春江纠纷〔2026〕0042)."""
import re

from .. import registry
from ..models import Matter

_SHOWN = re.compile(r"(?P<place>.*?)[〔\[(（【]?\s*(?P<year>20\d{2})\s*[〕\])）】]\s*(?P<serial>\d+)\s*号?$")
_STORED = re.compile(r"\d{6,12}-[A-Z]{2}-20\d{2}-\d{5,}", re.IGNORECASE)


def find_by_number(typed: str, user):
    """The visible matter with this number, in either form; None if none, or more than one, has it."""
    typed = typed.strip()
    seen = Matter.objects.visible_to(user)
    if _STORED.fullmatch(typed):
        return seen.filter(number=typed.upper()).first()
    match = _SHOWN.match(typed)
    if match is None:
        return None
    rows = seen.matching(f"{match['year']} {match['serial'].lstrip('0').zfill(4)}").select_related("township")
    fitting = [row for row in rows[:200] if _fits(row, match)]
    return fitting[0] if len(fitting) == 1 else None


def _fits(matter, match) -> bool:
    """Whether year, serial and place (short name and kind) are those of the matter."""
    year, serial = matter.number.rsplit("-", 2)[-2:]
    if year != match["year"] or int(serial) != int(match["serial"]):
        return False
    place = match["place"].strip()
    return not place or place == matter.township.numbering_name + str(registry.get(matter.kind).numbering_name)
