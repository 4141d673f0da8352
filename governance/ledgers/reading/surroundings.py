"""What a ledger is read against (读取环境): the villages of the township, its words, today."""
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from .text import bare, likeness, tight

_ENDING = re.compile(
    r"(?:村)?(?:村民委员会|居民委员会|村委会|居委会|村民委|居民委|经济合作社|党支部|党总支)$"
)
_LEVEL = re.compile(r"(?:行政村|社区村|村社区|社区|村村|村|居)$")
_SPLIT = re.compile(r"[、，,;；/]|(?<=[村区])[和与及](?=.+[村区])")
_NEAR = 0.5
# The names of townships and counties as they stand before a village's: 永兴镇, 石笋乡, 永兴街道, 永安县, 某市永安区.
_TOWNSHIP = re.compile(r"(?:[县市区旗州]|^|[^一-龥]|[从在自由住到])?([一-龥]{1,5}?(?:街道|镇|乡))")
_ABOVE = re.compile(r"^.*[县市区旗州](?=.{2})")
_NO_TOWNSHIP = re.compile(r"^(?:.*[集城本我全该各老古小外同返下离家村]|)[镇乡]$")
_COUNTY = re.compile(r"(?:[省市州盟]|^|[^一-龥])([一-龥]{1,5}?县|(?<=市)[一-龥]{1,4}?区)")
_ORDINAL = re.compile(r"^[(（]?[一二三四五六七八九十\d]{1,3}[)）]?[、.．\s]*(?=[一-龥]{2})")


@dataclass(frozen=True)
class Place:
    """A unit as reading knows it: villages, communities, grids and the township itself."""

    code: str
    name: str
    short_name: str
    level: str
    parent_code: str = ""
    merged_into: str = ""


@dataclass(frozen=True)
class Found:
    """A place that a text names: its code, and by which guess ("" for none)."""

    place: Place
    guess: str = ""


def stem(text: str) -> str:
    """A village's name without what villages are called: 俞赵 of 俞赵村村委会, 俞赵村村, 俞赵行政村."""
    text = _ENDING.sub("", text)
    return _LEVEL.sub("", text) or text


