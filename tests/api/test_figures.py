"""A district platform reads figures, tables and weekly reports: the numbers of the pages, through its own sight."""
import re
import uuid
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from disputes.services.generating import make_matters, make_township
from governance.casework.models import Matter
from governance.casework.services import recording
from governance.casework.services.opening import open_matter
from governance.organisation.models import Post, Unit, User
from governance.reporting import calendar, registry
from governance.reporting.models import RollupCell
from governance.reporting.services import rolling_up
from tests.support.interface import issue, make_client, with_session, with_token

pytestmark = pytest.mark.django_db
LAST_WEEK = timedelta(days=1)


def who(name):
    return User.objects.get(username=name)


def week():
    return calendar.last_complete(calendar.WEEK, timezone.localdate())


def year():
    today = timezone.localdate()
    return f"{today - timedelta(days=400)}..{today}"


def report(name, parties=(), **values):
    officer = who(name)
    return open_matter(
        kind="dispute", actor=officer, client_uuid=uuid.uuid4(), parties=parties,
        values={"description": "院墙越界", "category": "homestead", "channel": "grid_report",
                "unit": officer.home_unit, "reported_at": week().start + LAST_WEEK, **values},
    )


@pytest.fixture(scope="module")
def lives(django_db_setup, django_db_blocker):
    """The demo township with a few lives, one confidential, one with a mediator as a party; a week rolled up."""
    with django_db_blocker.unblock(), transaction.atomic():
        make_township()
        make_matters(40)
        walled = who("tiaojie2")
        report("cun1", is_confidential=True)
        report("cun1", [{"kind": "respondent", "name": walled.name, "phone": walled.phone}])
        report("cun2")
        rolling_up.roll_up(township=Unit.objects.get(level="township"), period=week(), actor=who("wenshu"))
        yield
        transaction.set_rollback(True)


@pytest.fixture
def town(lives, db):
    cache.clear()
    return Unit.objects.get(level="township")


@pytest.fixture
def platform(town):
    """The district's platform, with an office's post in the township and the scope of figures alone."""
    return with_token(issue(make_client(town, "office"), "figures:read"))


def get(caller, address, answers=200, **query):
    answer = caller.get(f"/api/v1/{address}", query)
    assert answer.status_code == answers, (answer.status_code, answer.content.decode())
    return answer.json()


def cells_of(html):
    """The rows of the figures' table of a page: name of the unit -> texts of its cells."""
    rows = {}
    for row in re.findall(r"<tr[^>]*>(.*?)</tr>", html.split("figures-table", 1)[1].split("</table>")[0], re.S):
        head = re.search(r'<th scope="row">(.*?)</th>', row, re.S)
        cells = re.findall(r'<td class="n".*?</td>', row, re.S)
        if head and cells:
            texts = [" ".join(re.sub(r"<[^>]+>", "", cell).split()) for cell in cells]
            rows[re.sub(r"<[^>]+>", "", head[1]).strip()] = texts
    return rows


def test_the_registry_says_in_words_what_each_figure_counts(platform):
    told = get(platform, "figures/")
    assert [row["code"] for row in told] == [metric.code for metric in registry.all_metrics()]
    rate = next(row for row in told if row["code"] == "settle_rate")
    assert rate["format"] == "percent" and rate["has_denominator"] and rate["definition"]
    assert not next(row for row in told if row["code"] == "sweeps")["has_rows"]


@pytest.mark.parametrize("page_of", ["bangongshi", "cun1", "tiaojie2"])
def test_a_table_holds_exactly_the_numbers_of_its_page(town, page_of, client):
    person = who(page_of)
    client.force_login(person, backend="governance.organisation.visibility.PostBackend")
    caller = with_session(person)
    for code in ("weekly", "mediation"):
        query = {"period": "2026" if code == "mediation" else year()}
        shown = cells_of(client.get("/reports/tables/", {"table": code, **query}).content.decode())
        told = get(caller, f"tables/{code}/", **query)
        columns, texts = [column["metric"] for column in told["table"]["columns"]], {}
        for line in told["lines"]:
            of = {figure["metric"]: figure["text"] for figure in line["figures"]}
            texts[line["unit"]["name"]] = [of.get(code, "–") for code in columns]
        assert shown == texts and len(shown) == (1 if page_of == "cun1" else 13)


def test_a_figure_of_the_township_and_its_villages_and_what_is_behind_it(town, platform, client):
    told = get(platform, "figures/reported/", period=year())
    assert told["unit"]["id"] == town.pk and told["figure"]["n"] == told["figure"]["value"] > 9
    assert len(told["below"]) == 12 and sum(row["figure"]["n"] for row in told["below"]) <= told["figure"]["n"]
    rows, address = [], f"/api/v1/figures/reported/rows/?period={year()}&limit=7"
    while address:
        page = platform.get(address).json()
        rows, address = rows + page["results"], page["next"]
    assert sum(row["times"] for row in rows) == told["figure"]["n"]
    office = who("bangongshi")
    seen = Matter.objects.visible_to(office).filter(pk__in=[row["matter"] for row in rows])
    assert seen.count() == len({row["matter"] for row in rows}) == len(rows)
    timely = get(platform, "figures/on_time_local/", period=year())["figure"]
    behind = get(platform, "figures/on_time_local/rows/", period=year(), part="N", limit=200)["results"]
    assert sum(row["times"] for row in behind) == timely["total"] > 0
    assert any(row["times"] > 1 for row in behind), "a matter stands there for each of its time limits"


