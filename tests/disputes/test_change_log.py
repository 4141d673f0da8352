"""The change log tells sentences: who did what to whom, with what held before; for its readers only."""
import re
import uuid
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from disputes.services import campaigns
from disputes.services.generating import make_township
from governance.casework.services.vocabularies import put_term, set_local_length
from governance.ledgers.services.exporting import Order, order_export
from governance.organisation.models import Change, Duty, Unit, User
from governance.organisation.registry import all_subjects, change_verb
from governance.organisation.sentences import tell
from governance.organisation.services import appointing, clients, duties, people, recording, resetting, units
from tests.support.recorded import recorded
from tests.support.screens import open_page

pytestmark = pytest.mark.django_db
CODE_LIKE = re.compile(r"%\(|\b[a-z]+_[a-z_]+\b|\{|\}|None|\d{4}-\d\d-\d\d")


def who(name):
    return User.objects.get(username=name)


@pytest.fixture(autouse=True)
def township(db):
    make_township()


def newest():
    return tell(Change.objects.for_list().order_by("-pk")[:1])[0]


def test_every_change_that_the_code_records_has_its_sentence():
    found = recorded()
    assert len(found) > 35, "the reading of the code has lost its calls"
    known = {subject.code for subject in all_subjects()}
    assert {pair for pair in found if change_verb(*pair) is None} == set(), "say in changes.py how it reads"
    assert {subject for subject, _verb in found} <= known


def test_old_and_new_values_stand_in_words():
    system, officer = who("xitong"), who("cun1")
    village, before = officer.home_unit, officer.phone
    units.rename_unit(unit=village, name="南新庄村村委会", actor=system)
    told = newest()
    assert told.sentence == "南新庄村改了名称"
    assert [(str(one["label"]), one["before"], one["after"]) for one in told.differences] == [
        ("名称", "南庄村村委会", "南新庄村村委会"), ("简称", "南庄村", "南新庄村")
    ]
    people.update_user(user=officer, actor=system, phone="13900001234", home_unit=who("cun2").home_unit)
    told = newest()
    assert told.sentence == f"{officer.name}的资料有变更"
    shown = {str(one["label"]): (one["before"], one["after"]) for one in told.differences}
    assert shown == {"电话": (f"{before[:3]}****{before[-4:]}", "139****1234"), "所在单位": ("南新庄村", "北庙村")}


def test_what_was_erased_is_said_to_be():
    people.update_user(user=who("cun1"), actor=who("xitong"), name="何改名")
    change = newest()
    change.personal.delete()
    told = newest()
    assert [(one["before"], one["after"]) for one in told.differences] == [("(已删除)", "(已删除)")]


def do_a_bit_of_everything():
    """Acts of every app that are put on record."""
    system, security, office = who("xitong"), who("anquan"), who("bangongshi")
    today, town = timezone.localdate(), Unit.objects.get(level="township")
    new = people.create_user(username="xinren", name="何新人", actor=system, home_unit=town)
    resetting.ask_for_code(user=new, actor=system)
    resetting.release_code(request=new.code_requests.get(), actor=security)
    post = appointing.appoint(user=new, unit=town, role="clerk", from_on=today, actor=security)
    appointing.set_stand_in(
        post=post, user=who("cun3"), from_on=today, to_on=today + timedelta(days=3), reason="年休假", actor=security
    )
    duty = duties.assign_duty(line="dispute", unit=town, post=post, responsibility="direct", actor=system)
    duties.end_duty(duty=duty, actor=system)
    client = clients.create_client(username="quji", name="区平台", purpose="对接", actor=system)
    token, _text = clients.issue_token(
        client=client, scopes=["units:read"], expires_on=today + timedelta(days=30), actor=system
    )
    clients.release_token(token=token, actor=security)
    put_term(actor=system, vocabulary="dispute.category", code="fishing", label_zh="渔业", label_en="Fishing")
    put_term(actor=system, vocabulary="dispute.category", code="fishing", label_zh="水产", label_en="Fishing")
    set_local_length(actor=system, rule="dispute.acceptance", township=town, variant="", length=2, from_on=today)
    set_local_length(actor=system, rule="dispute.acceptance", township=town, variant="", length=4, from_on=today)
    order_export(actor=system, order=Order(code="units"))
    values = {"title": "秋收前排查", "text": "逐组走访", "categories": ["land_forest"], "starts_on": today,
              "ends_on": today, "report_by": today}
    campaign = campaigns.announce(
        actor=office, township=town, villages=[who("cun1").home_unit], client_uuid=uuid.uuid4(), values=values
    )
    campaigns.correct(
        campaign_id=campaign.pk, actor=office, version=campaign.version, villages=[who("cun1").home_unit],
        values={**values, "report_by": today + timedelta(days=2)},
    )
    campaigns.report_village(campaign_id=campaign.pk, unit_id=who("cun1").home_unit_id, actor=who("cun1"), seen_count=0)
    campaigns.sum_up(campaign_id=campaign.pk, actor=office, conclusion="平稳")
    campaigns.record_round(unit=who("cun1").home_unit, actor=who("cun1"), held_on=today)


