"""From an empty machine to the first accepted dispute of a township that is not the demo (正式启用全程).

Nothing but README.zh-Hans.md is followed: start with keys of one's own, one command, then everything in the browser.
"""
import json
import os
import re
import sys
import time
from base64 import b32decode
from contextlib import ExitStack
from dataclasses import dataclass

import pytest
from django_otp.oath import TOTP

from tests.support import browser as browsers
from tests.support.portals import data_folder, portal, run

pytestmark = [pytest.mark.browser, pytest.mark.slow(60)]

PHONE, DESK = 360, 1366
DIVISIONS = "区划代码,名称,上级代码\n341523101,城关镇,341523\n341523101201,东门村村委会,341523101\n"
PEOPLE = (
    "姓名,登录名,手机,单位,角色,职务\n钱镇长,qianzhen,13900000001,城关镇,镇领导,镇长\n"
    "孙文书,sunwen,13900000002,城关镇,综治办工作人员,\n李调解,litiao,13900000003,城关镇,调解员,\n"
    "赵村干,zhaocun,13900000004,东门村,村干部,\n周调解,zhoutiao,13900000005,东门村,调解员,\n"
)
PASSWORD = "山间明月七弦琴-20x6"
ADMINISTRATORS = ("--system", "xitong", "张系统", "--security", "anquan", "吴安全", "--auditor", "shenji", "王审计")


@dataclass
class Count:
    """Commands and clicks on the way."""

    commands: int = 0
    clicks: int = 0


class Person:
    """Somebody at a screen of their own who clicks, types, and is looked at."""

    def __init__(self, page, count, name):
        self.page, self.count, self.name = page, count, name

    def click(self, what):
        """One click; what comes is clean and fits."""
        self.count.clicks += 1
        self.page.click(what)
        return self.look()

    def look(self):
        """The page that is open fits and is clean; kept as a picture where PORTAL_PICTURES names a folder."""
        self.page.wait_for_load_state("load")
        browsers.check(self.page)
        folder = os.environ.get("PORTAL_PICTURES")
        if folder:
            place = re.sub(r"\W+", "-", self.page.url.split("/", 3)[3]) or "home"
            self.page.screenshot(path=f"{folder}/{self.name}-{self.count.clicks:03d}-{place}.png", full_page=True)
        return self

    def fill(self, **typed):
        """Type into fields by name; a list chooses what holds its word, a tuple is a file."""
        for name, value in typed.items():
            field = self.page.locator(f"main [name='{name}']").first
            if isinstance(value, list):
                texts = field.locator("option").all_inner_texts()
                field.select_option(index=next(n for n, text in enumerate(texts) if value[0] in text))
            elif isinstance(value, tuple):
                field.set_input_files({"name": value[0], "mimeType": "text/csv", "buffer": value[1].encode()})
            elif value is True:
                field.check()
            else:
                field.fill(value)
        return self

    def log_in(self, code, second_factor):
        """With the one-time code; choose a password, and set up the second factor where it is demanded."""
        self.page.goto("/accounts/login/")
        self.fill(username=self.name, password=code).click(".btn.go")
        self.fill(new_password1=PASSWORD, new_password2=PASSWORD).click(".btn.go")
        if second_factor:
            totp = TOTP(b32decode(self.page.inner_text(".secret").replace(" ", "")))
            totp.time = time.time()
            self.fill(code=f"{totp.token():06d}").click(".btn.go")
            assert self.page.locator(".codes li").count() == 8
            self.click("a.btn.go")
        return self

    @property
    def text(self):
        """What stands on the page."""
        return self.page.inner_text("main")

    def codes(self):
        """Login name -> what stands in the last column of the table of codes."""
        rows = self.page.locator("main table tbody tr")
        cells = [rows.nth(place).locator("td").all_inner_texts() for place in range(rows.count())]
        return {row[2].strip(): row[3].strip() for row in cells}


