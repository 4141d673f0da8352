"""One act on many matters: a verdict for each, nothing twice, nothing half-done."""
import uuid
from threading import Barrier, Thread

import pytest
from django.db import OperationalError, connection
from django.urls import reverse

from governance.casework.models import Assignment, BulkRow, BulkRun, Event, Matter, MatterLink, Message
from governance.casework.services import assigning, bulk, linking, recording
from governance.casework.services.verifying import verify_ledger
from governance.casework.tasks import carry_on_unfinished_bulk
from governance.casework.workflow import Refused
from tests.support.factories.casework import make_town, report
from tests.support.fakes import probe_kind
from tests.support.screens import filled, open_page


def start(actor, act, matters, **facts):
    chosen = [(m.pk, m.version) for m in matters]
    return bulk.start_run(actor=actor, act=act, chosen=chosen, facts=facts, client_uuid=uuid.uuid4())


def verdicts(run):
    return [(row.verdict, row.code) for row in run.rows.all()]


def form_for(client, user, act, matters, **query):
    """The form that the list's button opens."""
    return open_page(
        client, user, "casework:bulk", act, m=[f"{m.pk}.{m.version}" for m in matters], **query
    ).context["form"]


def send(client, user, act, matters, **typed):
    form = form_for(client, user, act, matters)
    return client.post(reverse("casework:bulk", args=[act]), {**filled(form), **typed})


def test_forty_matters_are_assigned_in_one_act(client, town):
    matters = [report(town, title=f"水渠 {n}") for n in range(40)]
    answer = send(client, town.clerk, "assign", matters, handler=town.mediator.pk, responsible_unit=town.office_unit.pk,
                  text="尽快查看", due_on="2099-01-01")
    run = BulkRun.objects.get()
    assert answer["Location"] == reverse("casework:bulk-run", args=[run.pk])
    assert run.state == "done" and set(verdicts(run)) == {("done", "")} and run.rows.count() == 40
    assert Matter.objects.filter(handler=town.mediator, responsible_unit=town.office_unit).count() == 40
    assert Assignment.objects.filter(assignee=town.mediator, text="尽快查看").count() == 40
    assert Event.objects.filter(verb="assigned", origin="bulk").count() == 40
    assert bytes(run.facts_encrypted) == b"" and verify_ledger()[1] is None


def test_what_changed_meanwhile_is_named_and_not_overwritten(client, town):
    matters = [report(town, title=f"水渠 {n}") for n in range(3)]
    assigning.assign(matter_id=matters[1].pk, actor=town.clerk, version=matters[1].version, handler=town.officer)
    answer = send(client, town.clerk, "assign", matters, handler=town.mediator.pk)
    run = BulkRun.objects.get()
    assert verdicts(run) == [("done", ""), ("refused", "stale"), ("done", "")]
    assert Matter.objects.get(pk=matters[1].pk).handler == town.officer
    page = client.get(answer["Location"])
    assert reverse("casework:matter", args=[matters[1].pk]) in page.content.decode()
    assert page.context["rows"][0].matter_id == matters[1].pk, "what was refused stands first"
    (again,) = page.context["stale"]
    assert again == f"{matters[1].pk}.{Matter.objects.get(pk=matters[1].pk).version}"


def test_each_refusal_has_its_reason_and_the_others_are_done(town):
    closed, walled, other_village, fine = (report(town, title=f"水渠 {n}") for n in range(4))
    from governance.casework.services import moving

    for step in ("look", "mend", "close"):
        closed = moving.move(matter_id=closed.pk, step=step, actor=town.clerk)
    assigning.recuse(matter_id=walled.pk, actor=town.clerk, user=town.officer, reason="亲属")
    walled.refresh_from_db()
    other_village = report(town, actor=town.clerk, unit=town.other_village)
    run = start(town.clerk, "assign", [closed, walled, other_village, fine], handler=town.officer)
    bulk.carry_on(run.pk)
    codes = [code for _verdict, code in verdicts(run)]
    assert codes[0] == "matter-closed" and codes[2] == "not-assignable" and codes[3] == "" and codes[1] != ""
    assert all(row.message for row in run.rows.filter(verdict="refused"))
    assert Matter.objects.filter(handler=town.officer).count() == 1


