"""A clerk works through paper forms with the keyboard alone: no mouse is touched from the first page to the last."""
from datetime import timedelta

import pytest
from django.utils import timezone

from governance.casework.models import Matter
from tests.support.journeys import DESK, Visitor, who

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
_FOCUSED = """() => { const e = document.activeElement; return [e.name || '', e.innerText || '', e.value || '',
    e.getAttribute('href') || '']; }"""
MOST_TABS = 120


class Keyboard(Visitor):
    """Somebody without a mouse."""

    def tab_to(self, wanted: str) -> "Keyboard":
        """Go on with the tabulator until the field of that name, or the button or link with those words."""
        for _press in range(MOST_TABS):
            name, words, _value, href = self.page.evaluate(_FOCUSED)
            if wanted in (name, words.strip()) or (wanted.startswith("/") and href.endswith(wanted)):
                return self
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{wanted} cannot be reached by keyboard on {self.page.url}")

    def type(self, name: str, text: str) -> "Keyboard":
        """Go to a field and type."""
        self.tab_to(name)
        self.page.keyboard.type(text)
        return self

    def choose(self, name: str, downwards: int) -> "Keyboard":
        """Go to a choice and take the one that lies so many lines further down."""
        self.tab_to(name)
        for _press in range(downwards):
            self.page.keyboard.press("ArrowDown")
        return self

    def moment(self, name: str, at) -> "Keyboard":
        """Type a date and a time, part after part, as this browser's own field takes them."""
        return self.type(name, at.strftime("%m%d%Y%I%M%p"))

    def press(self, wanted: str) -> "Keyboard":
        """Press a button or follow a link with Enter; the page that comes is checked."""
        self.tab_to(wanted)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        return self.look()

    def open_menu(self) -> "Keyboard":
        """Open what lies under "more"."""
        self.tab_to("更多")
        self.page.keyboard.press("Enter")
        return self


@pytest.fixture
def clerk(township, page_at):
    """The township's clerk at the desk."""
    return Keyboard(page_at, who("wenshu"), width=DESK)


def paper_form(clerk, description, names, occurred_at, reported_at):
    """One paper form, field after field."""
    clerk.choose("category", 2).type("description", description).choose("unit", 2)
    clerk.choose("channel", 2)
    clerk.moment("occurred_at", occurred_at).moment("reported_at", reported_at)
    for place, name in enumerate(names):
        clerk.type(f"parties-{place}-name", name)


def test_yesterdays_paper_forms_are_typed_corrected_and_voided_by_keyboard_alone(clerk):
    yesterday = timezone.localtime().replace(hour=9, minute=30, second=0, microsecond=0) - timedelta(days=1)
    before = yesterday - timedelta(days=2)
    clerk.go("/").press("登记事项")
    paper_form(clerk, "两家为院墙界址争执", ("林大山", "孙来福"), before, yesterday)
    clerk.press("and_next")
    first = Matter.objects.get()
    assert (first.occurred_at, first.reported_at) == (before, yesterday)
    assert first.created_at > timezone.now() - timedelta(minutes=5), "occurred, received and typed stand apart"
    assert clerk.page.evaluate(_FOCUSED)[0] == "category", "the next form begins where typing begins"
    paper_form(clerk, "同一份表录重了", ("林大山", "孙来福"), before, yesterday)
    clerk.press("登记")
    assert "是这一件吗" in clerk.text and first.title in clerk.text, clerk.text
    clerk.press("not_duplicate")
    second = Matter.objects.latest("pk")
    accept(clerk, first)
    correct(clerk, first)
    void(clerk, second)
    assert [row.number[-5:] for row in Matter.objects.order_by("pk")] == ["00001", "00002"], "a number stays"


def accept(clerk, matter) -> None:
    """Accept it: a party has applied, one of the mediators takes it."""
    clerk.go("/").press(f"/matters/{matter.pk}/").press("受理")
    clerk.choose("committee", 1).choose("initiative", 1).choose("handler", 1).press("受理")
    matter.refresh_from_db()
    assert matter.status == "accepted" and matter.handler is not None, clerk.text


def correct(clerk, matter) -> None:
    """A fact was typed wrong, which shows only after acceptance: more, correct, a reason."""
    clerk.open_menu().press("/acts/correct/")
    clerk.type("address", "三组12号门前").type("reason", "地点写漏了").press("更正事实")
    matter.refresh_from_db()
    assert matter.address == "三组12号门前" and "地点写漏了" in clerk.page.inner_text("#timeline")


def void(clerk, matter) -> None:
    """Entered by mistake: void, with a reason; the number is not given out again."""
    clerk.go("/").press(f"/matters/{matter.pk}/").open_menu().press("/steps/void/")
    clerk.type("reason", "同一份纸表录了两遍").press("作废")
    matter.refresh_from_db()
    assert matter.status == "voided" and "同一份纸表录了两遍" in clerk.page.inner_text("#timeline")