def test_no_sentence_shows_a_code_in_either_language():
    do_a_bit_of_everything()
    for language in ("zh-hans", "en"):
        with translation.override(language):
            for change in tell(Change.objects.for_list()):
                beside = [f"{one['label']} {one['before']} {one['after']}" for one in change.differences]
                words = " ".join([change.sentence, *beside])
                shown = re.sub(r"tgp_\w+", "", words)
                assert not CODE_LIKE.search(shown), (change.subject_type, change.verb, words)
    told = {(c.subject_type, c.verb): c for c in tell(Change.objects.for_list().order_by("pk"))}
    assert told["user", "stand_in_set"].sentence.startswith(f"{who('cun3').name}自")
    assert told["local_length", "set"].sentence.endswith("纠纷受理期限（按工作日计）")
    assert "（单位，全部村（社区））" in told["export", "exported"].sentence
    assert "各村报告截止日期" in str(told["campaign", "corrected"].differences[0]["label"])
    assert [(d["before"], d["after"]) for d in told["local_length", "set"].differences] == [("2", "4")]
    assert [(str(d["label"]), d["before"], d["after"]) for d in told["vocabulary", "changed"].differences] == [
        ("中文名称", "渔业", "水产")
    ]


def test_a_length_of_a_class_says_which_and_in_what_it_is_counted():
    town = Unit.objects.get(level="township")
    set_local_length(actor=who("xitong"), rule="hotline.contact", township=town, variant="urgent", length=1,
                     from_on=timezone.localdate())
    told = newest()
    assert "urgent" not in told.sentence and "按小时计" in told.sentence, told.sentence


def test_it_is_narrowed_by_who_whom_what_and_day(client):
    do_a_bit_of_everything()

    def listed(**query):
        return open_page(client, who("shenji"), "organisation:changes", **query).context["page"].rows

    assert {row.actor.username for row in listed(who="anquan")} == {"anquan"}
    assert {row.subject_id for row in listed(about="何新人")} == {str(who("xinren").pk)}
    assert {row.subject_type for row in listed(what="duty")} == {"duty"}
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert listed(from_on=tomorrow.isoformat()) == []
    assert listed(to_on=timezone.localdate().isoformat(), what="round") != []
    page = open_page(client, who("shenji"), "organisation:changes", who="没有此人").content.decode()
    assert "没有符合这些条件的变更" in page


def test_pages_follow_one_another_without_gap_and_cost_the_same(client, django_assert_max_num_queries):
    do_a_bit_of_everything()
    for n in range(120):
        recording.record_change(subject_type="unit", subject_id=n + 1, verb="closed", actor=None,
                                data={"on": date(2026, 1, 1).isoformat()})
    client.force_login(who("shenji"))
    seen, query = [], {}
    while True:
        with django_assert_max_num_queries(15):
            page = client.get(reverse("organisation:changes"), query).context["page"]
        seen += [row.pk for row in page.rows]
        if not page.next:
            break
        query = {"after": page.next}
    assert seen == list(Change.objects.order_by("-at", "-pk").values_list("pk", flat=True))
    back = client.get(reverse("organisation:changes"), {"before": page.previous}).context["page"]
    assert [row.pk for row in back.rows] == seen[-len(page.rows) - 50 : -len(page.rows)]


def test_an_administrator_finds_their_own_acts_and_no_others(client):
    do_a_bit_of_everything()
    for name in ("xitong", "anquan"):
        rows = open_page(client, who(name), "organisation:changes").context["page"].rows
        assert rows and {row.actor.username for row in rows} == {name}
    assert open_page(client, who("wenshu"), "organisation:changes").status_code == 403
    assert Duty.objects.exists()
