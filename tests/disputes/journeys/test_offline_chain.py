"""The offline chain: whatever cuts a report short, it is registered exactly once, and nothing says sent that is not."""
import random
from collections import Counter

import pytest

from governance.casework.models import Matter
from tests.support.browser import login, wait_until
from tests.support.journeys import PHONE, photo, who
from tests.support.soaking import rounds

pytestmark = [pytest.mark.browser, pytest.mark.soak, pytest.mark.django_db(transaction=True)]
REPORT, SEND = "/report/quick/", "**/report/quick/"
READY = "document.getElementById('queue').dataset.ready === '1'"
HELD = """user => new Promise((resolve, reject) => {
    const request = indexedDB.open(`portal-queue-${user}`, 1);
    request.onupgradeneeded = () => request.result.createObjectStore("records", { keyPath: "id" });
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
        const all = request.result.transaction("records").objectStore("records").getAll();
        all.onsuccess = () => {
            request.result.close();
            resolve(all.result.map(one => [one.title, one.message, one.refused]));
        };
    };
})"""


class Phone:
    """One browser on which two village officers report, and what each of them has written."""

    def __init__(self, page, url, chance):
        self.page, self.context, self.url, self.chance = page, page.context, url, chance
        self.people = {str(who(name).pk): name for name in ("cun1", "cun2")}
        self.name, self.written = "cun1", {"cun1": Counter(), "cun2": Counter()}

    def is_someone(self, name) -> None:
        """Somebody logs in and sees the first page."""
        self.name = name
        self.expires()
        self.page.goto("/")
        # An answer that is still on its way renews the cookie of whoever was there before.
        while self.shown != name:
            login(self.page, who(name), self.url)
            self.page.goto("/")
        wait_until(self.page, READY)

    @property
    def shown(self) -> str:
        """Whose page it is."""
        return self.people.get(self.page.evaluate("document.body.dataset.user"), "")

    def expires(self) -> None:
        """The login ends; nobody notices."""
        self.context.clear_cookies(name="sessionid")

    def opens_the_report(self) -> None:
        """The report page, from the network or from the browser."""
        self.page.goto(REPORT)

    def writes(self, text, *, may_have_photo=True) -> None:
        """Fill in the report that is open and press the button: the record stands in the list."""
        page = self.page
        items = "[...document.querySelectorAll('#queue-list li')]"
        listed = f"{items}.filter(one => one.innerText.includes('{text}')).length"
        before = page.evaluate(listed)
        for field, value in (("category", "neighbour"), ("channel", "application")):
            page.select_option(f"#report [name={field}]", value)
        page.select_option("#report [name=unit]", index=1)
        page.fill("#report [name=description]", text)
        page.fill("#report [name=parties-0-name]", "林大山")
        if may_have_photo and self.chance.random() < 0.3:
            page.set_input_files("#report [name=photos]", photo(size=(300, 200)))
        page.click("#report .btn.go")
        self.written[self.shown][text] += 1
        wait_until(page, f"{listed} > {before}")

    def queued(self, name) -> list:
        """What waits in this browser for somebody: title, what the page says, whether it was refused."""
        return self.page.evaluate(HELD, who(name).pk)


def before_sending(phone, text):
    phone.context.set_offline(True)
    phone.writes(text)


def on_the_way(phone, text):
    phone.page.route(SEND, lambda route: route.abort() if route.request.method == "POST" else route.fallback())
    phone.writes(text)


def after_it_was_taken(phone, text):
    def lose_the_answer(route):
        if route.request.method != "POST":
            route.fallback()
            return
        route.fetch()
        route.abort()

    phone.page.route(SEND, lose_the_answer)
    # What is sent on by the test itself carries no files.
    phone.writes(text, may_have_photo=False)
    phone.page.wait_for_timeout(phone.chance.choice([100, 600]))


def in_two_tabs(phone, text):
    phone.context.set_offline(True)
    phone.writes(text)
    second = phone.context.new_page()
    second.goto(REPORT)
    phone.context.set_offline(False)
    second.evaluate("window.portalQueue.sendAll()")
    phone.page.evaluate("window.portalQueue.sendAll()")
    second.close()


