"""The leaders' two minutes (看板): overdue and whose, rising, villages, next week; a wall screen."""
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from governance.casework.views.refusals import only_for

from .. import cards
from ..dashboard import cell_url
from ..querysets import Board, answers
from ..visibility import OVERSEERS, reached_units

WALL_SECONDS = 60


class Told:
    """The figures of one card: `told(name)` -> {place: Figure}; `told.url(name, place)` -> the rows behind one."""

    def __init__(self, asks, counted):
        self.asks, self.counted, self.page = asks, counted, reverse("reporting:behind")

    def __call__(self, name):
        """The figures of an ask by place."""
        asked = self.asks[name]
        return {place: asked.figure(self.counted, place) for place in asked.places}

    def ask(self, name):
        """The ask itself."""
        return self.asks[name]

    def url(self, name, place, part="n") -> str:
        """The address of the rows behind a figure."""
        return cell_url(self.asks[name], place, part, page=self.page)


@only_for(*OVERSEERS)
@require_safe
def dashboard(request):
    """All cards over one place; `wall` shows those that name neither people nor matters, and refreshes itself."""
    board = Board.of(request.user, request.GET.get("unit", ""), timezone.now())
    is_wall = "wall" in request.GET
    shown = read_cards(board, is_wall=is_wall) if board.unit else {}
    page = render(request, "reporting/wall.html" if is_wall else "reporting/dashboard.html", {
        "board": board, "cards": shown, "now": board.now,
    })
    if is_wall:
        page["Refresh"] = str(WALL_SECONDS)
    return page


def read_cards(board, *, is_wall: bool) -> dict:
    """The cards by place on the page, each with its values; all figures in one statement.

    A card whose figures the reader may not see over this place is left out.
    """
    asked = {}
    for card in cards.all_cards():
        asks = card.asks(board) if card.asks else {}
        metrics = {ask.metric.code: ask.metric for ask in asks.values()}.values()
        if (card.on_wall or not is_wall) and all(board.unit.pk in reached_units(board.user, m) for m in metrics):
            asked[card] = asks
    counted = answers([ask for asks in asked.values() for ask in asks.values()], board.user)
    shown: dict = {}
    for card, asks in asked.items():
        values = card.read(board, Told(asks, counted))
        shown.setdefault(card.place, []).append({"card": card, **values})
    return shown