def test_no_percentage_below_five_here_either(town, platform):
    told = get(platform, "figures/settle_rate/", period=year())
    for row in (told, *told["below"]):
        figure = row["figure"]
        assert (figure["value"] is None) == (figure["total"] < 5)
        assert ("%" in figure["text"]) == (figure["total"] >= 5)


def test_a_village_gets_its_own_figures_and_no_other(town):
    officer = who("cun1")
    caller = with_token(issue(make_client(officer.home_unit, "village_officer", username="village")))
    told = get(caller, "figures/reported/", period=year())
    assert told["unit"]["id"] == officer.home_unit_id and told["below"] == []
    for unit in (who("cun2").home_unit_id, town.pk, 4_000_000):
        assert get(caller, "figures/reported/", 404, period=year(), unit=unit)["code"] == "not-found"
        assert get(caller, "figures/reported/rows/", 404, period=year(), unit=unit)["code"] == "not-found"
    assert {line["unit"]["id"] for line in get(caller, "tables/weekly/", period=year())["lines"]} == {
        officer.home_unit_id}
    (row,) = get(caller, "rollups/")["results"]
    assert (row["latest"]["villages"], [one["id"] for one in row["latest"]["missing"]]) == (1, [officer.home_unit_id])
    whole = get(caller, f"rollups/{row['id']}/")
    assert [line["unit"]["id"] for line in whole["lines"]] == [officer.home_unit_id] and whole["total"] is None
    cell = f"rollups/{row['id']}/cells/reported/"
    seen, hidden = get(caller, cell, unit=officer.home_unit_id), Matter.objects.get(is_confidential=True).pk
    counted = RollupCell.objects.get(part__unit=officer.home_unit, metric="reported").rows
    assert hidden in counted and hidden not in seen["matters"]
    assert seen["figure"]["n"] == len(seen["matters"]) == len(counted) - 1
    for query in ({}, {"unit": who("cun2").home_unit_id}, {"unit": town.pk}):
        assert get(caller, cell, 404, **query)["code"] == "not-found"


def test_whoever_is_walled_off_finds_it_in_neither_figure_nor_rows(town):
    village = who("cun1").home_unit_id
    told = {}
    for name in ("tiaojie", "tiaojie2"):
        caller, query = with_session(who(name)), {"period": week().code, "unit": village}
        figure = get(caller, "figures/reported/", **query)["figure"]["n"]
        rows = get(caller, "figures/reported/rows/", limit=200, **query)["results"]
        rollup = get(caller, "rollups/")["results"][0]["id"]
        cell = get(caller, f"rollups/{rollup}/cells/reported/", unit=village)
        assert figure == len(rows)
        told[name] = (figure, cell["figure"]["n"], len(cell["matters"]))
    assert told["tiaojie"] == tuple(number + 1 for number in told["tiaojie2"])


def test_a_weekly_report_is_read_from_confirmation_to_its_second_version(town, platform, client):
    (row,) = get(platform, "rollups/")["results"]
    assert (row["period"]["code"], row["latest"]["state"], row["latest"]["signed_by"]) == (
        week().code, "computed", None)
    part = rolling_up.RollupPart.objects.get(unit=who("cun1").home_unit)
    rolling_up.confirm(part_id=part.pk, actor=who("cun1"), comment="已核对")
    version = rolling_up.RollupVersion.objects.get()
    rolling_up.review(version_id=version.pk, actor=who("wenshu"), remark="秋收后边界类增多。")
    rolling_up.sign(version_id=version.pk, actor=who("zhenzhang"))
    whole = get(platform, f"rollups/{row['id']}/")
    assert whole["version"]["signed_by"]["name"] == who("zhenzhang").name and whole["version"]["is_frozen"]
    line = next(line for line in whole["lines"] if line["unit"]["id"] == who("cun1").home_unit_id)
    assert (line["comment"], line["confirmed_by"]["name"]) == ("已核对", who("cun1").name)
    assert (whole["remark"], len(whole["missing"]), whole["changes"]) == ("秋收后边界类增多。", 11, [])
    client.force_login(who("bangongshi"), backend="governance.organisation.visibility.PostBackend")
    page = cells_of(client.get(f"/reports/weeks/{row['id']}/").content.decode())
    screen = registry.get_table("weekly").screen
    for line in whole["lines"]:
        texts = {figure["metric"]: figure["text"] for figure in line["figures"]}
        assert page[line["unit"]["name"] if line["is_village"] else "不属任何村"] == [texts[code] for code in screen]
    late = report("cun2", reported_at=week().start + 2 * LAST_WEEK)
    rolling_up.roll_up(township=town, period=week(), actor=who("wenshu"))
    second = get(platform, f"rollups/{row['id']}/")
    assert [one["number"] for one in second["versions"]] == [2, 1] and second["version"]["state"] == "computed"
    change = next(one for one in second["changes"] if one["metric"] == "reported")
    assert (change["unit"]["id"], int(change["after"])) == (late.unit_id, int(change["before"]) + 1)
    cells = [get(platform, f"rollups/{row['id']}/cells/reported/", unit=late.unit_id, version=number)["matters"]
             for number in (1, 2)]
    assert late.pk not in cells[0] and late.pk in cells[1]
    assert get(platform, f"rollups/{row['id']}/", 404, version=3)["code"] == "not-found"