def test_a_double_click_is_one_run(client, town):
    matters = [report(town) for _n in range(3)]
    data = {**filled(form_for(client, town.clerk, "note", matters)), "text": "已电话联系"}
    first, second = (client.post(reverse("casework:bulk", args=["note"]), data) for _n in range(2))
    assert first["Location"] == second["Location"]
    assert BulkRun.objects.count() == 1 and Event.objects.filter(verb="noted").count() == 3
    client.force_login(town.officer)
    assert client.post(reverse("casework:bulk", args=["note"]), data).status_code == 422, "another's form"


def test_urging_and_linking_go_through_the_same_services(client, town):
    main, *others = [report(town, title=f"水渠 {n}") for n in range(4)]
    for matter in others[:2]:
        assigning.assign(matter_id=matter.pk, actor=town.clerk, version=matter.version, handler=town.mediator)
    run = start(town.leader, "urge", others, text="请抓紧")
    bulk.carry_on(run.pk)
    assert [verdict for verdict, _code in verdicts(run)][:2] == ["done", "done"]
    assert Message.objects.filter(subject="urged", channel="portal", recipient=town.mediator).count() == 2
    send(client, town.clerk, "link", [main, *others], other=main.number)
    linked = BulkRun.objects.get(act="link")
    assert verdicts(linked) == [("refused", "same-matter"), *[("done", "")] * 3]
    assert Matter.objects.filter(affair_id=main.pk).count() == 4


def test_affairs_that_meet_become_one(town):
    a, b, c, d = (report(town, title=f"水渠 {n}") for n in range(4))
    same = MatterLink.Relation.SAME_AFFAIR
    linking.link(matter_id=a.pk, other_id=b.pk, actor=town.clerk, relation=same)
    linking.link(matter_id=c.pk, other_id=d.pk, actor=town.clerk, relation=same)
    linking.link(matter_id=d.pk, other_id=b.pk, actor=town.clerk, relation=same)
    assert set(Matter.objects.values_list("affair_id", flat=True)) == {a.pk}
    with pytest.raises(Refused) as refused:
        linking.link(matter_id=b.pk, other_id=a.pk, actor=town.clerk, relation=same)
    assert refused.value.code == "linked-already"


def test_nobody_acts_on_what_they_do_not_see(client, town):
    own, other = report(town), report(town, actor=town.clerk, unit=town.other_village)
    run = start(town.officer, "note", [own, other], text="看过了")
    assert run.left_out_count == 1 and [row.matter_id for row in run.rows.all()] == [own.pk]
    with pytest.raises(Refused) as refused:
        start(town.officer, "note", [other], text="看过了")
    assert refused.value.code == "nothing-chosen"
    client.force_login(town.clerk)
    assert client.get(reverse("casework:bulk-run", args=[run.pk])).status_code == 404, "another's run"


def test_what_is_no_longer_seen_is_not_named_on_the_page(client, town):
    matter = report(town, title="院墙越界")
    run = start(town.clerk, "note", [matter], text="看过了")
    bulk.carry_on(run.pk)
    assigning.recuse(matter_id=matter.pk, actor=town.clerk, user=town.clerk, reason="亲属")
    page = open_page(client, town.clerk, "casework:bulk-run", run.pk).content.decode()
    assert "院墙越界" not in page and matter.number not in page


def test_an_officer_is_offered_no_assignment(client, town):
    matter = report(town)
    page = open_page(client, town.officer, "casework:matters")
    assert [offer.name for offer in page.context["offers"]] == ["note", "link"]
    assert open_page(client, town.officer, "casework:bulk", "assign", m=f"{matter.pk}.1").status_code == 403
    assert open_page(client, town.clerk, "casework:bulk", "close", m=f"{matter.pk}.1").status_code == 404
    for administrator in (town.system_admin, town.auditor):
        assert open_page(client, administrator, "casework:bulk", "note", m=f"{matter.pk}.1").status_code == 403


def test_nothing_ticked_or_nonsense_leads_back_to_the_list(client, town):
    report(town)
    for query in ({}, {"m": ["abc", "1", "1.x", "99999999999999999999999.1"]}):
        answer = open_page(client, town.clerk, "casework:bulk", "assign", **query)
        assert answer.status_code == 302 and answer["Location"].startswith(reverse("casework:matters"))


