"""The page of a matter and the acts on it, per role."""
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from governance.casework.models import Event, Matter, MatterUserGrant, Party
from governance.casework.services import assigning, moving, parties, timing
from governance.casework.services.vocabularies import all_terms
from tests.support.factories.casework import report
from tests.support.screens import filled, open_page, send

PEOPLE = (
    {"kind": "applicant", "name": "孙大水", "phone": "13812345678", "address": "芝厦村一组12号门前"},
    {"kind": "respondent", "name": "周小田", "phone": "", "address": ""},
)


@pytest.fixture
def matter(town):
    return report(town, parties=PEOPLE)


def text_of(page):
    assert page.status_code == 200, page.status_code
    return page.content.decode()


def test_the_next_act_is_the_only_filled_button(client, town, matter):
    text = text_of(open_page(client, town.clerk, "casework:matter", matter.pk))
    assert text.count('class="btn go"') == 1
    assert reverse("casework:step", args=[matter.pk, "look"]) in text


def test_a_blocked_step_says_what_is_missing(client, town):
    matter = report(town, title="无")
    page = open_page(client, town.clerk, "casework:matter", matter.pk)
    assert "Say what is broken." in text_of(page)
    assert 'class="btn go"' not in text_of(page)


def test_a_clock_says_why_it_ends_on_that_day(client, town, matter):
    page = open_page(client, town.clerk, "casework:matter", matter.pk)
    assert escape(page.context["clocks"][0]["why"]) in text_of(page)


def test_contact_data_is_masked_until_somebody_gives_a_reason(client, town, matter):
    party = Party.objects.get(name="孙大水")
    text = text_of(open_page(client, town.clerk, "casework:matter", matter.pk))
    assert "138****5678" in text and "13812345678" not in text
    address = ("casework:act-on", matter.pk, "reveal", party.pk)
    assert send(client, town.clerk, *address, reason="").status_code == 422
    shown = send(client, town.clerk, *address, reason="约时间调解")
    assert "13812345678" in text_of(shown)
    assert "no-store" in shown["Cache-Control"]
    assert Event.objects.filter(verb="contact_revealed", actor=town.clerk).count() == 1
    assert "13812345678" not in text_of(open_page(client, town.clerk, "casework:matter", matter.pk))


def test_the_log_of_reveals_is_narrowed_by_person_and_day_and_paged(
    client, town, matter, monkeypatch, django_assert_max_num_queries
):
    party = Party.objects.get(name="孙大水")
    for reason in ("约时间", "再约", "送达"):
        parties.reveal_contact(matter_id=matter.pk, party_id=party.pk, actor=town.clerk, reason=reason)
    today = timezone.localdate()
    client.force_login(town.auditor)

    def reasons(**query):
        with django_assert_max_num_queries(15):
            text = text_of(client.get(reverse("casework:reveal-log"), query))
        return [reason for reason in ("约时间", "再约", "送达") if reason in text]

    assert reasons() == reasons(who="赵文书", from_on=today, to_on=today) == ["约时间", "再约", "送达"]
    assert reasons(who=town.clerk.username) == ["约时间", "再约", "送达"]
    assert reasons(who="赵文") == reasons(from_on=today + timedelta(days=1)) == []
    assert reasons(to_on=today - timedelta(days=1)) == []
    assert reasons(from_on="23.11.") == ["约时间", "再约", "送达"], "a day that cannot be read hides nothing"
    monkeypatch.setattr("governance.casework.views.audit.ROWS", 2)
    assert reasons(who="赵文书") == ["再约", "送达"] and reasons(who="赵文书", page=2) == ["约时间"]
    second = text_of(open_page(client, town.auditor, "casework:reveal-log", who="赵文书"))
    assert "page=2" in second and "who=%E8%B5%B5" in second, "the next page keeps the person"


def test_the_auditor_reads_who_looked_and_nothing_of_the_matter(client, town, matter):
    party = Party.objects.get(name="孙大水")
    parties.reveal_contact(matter_id=matter.pk, party_id=party.pk, actor=town.clerk, reason="约时间")
    text = text_of(open_page(client, town.auditor, "casework:reveal-log"))
    assert matter.number in text and "赵文书" in text and "约时间" in text
    assert matter.title not in text and "孙大水" not in text
    assert open_page(client, town.auditor, "casework:matter", matter.pk).status_code == 404
    assert open_page(client, town.clerk, "casework:reveal-log").status_code == 403


def test_a_step_is_taken_from_its_form(client, town, matter):
    answer = send(client, town.clerk, "casework:step", matter.pk, "look")
    assert answer.status_code == 302
    matter.refresh_from_db()
    assert matter.status == "looking"


def test_a_stale_form_tells_what_changed_and_keeps_the_text(client, town, matter):
    page = open_page(client, town.clerk, "casework:step", matter.pk, "void")
    data = {**filled(page.context["form"]), "reason": "登记错了"}
    assigning.assign(matter_id=matter.pk, actor=town.clerk, version=matter.version, handler=town.mediator)
    address = reverse("casework:step", args=[matter.pk, "void"])
    stale = client.post(address, data)
    text = stale.content.decode()
    assert stale.status_code == 409 and "陈调解" in text and "登记错了" in text
    again = client.post(address, {**filled(stale.context["form"]), "reason": "登记错了"})
    assert again.status_code == 302


