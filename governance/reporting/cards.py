"""Cards of the dashboard (看板卡片): what each app hands up for the leaders' page. Pure.

A card says which figures it needs (`asks`), so that all cards are counted in one statement, and turns the answers
into what its template shows (`read`). Apps declare theirs in `dashboard.py`, found at start-up.
"""
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

TILE, LEFT, RIGHT, WIDE = "tile", "left", "right", "wide"


@dataclass(frozen=True)
class Card:
    """A card (卡片): `place` on the page (tile, left, right, wide), `order` within it.

    - `asks(board) -> {name: Ask}`: figures to be counted; `read(board, figures_of) -> dict` for `template`, where
      `figures_of(name) -> {place: Figure}` answers an ask. At most three queries of its own.
    - `on_wall`: whether the wall screen shows it; what names people or matters does not belong there.
    """

    code: str
    title: Any
    place: str
    order: int
    template: str
    read: Callable[[Any, Any], dict]
    asks: Callable[[Any], dict] | None = None
    on_wall: bool = True


_cards: dict[str, Card] = {}


def register(*cards: Card) -> None:
    """Take cards in. ValueError if another one holds the code."""
    for card in cards:
        if _cards.get(card.code, card) != card:
            raise ValueError(f"dashboard card {card.code} is registered twice")
        _cards[card.code] = card


def unregister(*codes: str) -> None:
    """Take cards out again (tests register their own)."""
    for code in codes:
        _cards.pop(code, None)


def all_cards() -> list[Card]:
    """All cards by their order."""
    return sorted(_cards.values(), key=lambda card: (card.order, card.code))
