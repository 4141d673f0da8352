"""Reading over the interface: what the posts see, nothing else; pages, filters, history, clocks."""
import pytest

from tests.support.interface import issue, make_client, with_session, with_token

from .conftest import NAME, PHONE, SECRET


def get(caller, address, answers=200, **query):
    answer = caller.get(f"/api/v1/{address}", query)
    assert answer.status_code == answers, answer.content
    return answer.json()


def test_a_client_reads_what_its_posts_see(place, caller):
    (row,) = get(caller, "matters/")["results"]
    assert (row["number"], row["unit"]["code"], row["status"]) == (
        place.matter.number, place.village.code, "reported")
    whole = get(caller, f"disputes/{place.matter.pk}/")
    assert whole["description"] == SECRET and whole["parties"][0]["name"] == NAME
    assert whole["parties"][0]["phone"] == "138****5678" and "12号" not in whole["parties"][0]["address"]
    assert whole["dispute"]["round"] == 1 and whole["agreements"] == []
    (event,) = get(caller, f"matters/{place.matter.pk}/timeline/")["results"]
    assert event["verb"] == "opened" and event["actor"]["name"] == place.officer.name
    clocks = get(caller, "clocks/")["results"]
    assert clocks and clocks[0]["why"] and clocks[0]["source"]
    assert get(caller, f"matters/{place.matter.pk}/clocks/")["results"] == clocks
    steps = {step["name"] for step in get(caller, f"matters/{place.matter.pk}/steps/")}
    assert {"accept", "decline"} <= steps
    assert any(row["vocabulary"] == "dispute.category" for row in get(caller, "vocabularies/"))


def test_units_are_those_of_the_own_township(place, caller):
    codes = [row["code"] for row in get(caller, "units/", limit=200)["results"]]
    assert place.village.code in codes and codes == sorted(codes)
    assert get(caller, f"units/{place.village.pk}/")["short_name"] == place.village.short_name
    below = get(caller, "units/", under=place.village.pk)["results"]
    assert all(row["code"].startswith(place.village.code) for row in below)


def test_a_client_of_another_village_sees_nothing_of_it(place):
    other = place.who("cun2").home_unit
    caller = with_token(issue(make_client(other, "village_officer", username="other")))
    for address in ("matters/", "disputes/", "clocks/"):
        assert get(caller, address)["results"] == []
    assert get(caller, "matters/", q="院墙")["results"] == []
    for address in ("matters/{}/", "disputes/{}/", "matters/{}/timeline/", "matters/{}/clocks/", "matters/{}/steps/"):
        answer = caller.get("/api/v1/" + address.format(place.matter.pk))
        assert answer.status_code == 404 and answer.json()["code"] == "not-found"


def test_a_client_without_a_post_sees_nothing(place):
    caller = with_token(issue(make_client(place.township, role="", username="bare")))
    assert get(caller, "matters/")["results"] == [] and get(caller, "units/")["results"] == []
    assert caller.get(f"/api/v1/matters/{place.matter.pk}/").status_code == 404


def test_pages_follow_each_other_without_gap_or_double(place, caller):
    for _ in range(6):
        place.report()
    first = get(caller, "matters/", limit=3)
    place.report()
    seen, address = [row["id"] for row in first["results"]], first["next"]
    while address:
        page = caller.get(address).json()
        seen, address = seen + [row["id"] for row in page["results"]], page["next"]
    assert len(seen) == len(set(seen)) == 7
    by_due = get(caller, "matters/", due="week", limit=2)
    assert [row["next_due_at"] for row in by_due["results"]] == sorted(row["next_due_at"] for row in by_due["results"])


@pytest.mark.parametrize(
    ("query", "count"),
    [({"state": "open"}, 1), ({"state": "closed"}, 0), ({"category": "homestead"}, 1), ({"q": "院墙"}, 1),
     ({"q": "水渠"}, 0), ({"kind": "dispute", "status": "reported"}, 1), ({"handler": "none"}, 1),
     ({"reported_from": "2020-01-01", "reported_to": "2020-12-31"}, 0)],
)
def test_filters_of_the_screen(place, caller, query, count):
    assert len(get(caller, "matters/", **query)["results"]) == count


@pytest.mark.parametrize(
    "query",
    [{"state": "half"}, {"unit": "0"}, {"unit": "99999999999999999999"}, {"unit": "4000000000"}, {"kind": "nothing"},
     {"reported_from": "2026-13-01"}, {"limit": "0"}, {"limit": "9999"}, {"limit": "²"}, {"cursor": "!!"},
     {"cursor": "MXwwMDAw"}, {"q": "a\0b"}, {"handler": "9" * 19}],
)
def test_a_wrong_filter_is_refused_with_its_name(place, caller, query):
    if "cursor" in query and query["cursor"] != "!!":
        get(caller, "matters/", **query)
        return
    body = get(caller, "matters/", answers=422, **query)
    assert body["code"] == "invalid" and body["missing"] == list(query)


def test_queries_do_not_grow_with_rows(place, caller, django_assert_max_num_queries):
    for _ in range(5):
        place.report()
    for address in ("matters/", "disputes/", "clocks/", f"disputes/{place.matter.pk}/", "units/",
                    f"matters/{place.matter.pk}/timeline/"):
        with django_assert_max_num_queries(20):
            get(caller, address)


def test_who_merely_reported_it_gets_what_they_reported(place):
    from governance.casework.models import MatterUserGrant
    from governance.casework.services.granting import view_permission

    other = place.who("cun2")
    MatterUserGrant.objects.create(
        user=other, content_object=place.matter, permission=view_permission(), ground="reporter")
    caller = with_session(other)
    whole = get(caller, f"disputes/{place.matter.pk}/")
    assert whole["is_reporter_only"] and whole["description"] == SECRET
    assert whole["parties"] == [] and whole["dispute"] is None and whole["handler"] is None
    for address in ("timeline", "clocks", "steps"):
        assert get(caller, f"matters/{place.matter.pk}/{address}/", answers=403)["code"] == "not-your-right"
    assert get(caller, "clocks/")["results"] == []


def test_nothing_says_more_than_the_screens(place):
    for outsider in ("cun2", "xitong", "anquan", "shenji", "tiaojie2"):
        caller = with_session(place.who(outsider))
        if outsider == "tiaojie2":
            continue
        for address in ("matters/", "disputes/", "clocks/", "matters/?q=院墙"):
            shown = caller.get("/api/v1/" + address).content.decode()
            for leak in (SECRET, NAME, PHONE, "-JF-"):
                assert leak not in shown