def test_a_step_without_its_reason_is_refused_at_the_field(client, town, matter):
    answer = send(client, town.clerk, "casework:step", matter.pk, "void")
    assert answer.status_code == 422 and 'href="#id_reason"' in answer.content.decode()
    assert Matter.objects.get(pk=matter.pk).status == "reported"


def test_a_step_of_others_is_refused(client, town, matter):
    assert open_page(client, town.officer, "casework:step", matter.pk, "look").status_code == 403


def test_evidence_comes_with_the_step(client, town, matter, settings, tmp_path):
    settings.ATTACHMENT_ROOT = tmp_path
    moving.move(matter_id=matter.pk, step="look", actor=town.clerk)
    answer = send(client, town.clerk, "casework:step", matter.pk, "prove")
    assert answer.status_code == 409 and "照片" in answer.content.decode()


def test_whoever_is_party_to_it_or_far_away_finds_nothing(client, town):
    matter = report(town, parties=[{"kind": "applicant", "name": "陈调解", "phone": "13900000003"}])
    for user in (town.mediator, town.far_officer, town.far_clerk, town.other_officer, town.system_admin):
        assert open_page(client, user, "casework:matter", matter.pk).status_code == 404
        assert open_page(client, user, "casework:act", matter.pk, "note").status_code == 404


def test_a_reporter_without_other_right_sees_what_they_reported_and_its_outcome(client, town, matter):
    moving.move(matter_id=matter.pk, step="look", actor=town.clerk, reason="内部说明文字")
    town.officer.posts.update(to_on=timezone.localdate() - timedelta(days=1))
    MatterUserGrant.objects.create(
        user=town.officer, content_object=matter, permission_id=_view_permission(), ground="reporter"
    )
    text = text_of(open_page(client, town.officer, "casework:matter", matter.pk))
    assert matter.description in text and "查看中" in text
    assert "内部说明文字" not in text and "孙大水" not in text


def _view_permission():
    from django.contrib.auth.models import Permission

    return Permission.objects.get(content_type__app_label="casework", codename="view_matter").pk


@pytest.mark.parametrize(
    ("who", "act", "typed"),
    [
        ("clerk", "note", {"text": "已电话联系"}),
        ("leader", "urge", {"text": "尽快"}),
        ("clerk", "correct", {"title": "水渠淤塞", "reason": "写错了"}),
        ("clerk", "add-party", {"kind": "witness", "name": "吴见证"}),
        ("officer", "note", {"text": "村里已去看过"}),
    ],
)
def test_an_act_is_done_from_its_form(client, town, matter, who, act, typed):
    assigning.assign(matter_id=matter.pk, actor=town.clerk, version=matter.version, handler=town.mediator)
    before = Event.objects.filter(matter=matter).count()
    answer = send(client, getattr(town, who), "casework:act", matter.pk, act, **typed)
    assert answer.status_code == 302, answer.context["form"].errors
    assert Event.objects.filter(matter=matter).count() == before + 1


def test_a_leader_writes_an_instruction_with_a_day_in_one_act(client, town, matter):
    day = timezone.localdate() + timedelta(days=3)
    answer = send(
        client, town.leader, "casework:act", matter.pk, "instruct", assignee=town.clerk.pk, text="三日内办结",
        due_on=day.isoformat(),
    )
    assert answer.status_code == 302
    assert matter.assignments.get().due_on == day


def test_the_clerk_assigns_a_handler_and_the_day(client, town, matter):
    day = timezone.localdate() + timedelta(days=5)
    answer = send(
        client, town.clerk, "casework:act", matter.pk, "assign", handler=town.mediator.pk, text="请调解",
        due_on=day.isoformat(),
    )
    assert answer.status_code == 302
    matter.refresh_from_db()
    assert matter.handler == town.mediator


def test_an_extension_is_proposed_by_one_and_decided_by_another(client, town, matter):
    moving.move(matter_id=matter.pk, step="look", actor=town.clerk)
    clock = matter.clocks.get(rule="probe.mend")
    due_on = clock.due_on
    answer = send(client, town.clerk, "casework:act-on", matter.pk, "extend", clock.pk, days="10", reason="等零件")
    assert answer.status_code == 302, answer.content.decode()
    page = open_page(client, town.head, "casework:matter", matter.pk)
    proposal = page.context["clocks"][0]["proposed"][0]
    answer = send(client, town.head, "casework:act-on", matter.pk, "decide-extension", proposal.pk, approve="yes")
    assert answer.status_code == 302
    clock.refresh_from_db()
    assert clock.due_on == due_on + timedelta(days=10)


