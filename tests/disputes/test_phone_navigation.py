"""On the phone: four places and the rest behind "more"; every page of one's posts is reached, each once."""
import re

import pytest
from django.contrib.staticfiles import finders

from disputes.services.generating import make_township
from governance.organisation.models import User

pytestmark = pytest.mark.django_db
FIRST = {
    "cun1": ["待办", "上报", "查找", "周报"], "wangge1": ["待办", "上报", "查找", "专项排查"],
    "wenshu": ["待办", "看板", "上报", "查找"], "zhenzhang": ["待办", "看板", "查找", "周报"],
    "tiaojie": ["待办", "上报", "查找", "周报"],
}


@pytest.fixture
def people(db):
    make_township()
    return {name: User.objects.get(username=name) for name in (*FIRST, "shenji", "xitong", "anquan", "bangongshi")}


def test_every_page_of_ones_posts_stands_there_once(people, client):
    for name, user in people.items():
        client.force_login(user)
        page = client.get("/accounts/me/").content.decode()
        side = re.findall(r'<a href="([^"]+)"', page[page.index('<nav class="side"'):page.index("</nav>")])
        bar = page[page.index('<nav class="bottom'):]
        links = re.findall(r'<a href="([^"]+)"[^>]*>([^<]+)', bar)
        assert sorted(url for url, _label in links) == sorted(side), name
        assert len(side) == len(set(side)), name
        assert bar[:bar.index("<details>")].count("<a ") == 4, name
        if name in FIRST:
            assert [label.strip() for _url, label in links[:4]] == FIRST[name], name
    client.force_login(people["wenshu"])
    assert "/ledgers/imports/" in client.get("/").content.decode().split('<nav class="bottom')[1]


def test_the_icon_is_found_where_browsers_look_for_it(client):
    answer = client.get("/favicon.ico")
    assert answer.status_code == 301 and finders.find(answer.url.removeprefix("/static/")) is not None