@dataclass
class Surroundings:
    """Everything outside the file that reading needs.

    - `places`: units of the township, the closed ones with what they were merged into.
    - `terms`: vocabulary code -> code -> Chinese label of the terms in use.
    - `remembered`: normalised heading -> column code ("" = leave out), as the township corrected it.
    - `file_hint`: the name of the file.
    - `remembered_places`: what a village's cell said -> code, as the township said.
    - `districts`: names of what the township lies in.
    """

    today: date
    township: Place
    places: tuple[Place, ...]
    terms: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    remembered: Mapping[str, str] = field(default_factory=dict)
    file_hint: str = ""
    remembered_places: Mapping[str, str] = field(default_factory=dict)
    districts: tuple[str, ...] = ()

    def __post_init__(self):
        self._by_code = {place.code: place for place in (self.township, *self.places)}
        self._exact: dict[str, list[Place]] = {}
        self._stems: dict[str, list[Place]] = {}
        for place in (self.township, *self.places):
            for name in {tight(place.name), tight(place.short_name), place.code}:
                self._exact.setdefault(name, []).append(place)
            self._stems.setdefault(stem(tight(place.short_name)), []).append(place)
        self._known: dict[tuple, list[Found]] = {}
        self._remembered_places = {tight(text): code for text, code in self.remembered_places.items()}

    def place(self, code: str) -> Place:
        """The place with this code."""
        return self._by_code[code]

    def villages(self) -> list[Place]:
        """Villages and communities that exist."""
        return [p for p in self.places if p.level in ("village", "community") and not p.merged_into]

    def find(self, text: str, levels: tuple[str, ...]) -> list[Found]:
        """The places that a cell names, the main one first; empty if it names none."""
        key = (text, levels)
        if key not in self._known:
            if len(self._known) > 5000:
                self._known.clear()
            parts = [part for part in _SPLIT.split(tight(text)) if part]
            several = [self._find_one(part, levels) for part in parts] if len(parts) > 1 else [None]
            whole = self._find_one(text, levels) if None in several else None
            self._known[key] = [whole] if whole else [] if None in several else several
        return self._known[key]

    def find_within(self, text: str) -> Place | None:
        """The only village whose name stands in a title or a file name, or is all of a sheet's name (金家)."""
        text = tight(text)
        if (alone := self.find(_ORDINAL.sub("", text), ("village", "community"))) and len(alone) == 1:
            return alone[0].place
        named = self._named_within(text)
        return named[0] if len(named) == 1 and not self.township_elsewhere(text) else None

    def village_of(self, code: str) -> Place | None:
        """The village of a grid."""
        grid = self._by_code.get(code)
        return self._by_code.get(grid.parent_code) if grid is not None else None

    def township_elsewhere(self, text: str) -> str:
        """The other township or county that a text names before a village of ours (永兴镇青山村); "" for none."""
        text = tight(text)
        for place in self._named_within(text):
            before = text.partition(tight(place.short_name))[0]
            ours = any(tight(name) in before for name in (self.township.name, self.township.short_name))
            names = () if ours else (_ABOVE.sub("", match[1]) for match in _TOWNSHIP.finditer(before))
            found = [name for name in names if not _NO_TOWNSHIP.search(name)]
            found += [m[1] for m in _COUNTY.finditer(before) if m[1] not in self.districts] if self.districts else []
            if found:
                return found[-1]
        return ""

    def _named_within(self, text: str) -> list[Place]:
        """The villages whose names stand in a text, the longest names only."""
        named = [p for p in self.villages() if tight(p.short_name) in text]
        longest = max((len(p.short_name) for p in named), default=0)
        return [p for p in named if len(p.short_name) == longest]

    def nearest(self, text: str, levels: tuple[str, ...], most: int = 3) -> list[str]:
        """Names of the places that look most like a text, for whoever has to mend it."""
        wanted = stem(bare(text))
        scored = [
            (likeness(wanted, stem(tight(p.short_name))), p.short_name)
            for p in self.places if p.level in levels and not p.merged_into
        ]
        scored.sort(key=lambda pair: (-pair[0], pair[1]))
        near = [name for score, name in scored if score >= _NEAR]
        return (near or [name for _score, name in scored])[:most]

    def _find_one(self, text: str, levels) -> Found | None:
        remembered = self._by_code.get(self._remembered_places.get(tight(text), ""))
        if remembered is not None and remembered.level in levels:
            return self._followed(remembered, "village-remembered")
        for form, guess in ((tight(text), ""), (bare(text), "village-by-part")):
            place = self._only(self._exact.get(form, ()), levels)
            if place is not None:
                return self._followed(place, guess)
        form = bare(text)
        for prefix in (tight(self.township.name), tight(self.township.short_name)):
            # Behind the district's name too: 桐庐县富春江镇渡济村.
            before, named, rest = form.partition(prefix)
            if named and rest and len(before) <= 12:
                form = rest
                place = self._only(self._exact.get(form, ()), levels)
                if place is not None:
                    return self._followed(place, "")
        place = self._only(self._stems.get(stem(form), ()), levels)
        if place is not None:
            return self._followed(place, "village-by-suffix")
        return self._by_part(form, levels)

    def _by_part(self, form: str, levels) -> Found | None:
        """A village's name at the beginning (芝厦村三组), or one village's name of which this is a part."""
        named = [p for p in self._of(levels) if form.startswith(tight(p.short_name))]
        if not named and len(form) >= 2:
            wanted = stem(form)
            named = [
                p for p in self._of(levels) if len(wanted) >= 2 and (
                    stem(tight(p.short_name)).startswith(wanted) or wanted == _without_nationality(p.short_name)
                )
            ]
        longest = max((len(p.short_name) for p in named), default=0)
        named = [p for p in named if len(p.short_name) == longest]
        return self._followed(named[0], "village-by-part") if len(named) == 1 else None

    def _of(self, levels):
        return [p for p in self.places if p.level in levels]

    def _only(self, places, levels) -> Place | None:
        fitting = [p for p in places if p.level in levels]
        living = [p for p in fitting if not p.merged_into] or fitting
        return living[0] if len(living) == 1 else None

    def _followed(self, place: Place, guess: str) -> Found:
        """What a closed village was merged into."""
        while place.merged_into and place.merged_into in self._by_code:
            place, guess = self._by_code[place.merged_into], "village-merged"
        return Found(place, guess)


def _without_nationality(name: str) -> str:
    return stem(re.sub(r"[一-龥]族(?=村|$)", "", tight(name)))