def test_a_wrong_date_is_corrected_and_the_clock_follows(client, town, matter):
    event = matter.events.get(verb="opened")
    day = timezone.localtime() - timedelta(days=10)
    answer = send(
        client, town.clerk, "casework:act-on", matter.pk, "correct-date", event.pk,
        acted_at=day.strftime("%Y-%m-%dT%H:%M"), reason="纸质登记的日期",
    )
    assert answer.status_code == 302, answer.content.decode()
    assert timezone.localdate(matter.clocks.get().started_at) == day.date()


def test_dates_are_corrected_from_one_fold_below_the_history(client, town, matter):
    text = text_of(open_page(client, town.clerk, "casework:matter", matter.pk))
    timeline = text[text.index('id="timeline"'):]
    events, fold = timeline.split("</ol>", 1)
    assert "/acts/correct-date/" not in events
    for event in open_page(client, town.clerk, "casework:matter", matter.pk).context["dated"]:
        assert reverse("casework:act-on", args=[matter.pk, "correct-date", event.pk]) in fold
    assert fold.count("更正日期") == 1
    assert "correct-date" not in text_of(open_page(client, town.leader, "casework:matter", matter.pk))


def test_a_merged_matter_leads_to_the_other(client, town, matter):
    other = report(town, title="水渠又堵")
    answer = send(client, town.clerk, "casework:act", other.pk, "merge", other=matter.number, reason="同一件事")
    assert answer.status_code == 302, answer.content.decode()
    assert Matter.objects.get(pk=other.pk).duplicate_of == matter
    assert matter.title in text_of(open_page(client, town.clerk, "casework:matter", other.pk))


def test_somebody_steps_aside_and_is_sent_home(client, town, matter):
    answer = send(client, town.mediator, "casework:act", matter.pk, "recuse", reason="我是当事人亲戚")
    assert answer["Location"] == reverse("casework:inbox")
    assert open_page(client, town.mediator, "casework:matter", matter.pk).status_code == 404


def test_the_name_of_a_member_of_staff_asks_and_is_answered(client, town):
    matter = report(town, parties=[{"kind": "applicant", "name": "陈调解", "phone": ""}])
    page = open_page(client, town.clerk, "casework:matter", matter.pk)
    question = page.context["questions"][0]
    answer = send(client, town.clerk, "casework:act-on", matter.pk, "staff-match", question.pk, same="yes")
    assert answer.status_code == 302
    assert open_page(client, town.mediator, "casework:matter", matter.pk).status_code == 404


def test_what_is_typed_is_kept_as_a_draft_until_it_is_sent(client, town, matter):
    key = f"act:{matter.pk}:note:"
    client.force_login(town.clerk)
    assert client.post(reverse("casework:draft"), {"form": key, "text": "写了一半"}).json()["kept"]
    assert "写了一半" in text_of(open_page(client, town.clerk, "casework:act", matter.pk, "note"))
    assert "写了一半" not in text_of(open_page(client, town.leader, "casework:act", matter.pk, "note"))
    assert send(client, town.clerk, "casework:act", matter.pk, "note", text="写完了").status_code == 302
    assert "写了一半" not in text_of(open_page(client, town.clerk, "casework:act", matter.pk, "note"))


def test_a_closed_matter_offers_no_correction(client, town, matter):
    for step in ("look", "mend", "close"):
        moving.move(matter_id=matter.pk, step=step, actor=town.clerk)
    refused = open_page(client, town.clerk, "casework:act", matter.pk, "correct")
    assert refused.status_code == 409 and "事项已办结" in refused.content.decode()
    assert send(client, town.clerk, "casework:act", matter.pk, "note", text="补记").status_code == 302


def test_a_paused_clock_says_so(client, town, matter, settings, tmp_path):
    from django.core.files.uploadedfile import SimpleUploadedFile

    settings.ATTACHMENT_ROOT = tmp_path
    moving.move(matter_id=matter.pk, step="look", actor=town.clerk)
    matter.refresh_from_db()
    clock = matter.clocks.get(rule="probe.mend")
    timing.pause_clock(
        matter_id=matter.pk, clock_id=clock.pk, actor=town.clerk, version=matter.version, reason="等零件",
        files=[("part_order", SimpleUploadedFile("订单.pdf", b"%PDF-1.4 test"))],
    )
    row = open_page(client, town.clerk, "casework:matter", matter.pk).context["clocks"][0]
    assert row["is_paused"] and [act.name for act in row["acts"]] == ["resume"]


@pytest.mark.parametrize("who", ["officer", "mediator", "clerk", "leader", "office", "head"])
def test_the_page_costs_the_same_whatever_its_history(client, town, matter, who, django_assert_max_num_queries):
    for number in range(5):
        assigning.instruct(
            matter_id=matter.pk, actor=town.leader, assignee=town.officer, text=f"第{number}次", due_on=None
        )
    moving.move(matter_id=matter.pk, step="look", actor=town.clerk)
    client.force_login(getattr(town, who))
    client.get(reverse("casework:inbox"))
    all_terms()  # words lie in the cache and are read once in five minutes, whoever asks for whatever
    with django_assert_max_num_queries(15):
        client.get(reverse("casework:matter", args=[matter.pk]))