@pytest.mark.parametrize(
    ("address", "query", "answers"),
    [("figures/reported/", {}, 422), ("figures/reported/", {"period": "2026-W99"}, 422),
     ("figures/reported/", {"period": "0001-01-01..9999-12-31"}, 422), ("figures/nothing/", {"period": "2026"}, 404),
     ("figures/reported/rows/", {"period": "2026", "part": "x"}, 422),
     ("figures/reported/rows/", {"period": "2026", "part": "N"}, 404),
     ("figures/sweeps/rows/", {"period": "2026"}, 404), ("tables/nothing/", {}, 404),
     ("tables/weekly/", {"period": "x"}, 422), ("rollups/", {"cursor": "MXwwMDAw"}, 422), ("rollups/99999/", {}, 404)],
)
def test_what_cannot_be_answered_is_refused(platform, address, query, answers):
    get(platform, address, answers, **query)


def test_posts_and_scopes_that_open_no_report(town):
    for name in ("xitong", "shenji", "xinfang", "wangge1"):
        for address in ("figures/", "figures/reported/?period=2026", "tables/weekly/", "rollups/"):
            answer = with_session(who(name)).get(f"/api/v1/{address}")
            assert (answer.status_code, answer.json()["code"]) == (403, "not-your-page"), (name, address)
    client = make_client(town, "clerk", username="other")
    narrow = with_token(issue(client, "matters:read"))
    assert get(narrow, "figures/", 403)["code"] == "scope-missing"
    yesterday = timezone.localdate() - timedelta(days=1)
    Post.objects.filter(user=client.user).update(from_on=yesterday, to_on=yesterday)
    assert get(with_token(issue(client)), "figures/", 403)["code"] == "not-your-page"


def test_reading_costs_the_same_whatever_is_counted(town, platform, django_assert_max_num_queries):
    rollup = get(platform, "rollups/")["results"][0]["id"]
    for address in ("figures/", f"figures/settle_rate/?period={year()}", f"figures/reported/rows/?period={year()}",
                    "tables/", f"tables/weekly/?period={year()}", "rollups/", f"rollups/{rollup}/",
                    f"rollups/{rollup}/cells/reported/"):
        with django_assert_max_num_queries(15):
            assert platform.get(f"/api/v1/{address}").status_code == 200


def test_a_correction_shows_in_the_live_figure_at_once(town, platform):
    matter = report("cun2")
    query = {"period": week().code, "unit": matter.unit_id}
    before = get(platform, "figures/reported.homestead/", **query)["figure"]["n"]
    recording.correct_facts(
        matter_id=matter.pk, actor=who("wenshu"), version=matter.version, values={"category": "neighbour"},
        reason="登记有误",
    )
    assert get(platform, "figures/reported.homestead/", **query)["figure"]["n"] == before - 1


def test_a_district_platform_sees_its_townships_side_by_side(town):
    caller = with_token(issue(make_client(town.parent, "office", username="district"), "figures:read"))
    told = get(caller, "figures/reported/", period=year())
    assert told["unit"]["id"] == town.parent_id and [row["unit"]["id"] for row in told["below"]] == [town.pk]
    assert told["figure"] == told["below"][0]["figure"], "the whole district is this township"
    below = get(caller, "figures/reported/", period=year(), unit=town.pk)["below"]
    assert len(below) == 12 and get(caller, "rollups/")["results"][0]["township"]["id"] == town.pk


def test_a_value_is_the_figure_as_a_number(town, platform):
    for code, in_words in (
        ("net", lambda value: f"{value:+.0f}" if value else "0"), ("people", lambda value: f"{value:.0f}"),
        ("oldest_days", lambda value: f"{round(value)} 天"), ("reported", str),
        ("agreements_yuan", lambda value: "–" if value is None else f"{value:,.2f}".removesuffix(".00")),
    ):
        told = get(platform, f"figures/{code}/", period=year())
        for row in (told, *told["below"]):
            figure = row["figure"]
            if code != "oldest_days" or figure["value"] is not None:
                assert figure["text"].replace(" ", "") == in_words(figure["value"]).replace(" ", ""), (code, figure)