@pytest.fixture
def begun(browser):
    """An empty portal of a real township, its first administrators with their codes, and a way to open pages."""
    count = Count()
    with ExitStack() as stack:
        data = stack.enter_context(data_folder())
        log = stack.enter_context(open(data.parent / "portal.log", "w"))
        running = stack.enter_context(portal(data, log)).wait_until_ready()
        count.commands += 1
        answer = run("appoint_first_administrators", "--code", "341523", "--name", "舒城县", *ADMINISTRATORS, "--json",
                     env=running.env)
        count.commands += 1
        assert answer.returncode == 0, answer.stdout + answer.stderr
        codes = {one["username"]: one["code"] for one in json.loads(answer.stdout)["administrators"]}
        page_at = stack.enter_context(browsers.pages(browser, f"http://127.0.0.1:{running.port}"))
        yield count, codes, lambda name, width=DESK: Person(page_at(width=width, height=800), count, name)


def set_up(admin, guard) -> dict:
    """Divisions, people, posts, duties: the list leads from step to step. Login name -> one-time code."""
    assert "/organisation/setup/" in admin.page.url, "it is the administrator's home"
    admin.click("#step-divisions .btn").fill(file=("区划.csv", DIVISIONS), commit=True).click(".btn.go")
    admin.page.goto("/organisation/setup/")
    admin.click("#step-people .btn").fill(file=("名单.csv", PEOPLE), commit=True).click(".btn.go")
    first = admin.codes()
    guard.page.goto("/organisation/proposals/")
    boxes = guard.page.locator("[name=proposal]")
    for place in range(boxes.count()):
        boxes.nth(place).check()
        guard.count.clicks += 1
    guard.click(".btn.go")
    second = guard.codes()
    assert set(first) == set(second) == {"qianzhen", "sunwen", "litiao", "zhaocun", "zhoutiao"}
    admin.page.goto("/organisation/setup/")
    admin.click("#step-duties .btn").click(".head a.btn")
    admin.fill(line=["全部"], unit=["城关镇"], post=["钱镇长"], responsibility=["第一责任"])
    admin.click(".btn.go")
    admin.page.goto("/organisation/setup/")
    for step in ("hours", "lengths", "holidays", "ledger"):
        if admin.page.locator(f"#step-{step} form").count():
            admin.click(f"#step-{step} form button")
    assert admin.page.locator("[aria-labelledby=open-h] li").count() == 0, admin.text
    return {name: first[name] + second[name] for name in first}


def report(officer) -> str:
    """The village officer reports a dispute on the phone; its number."""
    officer.click(".report-button .btn.go")
    officer.fill(category=["房屋宅基地"], description="陈家翻建院墙，越过界桩半米，双方争执",
                 unit=["东门村"], channel=["当事人申请"])
    officer.page.fill("[name='parties-0-name']", "陈大山")
    officer.page.fill("[name='parties-1-name']", "孙小河")
    officer.count.clicks += 1
    officer.page.click("#report .btn.go")
    officer.page.wait_for_selector("#queue-list li[data-done]")
    return re.search(r"341523101-JF-\d{4}-\d{5}", officer.page.inner_text("#queue-list"))[0]


def test_an_empty_machine_comes_to_its_first_accepted_dispute(begun):
    count, codes, person = begun
    admin = person("xitong").log_in(codes["xitong"], second_factor=True)
    guard = person("anquan").log_in(codes["anquan"], second_factor=True)
    people = set_up(admin, guard)
    number = report(person("zhaocun", PHONE).log_in(people["zhaocun"], second_factor=False))
    clerk = person("sunwen").log_in(people["sunwen"], second_factor=True)
    clerk.click("#accept a.title").click(".head .btn.go")
    clerk.fill(committee=["城关镇"], initiative=["申请调解"], handler=["李调解"])
    clerk.click("form.form .btn.go")
    assert number in clerk.text and "已受理" in clerk.text, clerk.text[:800]
    person("shenji").log_in(codes["shenji"], second_factor=True)
    sys.stdout.write(f"commands {count.commands}, clicks {count.clicks}\n")
    assert count.commands == 2 and count.clicks <= 60