def reloaded_offline(phone, text):
    phone.writes(text)
    phone.context.set_offline(True)
    phone.page.reload()
    phone.writes(f"{text}之二")


def login_expired(phone, text):
    phone.expires()
    phone.writes(text)


def somebody_else_logs_in(phone, text):
    first, second = phone.name, "cun2" if phone.name == "cun1" else "cun1"
    phone.context.set_offline(True)
    phone.writes(text)
    phone.context.set_offline(False)
    phone.is_someone(second)
    assert not phone.page.locator(f"#queue-list li:has-text('{text}')").count(), "nobody sees another one's records"
    phone.context.set_offline(True)
    phone.opens_the_report()
    assert phone.shown == second, "the page without a network is that of whoever logged in last"
    phone.writes(f"{text}之二")
    phone.context.set_offline(False)
    phone.is_someone(first)


def somebody_else_in_the_other_tab(phone, text):
    second = "cun2" if phone.name == "cun1" else "cun1"
    login(phone.page, who(second), phone.url)
    phone.writes(text)
    phone.page.wait_for_timeout(200)


def page_closed_at_once(phone, text):
    phone.writes(text)
    old, phone.page = phone.page, phone.context.new_page()
    old.close()
    phone.page.goto("/")


def the_same_text_twice(phone, text):
    phone.writes(text)
    phone.context.set_offline(True)
    phone.writes(text)


CUTS = (
    before_sending, on_the_way, after_it_was_taken, in_two_tabs, reloaded_offline, login_expired,
    somebody_else_logs_in, somebody_else_in_the_other_tab, page_closed_at_once, the_same_text_twice,
)


def check_nothing_is_lost(phone) -> None:
    """What was written is registered or waits; what the page calls sent is registered under its number."""
    for name, written in phone.written.items():
        # The queue first: a record that is sent just now is seen twice rather than not at all.
        waiting = Counter(title for title, _message, _refused in phone.queued(name))
        kept = Counter(Matter.objects.filter(creator=who(name)).values_list("description", flat=True))
        assert not written - (kept + waiting), f"lost: {written - (kept + waiting)}"
        assert not kept - written, f"doubled: {kept - written}"
    for line in phone.page.locator("#queue-list li[data-done]").all_inner_texts():
        _sent, text, number = line.split(" ")
        assert Matter.objects.get(number=number).description == text


def drain(phone, name) -> None:
    """Reception is back, somebody logs in and does nothing: what waits sends itself."""
    phone.context.set_offline(False)
    phone.is_someone(name)
    for _second in range(200):
        if not phone.queued(name):
            break
        phone.page.evaluate("window.portalQueue.sendAll()")
        phone.page.wait_for_timeout(100)
    assert not phone.queued(name)


@pytest.mark.slow(30)
def test_every_report_is_registered_exactly_once_whatever_cuts_it_short(township, page_at, live):
    count, chance = rounds(len(CUTS), 50), random.Random(20261127)
    order = [cut for _turn in range(-(-count // len(CUTS))) for cut in chance.sample(CUTS, len(CUTS))][:count]
    phone = Phone(page_at(width=PHONE, height=740), live.url, chance)
    phone.is_someone("cun1")
    for number, cut in enumerate(order, 1):
        phone.opens_the_report()
        cut(phone, f"第{number}件{chance.choice(['水沟堵塞', '围墙越界', '半夜噪声'])}")
        phone.page.unroute_all(behavior="ignoreErrors")
        phone.context.set_offline(False)
        check_nothing_is_lost(phone)
        if cut in (login_expired, somebody_else_in_the_other_tab) or chance.random() < 0.2:
            phone.is_someone(phone.name)
    for name in phone.written:
        drain(phone, name)
        check_nothing_is_lost(phone)
    for name, written in phone.written.items():
        kept = Counter(Matter.objects.filter(creator=who(name)).values_list("description", flat=True))
        assert kept == written and sum(written.values()) > 0