def test_what_was_typed_is_kept_when_it_is_wrong(client, town):
    matter = report(town)
    answer = send(client, town.clerk, "assign", [matter], due_on="2099-01-01", text="查看")
    assert answer.status_code == 422 and answer.context["form"]["text"].value() == "查看"
    assert BulkRun.objects.count() == 0


def test_the_whole_list_goes_to_a_worker_and_the_clerk_is_told(client, town, django_capture_on_commit_callbacks):
    for number in range(53):
        report(town, title=f"水渠 {number}", category="large" if number else "small")
    form = open_page(client, town.clerk, "casework:bulk", "note", all=1, category="large").context["form"]
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(reverse("casework:bulk", args=["note"]), {**filled(form), "text": "已核"})
    run = BulkRun.objects.get()
    assert run.in_background and run.state == "done" and run.rows.filter(verdict="done").count() == 52
    message = Message.objects.get(subject="bulk_done")
    assert message.recipient == town.clerk
    opened = client.post(reverse("casework:notification-open", args=[message.pk]))
    assert opened["Location"] == answer["Location"]


@pytest.mark.parametrize("size", [2, 12])
def test_pages_cost_the_same_whatever_is_ticked(client, town, size, django_assert_max_num_queries):
    matters = [report(town, title=f"水渠 {n}") for n in range(size)]
    run = start(town.clerk, "note", matters, text="看过")
    bulk.carry_on(run.pk)
    client.force_login(town.clerk)
    ticks = {"m": [f"{m.pk}.{m.version}" for m in matters]}
    for name, args, query in (
        ("casework:matters", [], {}), ("casework:bulk", ["assign"], ticks), ("casework:bulk-run", [run.pk], {}),
        ("casework:bulk-runs", [], {}),
    ):
        client.get(reverse(name, args=args), query)
        with django_assert_max_num_queries(15):
            client.get(reverse(name, args=args), query)


def test_a_fault_in_one_matter_does_not_hold_up_the_others(town, monkeypatch):
    matters = [report(town) for _n in range(3)]
    run = start(town.clerk, "note", matters, text="看过")
    Event.objects.filter(matter=matters[1]).exists()
    with connection.cursor() as cursor:
        # The number of events runs into its constraint: an error that no rule foresees.
        cursor.execute("UPDATE casework_matter SET event_count = 0 WHERE id = %s", [matters[1].pk])
    bulk.carry_on(run.pk)
    assert verdicts(run) == [("done", ""), ("failed", "unexpected"), ("done", "")]
    run.refresh_from_db()
    assert run.state == "done"


@pytest.fixture
def committed_town(transactional_db):
    """The town in a database that other connections see."""
    with probe_kind():
        yield make_town()


def test_a_worker_killed_in_the_middle_leaves_whole_rows_and_the_next_goes_on(committed_town, monkeypatch):
    town = committed_town
    matters = [report(town, title=f"水渠 {n}") for n in range(6)]
    run, written = start(town.clerk, "note", matters, text="看过"), recording.note
    calls = []

    def dies_in_the_fourth(**kwargs):
        calls.append(kwargs["matter_id"])
        event = written(**kwargs)
        if len(calls) == 4:
            connection.close()
            raise OperationalError("server closed the connection unexpectedly")
        return event

    monkeypatch.setattr(recording, "note", dies_in_the_fourth)
    assert bulk.carry_on(run.pk) == 3
    assert BulkRow.objects.filter(verdict="done").count() == Event.objects.filter(verb="noted").count() == 3
    monkeypatch.undo()
    assert carry_on_unfinished_bulk() == 3
    assert carry_on_unfinished_bulk() == 0
    assert Event.objects.filter(verb="noted").count() == 6
    assert sorted(Event.objects.filter(verb="noted").values_list("matter_id", flat=True)) == sorted(
        m.pk for m in matters
    )


def test_two_workers_on_one_run_do_nothing_twice(committed_town):
    town = committed_town
    matters = [report(town, title=f"水渠 {n}") for n in range(10)]
    run, together = start(town.clerk, "note", matters, text="看过"), Barrier(2)

    def work():
        together.wait()
        bulk.carry_on(run.pk)
        connection.close()

    workers = [Thread(target=work) for _n in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    carry_on_unfinished_bulk()
    assert Event.objects.filter(verb="noted").count() == 10
    assert BulkRun.objects.get().state == "done" and set(verdicts(run)) == {("done", "")}
